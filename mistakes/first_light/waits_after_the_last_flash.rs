//! Mistake: waits after every flash, the last one too; each caller pays one wait
//!   for nothing.
//! Source: <https://github.com/enviodev/hypersync-client-rust/issues/74>
//! Breaks: first_light.2
//! Caught by: step_2_stops_with_the_last_flash::no_wait_follows_the_last_flash
//! Hint: Count the waits and count the flashes: which number should be larger?

use std::time::Duration;

use tokio::time::sleep;

/// Flashes `lamp` so many times, `every` apart.
///
/// # Cancel safety
///
/// Dropped while it waits, it flashes no more.
pub async fn signal(mut lamp: impl FnMut(), flashes: u32, every: Duration) {
    for _ in 0..flashes {
        lamp();
        sleep(every).await;
    }
}

#[cfg(test)]
#[path = "../../tests/first_light.rs"]
mod tests;
