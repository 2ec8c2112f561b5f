//! Why a run failed, and where.

use std::panic::Location;

use record::{Due, Expected, Kind};

use crate::{panics::Panic, place::place};

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
    /// Whether the contract allows nothing else in this scene.
    pub(crate) is_only: bool,
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

    /// Adds when it asked. That is not when the fault was.
    pub(crate) fn when(mut self, at_ms: u64) -> Self {
        self.place = self.place.map(|place| format!("{place}, at {at_ms} ms"));
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
        let is_planned = self.panic.as_ref().is_some_and(Panic::is_the_suites);
        if self.kind == Kind::Panic && is_planned {
            notes.push(
                "the scenario makes it panic; the panic came out of your code"
                    .to_owned(),
            );
        }
        notes
    }
}
