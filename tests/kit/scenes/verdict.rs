//! What a contract says of what came.

use crate::failure::Expectation;

/// Where a story parts from one that is due.
pub struct Difference {
    pub(super) words: String,
    /// When something was due that did not come then, if that is the first difference.
    pub(super) missing_at: Option<u64>,
    /// All that is due, and where it parts.
    pub(super) due: Option<Expectation>,
}

/// What a contract says of what came in a scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the only thing that may come.
    Due,
    /// It is one of several.
    Open,
    /// It must not come; this is the first difference.
    Forbidden(String),
    /// There is no model of the scene, or too much is open in it.
    Unjudged,
}
