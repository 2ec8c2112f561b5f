//! First light: flash a lamp, wait, flash again, stop.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/first_light.md`
//! - Run: `cargo test --test solutions_first_light`
//!
//! # The contract
//!
//! 1. The lamp flashes `flashes` times: at once, and then each time `every` after the one before.
//! 2. The call returns in the instant of the last flash. With no flashes it returns at once.

use std::{future::pending, time::Duration};

use tokio::time::{Instant, sleep_until};

/// Flashes `lamp` so many times, `every` apart.
///
/// # Cancel safety
///
/// Dropped while it waits, it flashes no more.
pub async fn signal(mut lamp: impl FnMut(), flashes: u32, every: Duration) {
    let mut due = Some(Instant::now());
    for _ in 0..flashes {
        match due {
            Some(due) => sleep_until(due).await,
            None => pending().await,
        }
        lamp();
        // Why checked: the sum of now and the largest duration is beyond the end of the clock, and a flash
        // that is due there never comes.
        due = due.and_then(|due| due.checked_add(every));
    }
}

#[cfg(test)]
#[path = "../../tests/first_light.rs"]
mod tests;
