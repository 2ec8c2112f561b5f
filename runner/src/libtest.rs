//! Reading libtest's text: on stable Rust it has no other output.

use std::collections::BTreeMap;

/// What a run of a test binary said.
#[derive(Debug, Default)]
pub struct Results {
    /// Full names of tests: `true` for `ok`.
    pub tests: BTreeMap<String, bool>,
    /// Passed and failed, from the summary. `None` when the process ended before it.
    pub summary: Option<(usize, usize)>,
}

/// The full names in the output of `--list --format terse`.
pub fn listed(output: &str) -> Vec<String> {
    output
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .map(str::to_owned)
        .collect()
}

/// Reads the output of a run.
pub fn read(output: &str) -> Results {
    let mut results = Results::default();
    for line in output.lines() {
        if let Some((name, verdict)) = result(line) {
            results.tests.insert(name.to_owned(), verdict == "ok");
        } else if line.starts_with("test result: ") {
            results.summary = summary(line);
        }
    }
    results
}

fn result(line: &str) -> Option<(&str, &str)> {
    let (name, verdict) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    let name = name.strip_suffix(" - should panic").unwrap_or(name);
    matches!(verdict, "ok" | "FAILED").then_some((name, verdict))
}

fn summary(line: &str) -> Option<(usize, usize)> {
    let number = |what: &str| -> Option<usize> {
        let before = line.split(what).next()?;
        before.split_whitespace().next_back()?.parse().ok()
    };
    Some((number(" passed;")?, number(" failed;")?))
}

/// The part of a full test name from `step_` on: how headers, signatures and records name a test.
pub fn test_path(full: &str) -> Option<&str> {
    if full.starts_with("step_") {
        return Some(full);
    }
    full.find("::step_").map(|at| &full[at + 2..])
}

/// The number of the step a test path belongs to.
pub fn step(test_path: &str) -> Option<usize> {
    test_path.strip_prefix("step_")?.split('_').next()?.parse().ok()
}

/// The name of the last test of each step: scenes that nobody wrote, compared with a model. The name of
/// no other test comes after it, because those tell more.
pub const SCENES: &str = "worlds_that_nobody_planned_follow_the_rules";

/// Whether a test was written by hand. How an answer fails in scenes says little about which mistake it is.
pub fn is_example(test_path: &str) -> bool {
    !test_path.ends_with(SCENES)
}

/// Whether a test runs on real threads and is ignored unless it is asked for: its name says so.
pub fn is_race(test_path: &str) -> bool {
    test_path.rsplit("::").next().is_some_and(|name| name.starts_with("threads_"))
}
