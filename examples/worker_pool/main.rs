//! What `examples/worker_pool.rs` builds: the program, with the pool that `PARTS` names.
#![allow(missing_docs)]

// The module `pool`, and `WHOSE`.
include!(env!("PARTS"));
mod program;
#[path = "../shop/signals.rs"]
mod signals;

fn main() -> std::process::ExitCode {
    program::run(WHOSE)
}
