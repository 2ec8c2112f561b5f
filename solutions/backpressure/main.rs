// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
//! The suite of `backpressure` against each of its right answers.
#![allow(clippy::duplicate_mod)] // each of them attaches the suite

#[path = "../backpressure.rs"]
mod backpressure;
mod with_one_lock;
mod with_oneshots;
