//! Why a run failed, and where.

use std::panic::Location;

use record::{Due, Expected, Kind};

use crate::panics::Panic;

/// Why a run failed. See [`crate::World::fail`].
#[derive(Clone, Debug)]
pub struct Failure {
    /// Which expectation or watchdog.
    pub(crate) kind: Kind,
    /// The rule, or what the watchdog saw.
    pub(crate) message: String,
    /// Where expectation and run part.
    pub(crate) difference: Option<String>,
    /// What is due in a scene.
    pub(crate) due: Option<Expectation>,
    /// The times that were asked for.
    pub(crate) expected: Option<Expected>,
    /// The line of the suite that asked.
    place: Option<String>,
    /// The panic that it is, or that came before it.
    pub(crate) panic: Option<Panic>,
    /// More evidence, a sentence each.
    pub(crate) notes: Vec<String>,
}

/// What is due in a scene.
#[derive(Clone, Debug)]
pub(crate) struct Expectation {
    pub(crate) due: Vec<Due>,
    /// The first event that is due and did not come, or that came and is not due.
    pub(crate) parts: Due,
}

impl Failure {
    /// An expectation of the suite does not hold: `rule` is the sentence that is not true.
    pub fn rule(rule: &str) -> Self {
        Failure::new(Kind::Rule, rule.to_owned())
    }

    /// Something goes on for ever while time stands still: `what` says what it was.
    pub fn spin(what: String) -> Self {
        Failure::new(Kind::Spin, what)
    }

    /// Adds where expectation and run part, in words.
    pub fn difference(mut self, difference: String) -> Self {
        self.difference = Some(difference);
        self
    }

    /// Adds the line of the suite that asked.
    pub fn at(mut self, asked: &Location<'_>) -> Self {
        self.place = Some(place(asked));
        self
    }

    pub(crate) fn new(kind: Kind, message: String) -> Self {
        Failure {
            kind,
            message,
            difference: None,
            due: None,
            expected: None,
            place: None,
            panic: None,
            notes: vec![],
        }
    }

    /// The line of the suite, or of the code that panicked.
    pub(crate) fn place(&self) -> Option<String> {
        match (&self.panic, self.kind) {
            (Some(panic), Kind::Panic | Kind::Todo) => Some(panic.place()),
            _ => self.place.clone(),
        }
    }

    /// More evidence, a sentence each.
    pub(crate) fn notes(&self) -> Vec<String> {
        let mut notes = self.notes.clone();
        if let (Some(panic), Kind::Rule) = (&self.panic, self.kind) {
            let (message, place) = (&panic.message, panic.place());
            notes.push(format!("a task panicked: {message} at {place}"));
        }
        notes
    }
}

/// `tests/retries.rs:46` for the caller, whichever target it was compiled into.
pub(crate) fn place(location: &Location<'_>) -> String {
    file_and_line(location.file(), location.line())
}

/// `tests/retries.rs:46`, whichever target the file was compiled into.
pub(crate) fn file_and_line(file: &str, line: u32) -> String {
    let mut parts: Vec<&str> = vec![];
    let file = file.replace('\\', "/");
    for part in within(&file).split('/') {
        match part {
            "." => {}
            ".." if !parts.is_empty() => _ = parts.pop(),
            _ => parts.push(part),
        }
    }
    format!("{}:{line}", parts.join("/"))
}

/// Whether a file belongs to the standard library or to one of the registry's.
pub(crate) fn is_foreign(file: &str) -> bool {
    let file = file.replace('\\', "/");
    FOREIGN.iter().any(|root| file.contains(root))
}

/// What the paths of libraries have in common.
const FOREIGN: [&str; 2] = ["/rustc/", "/registry/src/"];

/// The part of `file` that is the same on every machine: where the standard library, the registry, the
/// workbook and what a build script made lie is nobody's business.
fn within(file: &str) -> &str {
    let ours = env!("CARGO_MANIFEST_DIR").replace('\\', "/") + "/";
    if let Some((_, made)) = file.split_once("/out/mistakes/") {
        return &file[file.len() - made.len() - "mistakes/".len()..];
    }
    let inside = |root: &str| {
        let (_, rest) = file.split_once(root)?;
        Some(rest.split_once('/')?.1)
    };
    let foreign = FOREIGN.into_iter().find_map(inside);
    foreign.or(file.strip_prefix(&ours)).unwrap_or(file)
}
