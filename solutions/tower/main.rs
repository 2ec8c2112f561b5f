// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
//! The suite of `tower` against each of its right answers.
#![allow(clippy::duplicate_mod)] // each of them attaches the suite

#[path = "../tower.rs"]
mod tower;
mod with_one_timeout;
mod with_pin_projection;
