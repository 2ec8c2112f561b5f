//! Something to mend, and the sentence for it.

use std::fmt;

/// Something to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file to open.
    pub file: String,
    /// What is wrong with it.
    pub sentence: String,
}

impl Finding {
    /// A finding about `file`.
    pub fn new(file: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { file: file.into(), sentence: sentence.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.sentence)
    }
}
