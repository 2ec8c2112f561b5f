//! `verify`, `mutants` and `new`: the gate is a program of its own, built when an author first asks for it.

use std::{
    ffi::OsString,
    process::{Command, Stdio},
};

use super::{Desk, screen::Ticker};
use crate::{
    Error,
    cargo::{self, Built, Target},
};

/// Starts the gate with a command and its arguments, and gives back its exit code.
///
/// # Errors
///
/// The gate does not compile or cannot be started.
pub fn gate(desk: &Desk, command: &str, rest: &[OsString]) -> Result<u8, Error> {
    let root = &desk.workbook.root;
    let mut ticker = Ticker::new();
    let mut say = |news| ticker.show(&news);
    let colour = desk.style.colour;
    let built =
        cargo::build(root, &Target::program("gate"), colour, &desk.stop, &mut say);
    ticker.clear();
    let executable = match built? {
        Built::Ready { executable, .. } => executable,
        Built::Refused(errors) => return Err(Error::Broken(errors.join("\n"))),
    };
    let status = Command::new(executable)
        .arg(command)
        .args(rest)
        .stdin(Stdio::inherit())
        .status()
        .map_err(Error::io("cannot start the gate"))?;
    // Why 130: without a code it was ended by a signal, and ours is Control-C.
    let code = status.code().unwrap_or(i32::from(super::code::STOPPED));
    Ok(u8::try_from(code).unwrap_or(super::code::BROKEN))
}
