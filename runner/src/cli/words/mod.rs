//! What is printed: the sentences.

pub mod hint;
pub mod next;
pub mod overview;
pub mod rule;
pub mod trouble;
pub mod verdict;

/// How the learner starts a command.
pub const RUN: &str = "cargo run --";
