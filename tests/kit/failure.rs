//! Why a run failed, and where.

use std::panic::Location;

use record::{Due, Expected, Kind};

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
    /// The line of the suite, or of the code that panicked.
    pub(crate) place: Option<String>,
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
            notes: vec![],
        }
    }
}

/// `tests/retries.rs:46` for the caller, whichever target it was compiled into.
pub(crate) fn place(location: &Location<'_>) -> String {
    let mut parts: Vec<&str> = vec![];
    let file = location.file().replace('\\', "/");
    for part in within(&file).split('/') {
        match part {
            ".." if !parts.is_empty() => _ = parts.pop(),
            _ => parts.push(part),
        }
    }
    format!("{}:{}", parts.join("/"), location.line())
}

/// The part of `file` that is the same on every machine: where the standard library, the registry, the
/// workbook and what a build script made lie is nobody's business.
fn within(file: &str) -> &str {
    let ours = env!("CARGO_MANIFEST_DIR").replace('\\', "/") + "/";
    if let Some((_, made)) = file.split_once("/out/mistakes/") {
        return &file[file.len() - made.len() - "mistakes/".len()..];
    }
    let roots = ["/rustc/", "/registry/src/"];
    let inside = |root: &str| {
        let (_, rest) = file.split_once(root)?;
        Some(rest.split_once('/')?.1)
    };
    let foreign = roots.into_iter().find_map(inside);
    foreign.or(file.strip_prefix(&ours)).unwrap_or(file)
}
