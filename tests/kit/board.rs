//! One failure at a time: of the tests of a chapter only the lowest that fails speaks.

use std::{
    collections::BTreeMap,
    sync::{Condvar, Mutex, OnceLock},
    time::Duration,
};

#[derive(Clone, Copy, PartialEq)]
enum State {
    Running,
    Passed,
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
pub(crate) fn end(test: &str, failed: bool) -> bool {
    let board = board();
    let state = if failed { State::Failed } else { State::Passed };
    let mut tests = board.tests.lock().unwrap();
    tests.insert(test.to_owned(), state);
    board.changed.notify_all();
    if !failed {
        return false;
    }
    let chapter = chapter(test);
    let earlier = |tests: &BTreeMap<String, State>, wanted: State| {
        let mut before = tests.range(..test.to_owned());
        before.any(|(name, state)| name.starts_with(chapter) && *state == wanted)
    };
    while earlier(&tests, State::Running) && !earlier(&tests, State::Failed) {
        // Each of them ends by itself or by its watchdog.
        let wait = board.changed.wait_timeout(tests, Duration::from_secs(5));
        let (guard, waited) = wait.unwrap();
        tests = guard;
        if waited.timed_out() {
            break;
        }
    }
    !earlier(&tests, State::Failed)
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

/// Remembers that `test` holds a thread for ever.
pub(crate) fn block(test: &str) {
    _ = board().blocked.set(test.to_owned());
}

/// The test that holds a thread for ever.
pub(crate) fn blocked() -> Option<&'static str> {
    board().blocked.get().map(String::as_str)
}
