//! How each wrong answer of a chapter fails: `mistakes/NAME/signatures.json`, and the answer to "which one
//! is this?".

use std::collections::BTreeMap;

use record::{Event, Kind, NOTES, Record};
use serde::{Deserialize, Serialize};

use crate::{Chapter, Error, Workbook, hash, judge::Run, libtest, text};

/// The signatures of one chapter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatures {
    /// Every test of the suite, in the order of its file.
    pub tests: Vec<String>,
    /// How each mistake fails.
    pub mistakes: BTreeMap<String, Signature>,
}

/// How one answer fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The tests that fail, sorted; without those that draw scenes.
    pub fails: Vec<String>,
    /// The code of the rule that the one whose report is shown enforces.
    pub rule: String,
    /// That one's message.
    pub message: String,
    /// Its first difference.
    pub difference: Option<String>,
    /// A hash of everything that happened in it; empty where that is nothing, or another in each run.
    pub story: String,
}

impl Signature {
    /// The signature of a run, by the tests that were written by hand. `None` when none of them fails or
    /// the first failure left no record.
    pub fn of(run: &Run) -> Option<Self> {
        let mut fails = run.failing();
        fails.retain(|test| libtest::is_example(test));
        let first = run.first_failure_of(libtest::is_example)?;
        let record = first.record.as_ref()?;
        // Which round of a race goes wrong is luck.
        let says = !libtest::is_race(&first.path);
        Some(Self {
            fails,
            rule: record.rule.clone(),
            message: record.message.clone(),
            difference: record.difference.clone().filter(|_| says),
            story: story(record).filter(|_| says).unwrap_or_default(),
        })
    }

    /// The step of the first test that fails.
    fn step(&self) -> Option<usize> {
        libtest::step(self.fails.first()?)
    }

    /// Whether the same tests fail, and everything that happened in the first is the same. Its words alone do not
    /// tell one fault from another.
    fn fails_like(&self, other: &Signature) -> bool {
        let same_words = (&self.message, &self.difference, &self.story)
            == (&other.message, &other.difference, &other.story);
        self.fails == other.fails && same_words && !self.story.is_empty()
    }

    /// How `step` fails when it is the first that does: its tests, and all that happened in the first, if that
    /// can be told.
    fn within(&self, step: usize) -> Option<(Vec<&str>, &str)> {
        let of = |test: &&str| libtest::step(test) == Some(step);
        let fails = self.fails.iter().map(String::as_str).filter(of).collect();
        let is_told = self.step() == Some(step) && !self.story.is_empty();
        is_told.then_some((fails, &self.story))
    }

    /// Whether exactly the tests from some step on fail: an answer that is not finished yet.
    fn is_unfinished(&self, tests: &[String]) -> bool {
        let Some(step) = self.step() else {
            return true;
        };
        let from = tests.iter().filter(|test| libtest::step(test) >= Some(step));
        from.eq(self.fails.iter())
    }
}

/// A hash of what a report shows: the words, the rows, what was due. What the learner notes tells nothing.
fn story(record: &Record) -> Option<String> {
    let Record { message, difference, seed, lanes, events, expected, .. } = record;
    let lane = |it: &Event| lanes.get(it.lane);
    let events = events.iter().filter(|it| lane(it).is_some_and(|it| it != NOTES));
    let rows = events.map(|it| (it.at_ms, lane(it), it.kind, &it.what));
    let due = expected.as_ref().map(|it| (lanes.get(it.lane), it.kind, &it.at_ms));
    let rows: Vec<_> = rows.collect();
    // Why not the words alone: of a function that nothing happens in, many faults say the same.
    if rows.is_empty() {
        return None;
    }
    let shown = (message, difference, seed, rows, due);
    Some(format!("{:016x}", hash::fnv(serde_json::to_vec(&shown).ok()?)))
}

/// The mistake that an answer makes too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Like<'a> {
    /// The same tests fail, and everything happens in the same way in the first.
    Whole(&'a str),
    /// So they do within the first step that fails, where everything happens in the same way; the later ones may
    /// not be written yet.
    Step(usize, &'a str),
}

impl Signatures {
    /// The one mistake that fails exactly like `run`. It never guesses: a `todo!` or two candidates
    /// are no answer.
    pub fn like(&self, run: &Run) -> Option<Like<'_>> {
        let shown = run.first_failure()?;
        // Why only below the report that was compared: it says "looks the same", and a reader looks there.
        let is_compared = libtest::is_example(&shown.path);
        let is_todo = shown.record.as_ref()?.kind == Some(Kind::Todo);
        if run.trouble.is_some() || is_todo || !is_compared {
            return None;
        }
        let observed = Signature::of(run)?;
        if !observed.is_unfinished(&self.tests)
            && let Some(name) = self.only(|known| known.fails_like(&observed))
        {
            return Some(Like::Whole(name));
        }
        let step = observed.step()?;
        observed.within(step)?;
        // Without a difference the message alone would be the evidence. What a race shows has none.
        observed.difference.as_ref()?;
        let name = self.only(|known| known.within(step) == observed.within(step))?;
        Some(Like::Step(step, name))
    }

    fn only(&self, like: impl Fn(&Signature) -> bool) -> Option<&str> {
        let mut same = self.mistakes.iter().filter(|(_, known)| like(known));
        match (same.next(), same.next()) {
            (Some((name, _)), None) => Some(name),
            _ => None,
        }
    }
}

/// Reads the file of a chapter; `None` when nothing is recorded yet.
///
/// # Errors
///
/// The file cannot be read or understood.
pub fn read(
    workbook: &Workbook,
    chapter: &Chapter,
) -> Result<Option<Signatures>, Error> {
    let file = chapter.signatures();
    let text = match workbook.read(&file) {
        Err(Error::Missing { .. }) => return Ok(None),
        other => other?,
    };
    let read = serde_json::from_str(&text);
    read.map(Some)
        .map_err(|source| Error::Unreadable { file, source: source.into() })
}

/// Writes the file of a chapter.
///
/// # Errors
///
/// The file cannot be written.
pub fn write(
    workbook: &Workbook,
    chapter: &Chapter,
    signatures: &Signatures,
) -> Result<(), Error> {
    let file = chapter.signatures();
    let text = serde_json::to_string_pretty(signatures)
        .map_err(|_| Error::Broken(format!("cannot put {file} together")))?;
    text::write(&workbook.root.join(file), &(text + "\n"))
}
