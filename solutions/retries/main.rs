// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
//! The suite of `retries` against each of its right answers.
#![allow(clippy::duplicate_mod)] // each of them attaches the suite

#[path = "../retries.rs"]
mod retries;
mod with_an_iterator;
mod with_one_timeout;
