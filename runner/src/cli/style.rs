//! Colours, where they are wanted. Every colour stands beside a word that says the same.

use std::io::IsTerminal;

/// Whether to use colours.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether to.
    pub colour: bool,
}

impl Style {
    /// No colours.
    pub const PLAIN: Self = Self { colour: false };

    /// `NO_COLOR` wins, then `CLICOLOR_FORCE`, then whether this is a terminal that knows colours.
    pub fn detect() -> Self {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let forced = set("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let dumb = set("TERM").is_some_and(|value| value == "dumb");
        let terminal = std::io::stdout().is_terminal() && !dumb;
        Self { colour: set("NO_COLOR").is_none() && (forced || terminal) }
    }

    fn paint(self, code: &str, text: &str) -> String {
        match self.colour {
            true => format!("\x1b[{code}m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }

    /// For the verdict.
    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// For what is done.
    pub fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// For what is to do.
    pub fn open(self, text: &str) -> String {
        self.paint("1;33", text)
    }

    /// For what comes later.
    pub fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// For the first difference.
    pub fn bad(self, text: &str) -> String {
        self.paint("1;31", text)
    }
}
