//! The `workbook` command. Exit codes: 0 solved or done, 1 not yet, 2 the workbook itself failed.

use std::process::ExitCode;

use clap::Parser;
use runner::{
    Error,
    cli::{self, args::Args, context::code},
};

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
