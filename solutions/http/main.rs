// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
//! The suite of `http` against each of its right answers.
#![allow(clippy::duplicate_mod)] // each of them attaches the suite

#[path = "../http.rs"]
mod http;
mod with_layers_of_tower;
mod with_typed_errors;
