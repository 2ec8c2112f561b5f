//! One failure at a time: of the tests of a chapter only the lowest that fails speaks. When that one knows no more
//! than that nothing ends, the next of its step that knows more speaks as well.

use std::{
    collections::BTreeMap,
    sync::{Condvar, Mutex, OnceLock},
    time::Duration,
};

use record::Kind;

#[derive(Clone, Copy, PartialEq)]
enum State {
    Running,
    Passed,
    /// A watchdog saw that it does not end.
    NeverEnds,
    Failed,
}

#[derive(Default)]
struct Board {
    tests: Mutex<BTreeMap<String, State>>,
    changed: Condvar,
    /// The test that never gave its thread back, if one did not.
    blocked: OnceLock<String>,
}

fn board() -> &'static Board {
    static BOARD: OnceLock<Board> = OnceLock::new();
    BOARD.get_or_init(Board::default)
}

/// Notes that `test` runs.
pub(crate) fn start(test: &str) {
    let mut tests = board().tests.lock().unwrap();
    tests.insert(test.to_owned(), State::Running);
}

/// Notes how `test` ended, and says whether it may speak: it failed, and no test before it in
/// the same chapter did. Waits for those that are still running.
pub(crate) fn end(test: &str, failure: Option<Kind>) -> bool {
    let board = board();
    let state = match failure {
        None => State::Passed,
        Some(Kind::Rule | Kind::Todo | Kind::Panic) => State::Failed,
        Some(_) => State::NeverEnds,
    };
    let mut tests = board.tests.lock().unwrap();
    tests.insert(test.to_owned(), state);
    board.changed.notify_all();
    if failure.is_none() {
        return false;
    }
    let chapter = chapter(test);
    let same_step = |name: &str| step(name) == step(test);
    let speaks = |tests: &BTreeMap<String, State>| {
        let mut before = tests.range(..test.to_owned());
        before.all(|(name, earlier)| match earlier {
            _ if !name.starts_with(chapter) => true,
            State::Failed => false,
            State::NeverEnds => state == State::Failed && same_step(name),
            State::Running | State::Passed => true,
        })
    };
    let running = |tests: &BTreeMap<String, State>| {
        let mut before = tests.range(..test.to_owned());
        before.any(|(name, state)| {
            name.starts_with(chapter) && *state == State::Running
        })
    };
    while running(&tests) && speaks(&tests) {
        // Each of them ends by itself or by its watchdog.
        let wait = board.changed.wait_timeout(tests, Duration::from_secs(5));
        let (guard, waited) = wait.unwrap();
        tests = guard;
        if waited.timed_out() {
            break;
        }
    }
    speaks(&tests)
}

/// The module of a test: its chapter and step.
fn step(test: &str) -> &str {
    test.rsplit_once("::").map_or(test, |(step, _)| step)
}

/// Whether a test before `test` in the same chapter has failed, so that `test` has nothing to say.
pub(crate) fn has_spoken_before(test: &str) -> bool {
    let tests = board().tests.lock().unwrap();
    let mut before = tests.range(..test.to_owned());
    let chapter = chapter(test);
    before.any(|(name, state)| name.starts_with(chapter) && *state == State::Failed)
}

/// The part of a full test name before `step_`.
pub(crate) fn chapter(test: &str) -> &str {
    &test[..test.find("step_").unwrap_or(0)]
}

/// The rest of it.
pub(crate) fn path(test: &str) -> &str {
    &test[chapter(test).len()..]
}

/// Remembers that `test` holds a thread for ever.
pub(crate) fn block(test: &str) {
    _ = board().blocked.set(test.to_owned());
}

/// The test that holds a thread for ever.
pub(crate) fn blocked() -> Option<&'static str> {
    board().blocked.get().map(String::as_str)
}
