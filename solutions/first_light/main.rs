// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
//! The suite of `first_light` against each of its right answers.
#![allow(clippy::duplicate_mod)] // each of them attaches the suite

#[path = "../first_light.rs"]
mod first_light;
mod with_an_interval;
mod with_instants;
