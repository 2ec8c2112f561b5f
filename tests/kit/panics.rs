//! A panic inside a scenario, and the line of the answer behind it.

use std::{backtrace::Backtrace, panic::PanicHookInfo, sync::Arc};

use crate::place::{file_and_line, is_foreign, place};

/// A panic that a run has seen.
#[derive(Clone, Debug)]
pub(crate) struct Panic {
    pub(crate) message: String,
    /// Where it was thrown.
    thrown_at: String,
    /// How the code came there, when that is a line of a library. Cheap to take, slow to read.
    way: Option<Arc<Backtrace>>,
}

impl Panic {
    pub(crate) fn of(info: &PanicHookInfo<'_>) -> Self {
        let message = info.payload_as_str().unwrap_or("a panic without a text");
        let foreign = info.location().is_some_and(|at| is_foreign(at.file()));
        Panic {
            message: message.to_owned(),
            thrown_at: info.location().map(place).unwrap_or_default(),
            way: foreign.then(|| Arc::new(Backtrace::force_capture())),
        }
    }

    /// Whether the code under test reached a `todo!`.
    pub(crate) fn is_todo(&self) -> bool {
        self.message.starts_with("not yet implemented")
    }

    /// Whether std throws it because a panic has met another one, or code that no panic may leave.
    pub(crate) fn ends_the_process(&self) -> bool {
        let words = [
            "panic in a destructor during cleanup",
            "panic in a function that cannot unwind",
        ];
        words.contains(&self.message.as_str())
    }

    /// Whether the suite threw it, as a scenario may on purpose.
    pub(crate) fn is_the_suites(&self) -> bool {
        self.thrown_at.starts_with("tests/")
    }

    /// Where it happened: the line of the answer, and that of the library if it was thrown there.
    pub(crate) fn place(&self) -> String {
        let way = self.way.as_ref().map(ToString::to_string);
        match way.and_then(|way| line_of_an_answer(&way)) {
            Some(line) => format!("{line}, thrown at {}", self.thrown_at),
            None => self.thrown_at.clone(),
        }
    }
}

/// The innermost line of an answer in a backtrace as it is printed.
pub(crate) fn line_of_an_answer(way: &str) -> Option<String> {
    let places = way.lines().filter_map(|line| line.trim().strip_prefix("at "));
    let mut ours = places.filter(|place| !is_foreign(place)).filter_map(|place| {
        // It ends with line and column.
        let (place, _column) = place.rsplit_once(':')?;
        let (file, line) = place.rsplit_once(':')?;
        Some(file_and_line(file, line.parse().ok()?))
    });
    let answers = ["exercises/", "solutions/", "mistakes/"];
    ours.find(|place| answers.iter().any(|folder| place.starts_with(folder)))
}
