// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
//! The suite of `task_tracker` against each of its right answers.
#![allow(clippy::duplicate_mod)] // each of them attaches the suite

#[path = "../task_tracker.rs"]
mod task_tracker;
mod with_a_watched_count;
mod with_a_watcher_for_each_task;
