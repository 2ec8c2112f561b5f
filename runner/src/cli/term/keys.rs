//! The terminal while watching: single keys, fresh pages, one line that is overwritten.

use std::io;

use crossterm::{
    cursor::MoveTo,
    execute,
    terminal::{Clear, ClearType, disable_raw_mode, enable_raw_mode},
};

use super::screen;
use crate::Error;

/// The line that is always there.
pub const KEYS: &str = "h hint   n next   l list   c check again   q quit";

/// The terminal in raw mode, until dropped: a panic or an error leaves a usable terminal behind.
#[derive(Debug)]
pub struct Raw(());

impl Raw {
    /// Enters raw mode.
    ///
    /// # Errors
    ///
    /// The terminal does not know it.
    pub fn enter() -> Result<Self, Error> {
        let what = "cannot read single keys from this terminal";
        enable_raw_mode().map_err(Error::io(what))?;
        Ok(Self(()))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // Why the result is dropped: there is nothing left to do about it.
        _ = disable_raw_mode();
    }
}

// Why the results below are dropped: a terminal that is gone also ends the loop, by a signal.

/// A fresh page, with the keys below it.
pub fn page(text: &str) {
    _ = execute!(io::stdout(), Clear(ClearType::All), MoveTo(0, 0));
    say(&format!("{text}\n{KEYS}\n"));
}

/// One line that the next one overwrites.
pub fn line(text: &str) {
    _ = screen::overwrite(io::stdout(), text);
}

/// Prints in raw mode, where a new line does not begin at the left by itself.
pub fn say(text: &str) {
    _ = screen::print(&text.replace('\n', "\r\n"));
}
