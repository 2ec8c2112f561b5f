//! First light: flash a lamp, wait, flash again, stop.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/first_light.md`
//! - Run: `cargo test --test solutions_first_light`
//!
//! # The contract
//!
//! 1. The lamp flashes `flashes` times: at once, and then each time `every` after the one before.
//! 2. The call returns in the instant of the last flash. With no flashes it returns at once.

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
    // Why not always: an interval of zero panics.
    // Mistake: panics_when_the_wait_is_zero
    let mut ticks = (!every.is_zero()).then(|| interval(every));
    for _ in 0..flashes {
        if let Some(ticks) = &mut ticks {
            ticks.tick().await;
        }
        lamp();
    }
}

#[cfg(test)]
#[path = "../../tests/first_light.rs"]
mod tests;
