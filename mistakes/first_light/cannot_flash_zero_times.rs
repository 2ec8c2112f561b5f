//! Mistake: counts the waits as one fewer than the flashes; asked for none, it panics in
//!   debug and flashes four billion times in release.
//! Source: <https://github.com/apalis-dev/apalis/issues/280>
//! Breaks: first_light.1
//! Caught by: step_1_flashes_in_time::nothing_flashes_when_there_is_nothing_to_signal
//! Hint: What does each expression give when `flashes` is zero?

use std::time::Duration;

use tokio::time::sleep;

/// Flashes `lamp` so many times, `every` apart.
///
/// # Cancel safety
///
/// Dropped while it waits, it flashes no more.
pub async fn signal(mut lamp: impl FnMut(), flashes: u32, every: Duration) {
    for _ in 0..flashes - 1 {
        lamp();
        sleep(every).await;
    }
    lamp();
}

#[cfg(test)]
#[path = "../../tests/first_light.rs"]
mod tests;
