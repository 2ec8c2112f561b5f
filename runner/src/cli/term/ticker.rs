//! What cargo is doing, for the one who waits.

use std::io::{self, IsTerminal, Write};

use super::screen;
use crate::cargo::Activity;

/// One line that is overwritten on a terminal, and only what matters elsewhere.
#[derive(Debug)]
pub struct Ticker {
    terminal: bool,
    written: bool,
}

impl Ticker {
    /// A ticker on standard error.
    pub fn new() -> Self {
        Self { terminal: io::stderr().is_terminal(), written: false }
    }

    /// Shows what cargo is doing.
    pub fn show(&mut self, activity: &Activity) {
        let mut err = io::stderr().lock();
        // Why the results are dropped: nobody reads a ticker that cannot be written.
        if self.terminal {
            _ = screen::overwrite(err, &activity.to_string());
            self.written = true;
        } else if !matches!(activity, Activity::Says(_)) {
            _ = writeln!(err, "{activity}");
        }
    }

    /// Takes the line away.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.written) {
            _ = screen::overwrite(io::stderr(), "");
        }
    }
}

impl Default for Ticker {
    fn default() -> Self {
        Self::new()
    }
}
