//! Writing to the terminal or to a pipe.

use std::io::{self, IsTerminal, Write};

use crate::{Error, cargo::Progress};

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

/// Tells the one who waits what cargo is doing: one line that is overwritten on a terminal, and only
/// what matters elsewhere.
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
    pub fn show(&mut self, progress: &Progress) {
        let words = words(progress);
        let mut err = io::stderr().lock();
        // Why the results are dropped: nobody reads a ticker that cannot be written.
        if self.terminal {
            let words: String = words.chars().take(79).collect();
            _ = write!(err, "\r\x1b[K{words}");
            _ = err.flush();
            self.written = true;
        } else if !matches!(progress, Progress::Says(_)) {
            _ = writeln!(err, "{words}");
        }
    }

    /// Takes the line away.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.written) {
            let mut err = io::stderr().lock();
            _ = write!(err, "\r\x1b[K");
            _ = err.flush();
        }
    }
}

impl Default for Ticker {
    fn default() -> Self {
        Self::new()
    }
}

/// What cargo is doing, in words.
pub fn words(progress: &Progress) -> String {
    match progress {
        Progress::Silent => "building (no word from cargo yet)".to_owned(),
        Progress::Waiting => {
            "waiting: another cargo (an editor's check?) holds the lock".to_owned()
        }
        Progress::Says(line) => line.clone(),
    }
}
