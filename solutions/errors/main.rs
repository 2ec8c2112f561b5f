// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
//! The suite of `errors` against each of its right answers.
#![allow(clippy::duplicate_mod)] // each of them attaches the suite

#[path = "../errors.rs"]
mod errors;
mod with_channels;
mod with_handles_polled_in_place;
