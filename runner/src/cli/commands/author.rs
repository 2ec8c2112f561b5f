//! `verify`, `mistake`, `mutants` and `new`: the gate is a program of its own, built when an author first asks for it.

use std::{ffi::OsString, process::Command};

use crate::{
    Error,
    cargo::{self, Built},
    cli::{
        context::{Context, code},
        term::ticker::Ticker,
    },
    target::Target,
};
/// Starts the gate with a command and its arguments, and gives back its exit code.
///
/// # Errors
///
/// The gate does not compile or cannot be started.
pub fn gate(
    context: &Context,
    command: &str,
    rest: &[OsString],
) -> Result<u8, Error> {
    let root = &context.workbook.root;
    let target = Target::program("gate");
    let mut ticker = Ticker::new();
    let mut say = |news| ticker.show(&news);
    let colour = context.style.colour;
    let built = cargo::build(root, &target, colour, &context.stop, &mut say);
    ticker.clear();
    let executable = match built? {
        Built::Ready { executable, .. } => executable,
        Built::Refused(errors) => return Err(Error::Broken(errors.join("\n"))),
    };
    let status = Command::new(executable)
        .arg(command)
        .args(rest)
        .status()
        .map_err(Error::io("cannot start the gate"))?;
    // Why: without a code it was ended by a signal, and the one we know is Control-C.
    let ended = status.code().unwrap_or(i32::from(code::STOPPED));
    Ok(u8::try_from(ended).unwrap_or(code::BROKEN))
}
