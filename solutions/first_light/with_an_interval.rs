//! First light: flash a lamp, wait, flash again, stop.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/first_light.md`
//! - Run: `cargo test --test first_light`
//!
//! # The contract
//!
//! 1. The lamp flashes `flashes` times: at once, and then each time `every` after the last.
//! 2. With the last flash it is done: the call returns in that instant.

use std::time::Duration;

use tokio::time::interval;

/// Flashes `lamp` so many times, `every` apart.
///
/// # Cancel safety
///
/// Dropped while it waits, it flashes no more.
///
/// # Panics
///
/// If `every` is zero: an interval needs a length.
pub async fn signal(mut lamp: impl FnMut(), flashes: u32, every: Duration) {
    // Why an interval: its first tick is due at once, and its ticks do not drift when a flash
    // takes time itself.
    let mut ticks = interval(every);
    for _ in 0..flashes {
        ticks.tick().await;
        lamp();
    }
}

#[cfg(test)]
#[path = "../../tests/first_light.rs"]
mod tests;
