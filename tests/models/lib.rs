//! The contracts as calculations: what may be given, and what is due then. A library of its own, so
//! that no answer compiles them again; the files lie with the suites they judge for.
//!
//! Whoever reads a model reads the solution, without its futures: solve the chapter first. What the
//! stub documents keeps its name here and is not explained again.

#![allow(missing_docs)]

// models: computed from workbook.toml and the folders, written by `cargo run -- verify --bless`
#[path = "../timeouts/model.rs"]
pub mod timeouts;

#[path = "../retries/model.rs"]
pub mod retries;

#[path = "../backpressure/model.rs"]
pub mod backpressure;

#[path = "../joinset/model.rs"]
pub mod joinset;

#[path = "../task_tracker/model.rs"]
pub mod task_tracker;

#[path = "../shutdown/model.rs"]
pub mod shutdown;

#[path = "../errors/model.rs"]
pub mod errors;

#[path = "../tower/model.rs"]
pub mod tower;

#[path = "../worker_pool/model.rs"]
pub mod worker_pool;

#[path = "../http/model.rs"]
pub mod http;
// end of models

#[cfg(test)]
mod tests;
