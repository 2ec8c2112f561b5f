//! Your worker pool as a real process, on real signals: try Ctrl-C, once and twice.
//!
//!     cargo run --example worker_pool
//!     cargo run --example worker_pool -- 200 30000
//!
//! It is yours as soon as `cargo run -- check worker_pool` has found it solved, and as long as you leave
//! it as it is; until then it is the reference. What the program does is in `worker_pool/program.rs`.
#![allow(missing_docs)]

// The module `pool`, and `WHOSE`, as `build.rs` has written them.
include!(concat!(env!("OUT_DIR"), "/worker_pool.rs"));
#[path = "worker_pool/program.rs"]
mod program;

fn main() -> std::process::ExitCode {
    program::run(WHOSE)
}
