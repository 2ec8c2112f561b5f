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

use tokio::time::sleep;

/// Flashes `lamp` so many times, `every` apart.
///
/// # Cancel safety
///
/// Dropped while it waits, it flashes no more.
pub async fn signal(mut lamp: impl FnMut(), flashes: u32, every: Duration) {
    for flash in 0..flashes {
        // Why a wait before every flash but the first: a wait after each would leave one
        // behind the last.
        // Mistake: waits_after_the_last_flash
        if flash > 0 {
            sleep(every).await;
        }
        lamp();
    }
}

#[cfg(test)]
#[path = "../tests/first_light.rs"]
mod tests;
