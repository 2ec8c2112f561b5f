// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
//! The suite of `worker_pool` against each of its right answers.
#![allow(clippy::duplicate_mod)] // each of them attaches the suite

mod with_a_shared_queue;
mod with_worker_loops;
#[path = "../worker_pool.rs"]
mod worker_pool;
