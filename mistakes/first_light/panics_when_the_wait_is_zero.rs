//! Mistake: makes an interval of `every` as it is; an interval of zero panics, so a setting of 0 ends the
//!   task that was to do something all the time.
//! Source: <https://github.com/denoland/deno/issues/35048>
//! Breaks: first_light.1
//! Caught by: step_1_flashes_in_time::they_all_come_at_once_when_the_wait_is_zero
//! Hint: What does the documentation of your timer say under Panics?

use std::time::Duration;

use tokio::time::interval;

/// Flashes `lamp` so many times, `every` apart.
///
/// # Cancel safety
///
/// Dropped while it waits, it flashes no more.
pub async fn signal(mut lamp: impl FnMut(), flashes: u32, every: Duration) {
    // Why an interval: its first tick is due at once, and its ticks do not drift when a flash
    // takes time itself.
    // Mistake: panics_when_the_wait_is_zero
    let mut ticks = interval(every);
    for _ in 0..flashes {
        ticks.tick().await;
        lamp();
    }
}

#[cfg(test)]
#[path = "../../tests/first_light.rs"]
mod tests;
