//! The reference's worker pool as a real process, whatever is on your desk.
//!
//!     cargo run --example worker_pool_reference
#![allow(missing_docs)]

#[path = "../solutions/worker_pool.rs"]
pub mod pool;
#[path = "worker_pool/program.rs"]
pub mod program;
#[path = "shop/signals.rs"]
pub mod signals;

pub const WHOSE: &str =
    "this is the reference's pool; for yours: cargo run --example worker_pool";

pub fn main() -> std::process::ExitCode {
    program::run(WHOSE)
}
