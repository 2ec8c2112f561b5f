//! Mistake: waits first; the one signal that was due at once comes late.
//! Source: <https://github.com/atuinsh/atuin/pull/4129>
//! Breaks: first_light.1
//! Caught by: step_1_flashes_in_time::flashes_come_at_once_and_then_after_each_wait
//! Hint: What should happen at 0 ms?

use std::time::Duration;

use tokio::time::sleep;

/// Flashes `lamp` so many times, `every` apart.
///
/// # Cancel safety
///
/// Dropped while it waits, it flashes no more.
pub async fn signal(mut lamp: impl FnMut(), flashes: u32, every: Duration) {
    for _ in 0..flashes {
        sleep(every).await;
        lamp();
    }
}

#[cfg(test)]
#[path = "../../tests/first_light.rs"]
mod tests;
