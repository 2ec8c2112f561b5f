//! First light: flash a lamp, wait, flash again, stop.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/first_light.md`
//! - Run: `cargo test --test first_light`
//! - What every contract takes for granted: book/src/conventions.md
//!
//! # The contract
//!
//! 1. The lamp flashes `flashes` times: at once, and then each time `every` after the one before.
//! 2. The call returns in the instant of the last flash. With no flashes it returns at once.
#![allow(unused_mut, unused_variables, dead_code)] // for the stub: delete when you are done

use std::time::Duration;

/// Flashes `lamp` so many times, `every` apart.
///
/// # Cancel safety
///
/// Dropped while it waits, it flashes no more.
pub async fn signal(mut lamp: impl FnMut(), flashes: u32, every: Duration) {
    todo!("step 1: flash the lamp once, then work out where to wait")
}

#[cfg(test)]
#[path = "../../tests/first_light.rs"]
mod tests;
