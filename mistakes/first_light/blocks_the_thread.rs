//! Mistake: sleeps with the thread instead of the task; every other task on that
//!   thread stands still, and the virtual clock does not move at all.
//! Source: <https://github.com/tokio-rs/tokio/issues/6631>
//! Breaks: first_light.1
//! Caught by: step_1_flashes_in_time::flashes_come_at_once_and_then_after_each_wait
//! Hint: All flashes fall on one instant although the code sleeps. Whose clock does
//!   that sleep read?

use std::{thread::sleep, time::Duration};

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
            sleep(every);
        }
        lamp();
    }
}

#[cfg(test)]
#[path = "../../tests/first_light.rs"]
mod tests;
