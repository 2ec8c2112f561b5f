//! Your worker pool as a real process, on real signals: try Ctrl-C, once and twice.
//!
//!     cargo run --example worker_pool
//!     cargo run --example worker_pool -- 200 30000
//!
//! It is yours as soon as `cargo run -- check worker_pool` has found it solved; until then it is the
//! reference. This is the launcher; what the program does is in `worker_pool/program.rs`.
#![allow(missing_docs)]

mod launcher;

use std::{path::Path, process::ExitCode};

use launcher::{Kept, Program};

fn main() -> ExitCode {
    launcher::run(&Program {
        name: "worker_pool_program",
        features: &["examples/parts"],
        parts: &["worker_pool"],
        kept: None,
        file: ".workbook/programs/worker_pool.rs".into(),
        code: &code,
        instead: "the reference",
    })
}

fn code(parts: &[Kept<'_>]) -> String {
    let (file, whose) = match parts {
        [(_, file), ..] => (
            file.clone(),
            "your pool; for the reference: cargo run --example worker_pool_reference",
        ),
        [] => (
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .with_file_name("solutions")
                .join("worker_pool.rs"),
            "the reference's pool; yours runs here as soon as `cargo run -- check \
             worker_pool` says that it is solved",
        ),
    };
    format!(
        "#[allow(warnings, clippy::all)]\n#[path = {file:?}]\npub mod pool;\n\
         const WHOSE: &str = \"this is {whose}\";\n"
    )
}
