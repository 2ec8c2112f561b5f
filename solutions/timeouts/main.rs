// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
//! The suite of `timeouts` against each of its right answers.
#![allow(clippy::duplicate_mod)] // each of them attaches the suite

#[path = "../timeouts.rs"]
mod timeouts;
mod with_polls;
mod with_select;
