//! The `gate` command, which `cargo run -- verify` and its siblings build and start. Exit codes: 0 done,
//! 1 something is to mend, 2 the workbook itself failed.

use std::process::ExitCode;

use clap::Parser;
use gate::cli::{self, Args};
use runner::{Error, cli::context::code};

fn main() -> ExitCode {
    match cli::run(Args::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(Error::Stopped) => ExitCode::from(code::STOPPED),
        Err(error) => {
            eprintln!("{:#}", anyhow::Error::new(error));
            ExitCode::from(code::BROKEN)
        }
    }
}
