//! Colours, where they are wanted. Every colour stands beside a word that says the same.

use std::io::IsTerminal;

use anstyle::AnsiColor::{Green, Red, Yellow};

/// Whether to use colours.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether to.
    pub colour: bool,
}

impl Style {
    /// `NO_COLOR` wins, then `CLICOLOR_FORCE`, then whether this is a terminal that knows colours.
    pub fn detect() -> Self {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let forced = set("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let dumb = set("TERM").is_some_and(|value| value == "dumb");
        let terminal = std::io::stdout().is_terminal() && !dumb;
        Self { colour: set("NO_COLOR").is_none() && (forced || terminal) }
    }

    fn paint(self, style: anstyle::Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// For the verdict.
    pub fn bold(self, text: &str) -> String {
        self.paint(anstyle::Style::new().bold(), text)
    }

    /// For what is done.
    pub fn good(self, text: &str) -> String {
        self.paint(Green.on_default(), text)
    }

    /// For what is to do.
    pub fn open(self, text: &str) -> String {
        self.paint(Yellow.on_default().bold(), text)
    }

    /// For what comes later.
    pub fn faint(self, text: &str) -> String {
        self.paint(anstyle::Style::new().dimmed(), text)
    }

    /// For the first difference.
    pub fn bad(self, text: &str) -> String {
        self.paint(Red.on_default().bold(), text)
    }
}
