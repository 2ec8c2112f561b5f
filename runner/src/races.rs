//! What only threads show. `check.rs` decides when they are asked, and of which steps: it takes a second or two.

use record::Kind;

use crate::{
    Error,
    cargo::Activity,
    judge::{Question, Run, Test, list, run},
    libtest,
    process::{Limits, Stop},
};

/// Runs the races of the suite that `which` names, if there are some, and says so before.
///
/// # Errors
///
/// The binary cannot be started or was stopped.
pub fn races(
    question: &Question<'_>,
    which: impl Fn(&str) -> bool,
    stop: &Stop,
    say: &mut dyn FnMut(Activity),
) -> Result<Option<Run>, Error> {
    let mut paths = list(question, stop)?;
    paths.retain(|path| libtest::is_race(path) && which(path));
    if paths.is_empty() {
        return Ok(None);
    }
    say(Activity::Races);
    let question = Question { limits: Limits::RACES, ..*question };
    run(&question, &paths, stop).map(Some)
}

impl Run {
    /// This run and its races as one.
    #[must_use]
    pub fn with(mut self, races: Run) -> Run {
        self.tests.extend(races.tests);
        self.trouble = self.trouble.or(races.trouble);
        if self.last_words.is_empty() {
            self.last_words = races.last_words;
        }
        self
    }

    /// The failure to show. What fails each time tells more than what is luck, also where it is of a later step.
    pub fn first_to_show(&self) -> Option<&Test> {
        let first = self.first_failure()?;
        if !libtest::is_race(&first.path) {
            return Some(first);
        }
        let sure = self.first_failure_of(|path| !libtest::is_race(path));
        sure.filter(|test| test.is_begun()).or(Some(first))
    }
}

impl Test {
    /// Whether it fails, and not by a `todo!`.
    pub fn is_begun(&self) -> bool {
        let kind = self.record.as_ref().and_then(|record| record.kind);
        !self.passed && kind.is_some_and(|kind| kind != Kind::Todo)
    }
}
