//! Writing to the terminal or to a pipe.

use std::io::{self, Write};

use crossterm::{
    cursor::MoveToColumn,
    execute,
    style::Print,
    terminal::{Clear, ClearType, DisableLineWrap, EnableLineWrap},
};

use crate::Error;

/// Prints a text. A reader who has seen enough (`| head`) is no error.
///
/// # Errors
///
/// Standard output cannot be written.
pub fn print(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Error::io("cannot write to standard output")),
    }
}

/// Writes a line over the last one. The terminal cuts what is too long: it alone knows its width and
/// that of each letter.
///
/// # Errors
///
/// The terminal cannot be written.
pub fn overwrite(mut out: impl Write, line: &str) -> io::Result<()> {
    execute!(
        out,
        MoveToColumn(0),
        Clear(ClearType::UntilNewLine),
        DisableLineWrap,
        Print(line),
        EnableLineWrap
    )
}
