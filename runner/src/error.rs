//! What can stop the runner itself, as opposed to what a suite says about an exercise: with the sentence that
//! is printed then, a misspelt command or exercise included.

use std::{io, path::PathBuf};

/// The workbook itself cannot go on. One variant per thing that the reader can mend.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No `workbook.toml` here or above.
    #[error(
        "there is no workbook.toml in {} or above it: go to the folder of the workbook (where \
         workbook.toml lies) and run the command there",
        .0.display()
    )]
    Outside(PathBuf),
    /// A name that no chapter has.
    #[error("there is no exercise called `{name}`{}", nearest_sentence(.nearest))]
    Unknown {
        /// What was typed.
        name: String,
        /// The names nearest to it, best first.
        nearest: Vec<String>,
    },
    /// A first word that is no command and no chapter.
    #[error(
        "there is no command and no exercise called `{word}`{}\n`cargo run -- --help` shows the \
         commands, `cargo run -- list` the exercises",
        the_nearest(.nearest)
    )]
    NoCommand {
        /// What was typed.
        word: String,
        /// The commands and exercises nearest to it, best first.
        nearest: Vec<String>,
    },
    /// A code such as `retries.9` that no rule has.
    #[error(
        "there is no rule `{code}`: {chapter} has the rules {chapter}.1 to {chapter}.{rules}"
    )]
    UnknownRule {
        /// What was typed.
        code: String,
        /// The chapter it names.
        chapter: String,
        /// How many rules that chapter has.
        rules: usize,
    },
    /// A name that no wrong answer of a chapter has.
    #[error("there is no mistake `{name}` in {folder}{}", the_nearest(.nearest))]
    NoMistake {
        /// What was typed.
        name: String,
        /// Where the mistakes of the chapter lie.
        folder: String,
        /// The names nearest to it, best first.
        nearest: Vec<String>,
    },
    /// A file that the workbook needs is not there.
    #[error("{file} is missing{advice}")]
    Missing {
        /// The file, from the root of the workbook.
        file: String,
        /// What brings it back, when something does.
        advice: String,
    },
    /// A file holds bytes that are not text.
    #[error("{0} is not UTF-8 text: save it again as UTF-8")]
    NotUtf8(String),
    /// A file that cannot be understood.
    #[error("{file} cannot be understood")]
    Unreadable {
        /// The file, from the root of the workbook.
        file: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The operating system said no.
    #[error("{what}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
    /// Something else that the workbook needs is not as it should be; the sentence says what.
    #[error("{0}")]
    Broken(String),
    /// Control-C, or the end of the terminal.
    #[error("stopped")]
    Stopped,
}

impl Error {
    /// Wraps an I/O error with what was tried.
    pub fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

fn nearest_sentence(nearest: &[String]) -> String {
    if nearest.is_empty() {
        ": `cargo run -- list` shows them all".to_owned()
    } else {
        format!("{} (`cargo run -- list` shows all)", the_nearest(nearest))
    }
}

fn the_nearest(nearest: &[String]) -> String {
    if nearest.is_empty() {
        String::new()
    } else {
        format!("; the nearest: {}", nearest.join(", "))
    }
}
