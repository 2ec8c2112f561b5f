// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
//! The suite of `joinset` against each of its right answers.
#![allow(clippy::duplicate_mod)] // each of them attaches the suite

#[path = "../joinset.rs"]
mod joinset;
mod with_a_semaphore;
mod with_futures_polled_in_place;
