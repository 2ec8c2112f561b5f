//! What is wrong, and where.

use std::{fmt, io, path::Path};

/// One thing to fix: a file, a line and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, from the root of the workspace.
    pub file: String,
    /// The line, counted from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong.
    pub text: String,
}

impl Problem {
    /// A problem at one line of a file.
    pub fn at(
        file: impl Into<String>,
        line: usize,
        text: impl Into<String>,
    ) -> Self {
        Self { file: file.into(), line, text: text.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.text),
            line => write!(f, "{}:{line}: {}", self.file, self.text),
        }
    }
}

/// Why a directive shows nothing. Only the page knows the place of the directive.
#[derive(Debug)]
pub enum Refusal {
    /// For a reason that belongs to the line of the directive.
    Here(String),
    /// For reasons in the file it names.
    There(Vec<Problem>),
}

impl Refusal {
    /// The problems, where the directive stands at `line` of `file`.
    pub fn at(self, file: &str, line: usize) -> Vec<Problem> {
        match self {
            Self::Here(text) => vec![Problem::at(file, line, text)],
            Self::There(problems) => problems,
        }
    }
}

impl From<String> for Refusal {
    fn from(text: String) -> Self {
        Self::Here(text)
    }
}

/// Why there is no book.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// Pages, sources or records that contradict the rules of the book.
    #[error("{}", listed(.0))]
    Problems(Vec<Problem>),
    /// A file that could not be read or written.
    #[error("cannot {what} {path}")]
    File {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: String,
        /// The reason.
        source: io::Error,
    },
    /// A file that does not hold what its name promises.
    #[error("{path} cannot be understood: {why}")]
    Malformed {
        /// The file.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// The renderer gave up.
    #[error("the pages could not be rendered: {0}")]
    Render(String),
    /// What the workbook says about itself cannot be read, or its tests cannot be run.
    #[error(transparent)]
    Workbook(#[from] runner::Error),
    /// A run that a page asks for cannot be made.
    #[error("{0}")]
    Run(String),
}

impl BookError {
    /// Wraps an I/O error with what was tried.
    pub fn file(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self::File { what, path, source }
    }

    /// Says why a file cannot be understood.
    pub fn malformed(path: &Path, why: impl fmt::Display) -> Self {
        Self::Malformed { path: path.display().to_string(), why: why.to_string() }
    }
}

/// One problem a line, and how many there are when there are several.
fn listed(problems: &[Problem]) -> String {
    let mut lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    if problems.len() > 1 {
        lines.push(format!("{} problems", problems.len()));
    }
    lines.join("\n")
}

/// Turns a list of problems into a result.
///
/// # Errors
///
/// When there is at least one problem; they come out sorted by place, each once.
pub fn none_of(mut problems: Vec<Problem>) -> Result<(), BookError> {
    problems.sort();
    problems.dedup();
    if problems.is_empty() { Ok(()) } else { Err(BookError::Problems(problems)) }
}
