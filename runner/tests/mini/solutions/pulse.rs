//! Pulse: beat.
//!
//! # The contract
//!
//! 1. One beat is one.
//! 2. Two beats
//!    are two.
//! 3. No beat is none.
#![allow(unused_mut, unused_variables, dead_code)]

/// Beats.
pub fn pulse(beats: u32) -> u32 {
    beats
}

#[cfg(test)]
#[path = "../tests/pulse.rs"]
mod tests;
