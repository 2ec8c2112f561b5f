//! The terminal while watching: single keys, fresh pages, one line that is overwritten.

use crossterm::terminal;

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
        terminal::enable_raw_mode().map_err(Error::io(what))?;
        Ok(Self(()))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // Why the result is dropped: there is nothing left to do about it.
        _ = terminal::disable_raw_mode();
    }
}

/// A fresh page, with the keys below it.
pub fn page(text: &str) {
    say(&format!("\x1b[2J\x1b[H{text}\n{KEYS}\n"));
}

/// One line that the next one overwrites.
pub fn line(text: &str) {
    let text: String = text.chars().take(79).collect();
    say(&format!("\r\x1b[K{text}"));
}

/// Prints in raw mode, where a new line does not begin at the left by itself.
pub fn say(text: &str) {
    // Why the result is dropped: a terminal that is gone also ends the loop, by a signal.
    _ = screen::print(&text.replace('\n', "\r\n"));
}
