// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
//! The suite of `shutdown` against each of its right answers.
#![allow(clippy::duplicate_mod)] // each of them attaches the suite

#[path = "../shutdown.rs"]
mod shutdown;
mod with_a_cancellation_token;
mod with_channels_that_close;
