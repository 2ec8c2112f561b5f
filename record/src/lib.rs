//! What a run leaves behind, as data: what the terminal report, the book's pictures and the gate are
//! made from. The kit writes it; runner, gate and book read it.
//!
//! The book keeps records for its pictures, so a new field of one needs `#[serde(default)]`, or all of
//! them are to be recorded anew.
//!
//! | you want to know | look at |
//! |---|---|
//! | how a test ended, and why | [`Record`], [`Outcome`], [`Kind`] |
//! | what happened, and when | [`Event`], [`EventKind`] |
//! | what should have happened | [`Expected`], [`Scene`] |
//! | what a seed may disturb, in words | [`Weather`] |
//! | where the file is | [`file_name`], [`Record::write`], [`Record::read`] |
//! | whether the kit wrote it | [`Key`], [`Record::write_sealed`], [`read_sealed`] |

mod folder;
mod seal;
mod weather;

pub use folder::{Sealed, file_name, read_sealed};
pub use seal::Key;
pub use weather::Weather;

use serde::{Deserialize, Serialize};

/// The name of the lane for what a learner notes.
pub const NOTES: &str = "notes";

/// One run of one test: the calm run when it passed, the failing one when it did not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// The test path from `step_` on.
    pub test: String,
    /// The rule's code, `retries.2`.
    pub rule: String,
    /// Whether every seed passed.
    pub outcome: Outcome,
    /// What went wrong, if something did.
    pub kind: Option<Kind>,
    /// The rule in words, or what the watchdog saw; empty when the test passed.
    pub message: String,
    /// Where expectation and run part.
    pub difference: Option<String>,
    /// The seed of this run.
    pub seed: u64,
    /// What that seed disturbed.
    pub weather: Weather,
    /// Virtual milliseconds from start to end.
    pub ended_ms: u64,
    /// The names of the lanes, in the order of their first use.
    pub lanes: Vec<String>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The times at which the suite said that something must happen, when that failed.
    pub expected: Option<Expected>,
    /// The scene that was drawn, when that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene: Option<Scene>,
    /// The plain text report; absent when the test passed.
    pub report: Option<String>,
}

/// A scene that nobody wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// What is given, in lines.
    pub told: Vec<String>,
    /// The choices it was drawn by.
    pub choices: Vec<u64>,
    /// What the contract asks for; empty when that is not what failed.
    pub due: Vec<Due>,
    /// Where that and the run part: the first that is due and did not come, or came and is not due.
    pub parts: Option<Due>,
}

/// What is due at an instant, or came at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Virtual milliseconds.
    pub at_ms: u64,
    /// Who does it: the lane's name.
    pub who: String,
    /// What they do.
    pub what: String,
}

/// Passed or failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Every seed passed.
    Passed,
    /// One seed failed.
    Failed,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// An expectation of the suite did not hold.
    Rule,
    /// The code under test reached a `todo!`.
    Todo,
    /// The code under test panicked.
    Panic,
    /// Every task waits and no timer is pending.
    Stall,
    /// Time moves, nobody finishes.
    Livelock,
    /// Something is polled for ever while time stands still.
    Spin,
    /// The thread itself waits: a blocking call in async code.
    Block,
    /// An earlier test of this process never gave its thread back.
    #[serde(rename = "NOT RUN")]
    NotRun,
}

impl Kind {
    /// Its name in JSON and in reports.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Rule => "RULE",
            Kind::Todo => "TODO",
            Kind::Panic => "PANIC",
            Kind::Stall => "STALL",
            Kind::Livelock => "LIVELOCK",
            Kind::Spin => "SPIN",
            Kind::Block => "BLOCK",
            Kind::NotRun => "NOT RUN",
        }
    }
}

/// Something that happened at one instant of virtual time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Virtual milliseconds since the start.
    pub at_ms: u64,
    /// The order of events, also within one instant.
    pub seq: u32,
    /// Index into [`Record::lanes`].
    pub lane: usize,
    /// Point, begin or end.
    pub kind: EventKind,
    /// In words.
    pub what: String,
    /// Joins the begin of something to its end.
    pub span: Option<u32>,
}

/// The kinds of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// It happened, and took no time.
    #[default]
    Mark,
    /// It began.
    Begin,
    /// It ended by itself.
    End,
    /// It was dropped before it ended.
    Drop,
}

/// The times at which something should have happened on a lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// Index into [`Record::lanes`].
    pub lane: usize,
    /// Which of the lane's events: its marks, or where its spans begin or end.
    #[serde(default)]
    pub kind: EventKind,
    /// Virtual milliseconds.
    pub at_ms: Vec<u64>,
}
