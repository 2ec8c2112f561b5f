//! Running one module of a test binary and judging it, test by test.
//!
//! The kit's records are the verdict; they count when they have the seal of this very run. What libtest prints
//! is the cross-check: the code under test can print over it, and can print what looks like it.

mod trouble;

use std::{path::Path, process::Command, time::Duration};

use record::{Key, Kind, Outcome, Record, Sealed};

use crate::{
    Error, libtest,
    process::{self, Ending, Finished, Limits, Stop},
};

pub use trouble::Trouble;

/// One test of a run.
#[derive(Debug, Clone)]
pub struct Test {
    /// Its path, from `step_` on.
    pub path: String,
    /// Whether the kit recorded it as passed and libtest does not say otherwise.
    pub passed: bool,
    /// Whether it ended at all.
    pub ended: bool,
    /// What the kit wrote about it.
    pub record: Option<Record>,
}

/// A judged run.
#[derive(Debug)]
pub struct Run {
    /// The tests, in the order of the suite's file.
    pub tests: Vec<Test>,
    /// What went wrong as a whole.
    pub trouble: Option<Trouble>,
    /// Real time the process took.
    pub took: Duration,
    /// The last lines of standard error.
    pub last_words: String,
    /// Bytes written, when more than were kept.
    pub flood: Option<u64>,
}

/// What to run.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The test binary.
    pub executable: &'a Path,
    /// The folder it runs in: the root of the workbook.
    pub root: &'a Path,
    /// The start of the full names: `tests::`, or `stub::tests::`.
    pub prefix: &'a str,
    /// The test paths of the suite in the order of its file. While nobody has recorded them, the binary's own
    /// list counts.
    pub suite: Option<&'a [String]>,
    /// Seeds per test; none for the kit's own number.
    pub seeds: Option<u64>,
    /// What the process may use.
    pub limits: Limits,
}

impl Test {
    /// Whether it knows no more than that something never ended.
    fn says_no_rule(&self) -> bool {
        let kind = self.record.as_ref().and_then(|record| record.kind);
        !matches!(kind, Some(Kind::Rule | Kind::Todo | Kind::Panic))
    }
}

impl Run {
    /// The paths of the tests that did not pass, sorted.
    pub fn failing(&self) -> Vec<String> {
        let failing = self.tests.iter().filter(|test| !test.passed);
        let mut paths: Vec<_> = failing.map(|test| test.path.clone()).collect();
        paths.sort();
        paths
    }

    /// Whether every test of a step passed. What is wrong with the run as a whole is its `trouble`.
    pub fn passes(&self, step: usize) -> bool {
        let mut tests = self
            .tests
            .iter()
            .filter(|test| libtest::step(&test.path) == Some(step))
            .peekable();
        tests.peek().is_some() && tests.all(|test| test.passed)
    }

    /// The test whose report is shown: of those that did not pass, one of the lowest step. There one that says
    /// what is wrong comes before one that only says that nothing ends, then the order of the file.
    pub fn first_failure(&self) -> Option<&Test> {
        self.first_failure_of(|_| true)
    }

    /// That test, of those that `which` names by their path.
    pub fn first_failure_of(&self, which: impl Fn(&str) -> bool) -> Option<&Test> {
        let failing = self.tests.iter().filter(|test| !test.passed);
        failing
            .filter(|test| which(&test.path))
            .min_by_key(|test| (libtest::step(&test.path), test.says_no_rule()))
    }
}

/// Asks a binary for its tests: their paths, sorted.
///
/// # Errors
///
/// The binary cannot be started or was stopped.
pub fn list(question: &Question<'_>, stop: &Stop) -> Result<Vec<String>, Error> {
    let mut command = command(question);
    command.args(["--list", "--format", "terse"]);
    let finished =
        process::run(&mut command, question.limits, stop, &mut |_, _| {})?;
    let names = libtest::listed(&finished.stdout.text);
    let paths = names.iter().filter_map(|name| name.strip_prefix(question.prefix));
    let mut paths: Vec<_> = paths.map(str::to_owned).collect();
    paths.retain(|path| path.starts_with("step_"));
    paths.sort();
    Ok(paths)
}

/// Runs the tests of the suite and judges them; its races are asked by [`crate::races`].
///
/// # Errors
///
/// The binary cannot be started or was stopped.
pub fn ask(question: &Question<'_>, stop: &Stop) -> Result<Run, Error> {
    let paths = list(question, stop)?;
    let suite = question.suite.unwrap_or(&paths);
    let mut sorted = suite.to_vec();
    sorted.sort();
    if paths.is_empty() || paths != sorted {
        return Ok(not_the_suite(suite, paths.len()));
    }
    let mut suite = suite.to_vec();
    suite.retain(|path| !libtest::is_race(path));
    run(question, &suite, stop)
}

/// Runs these tests, be they a part of the suite, and judges them.
///
/// # Errors
///
/// The binary cannot be started or was stopped.
pub fn run(
    question: &Question<'_>,
    paths: &[String],
    stop: &Stop,
) -> Result<Run, Error> {
    let what = "cannot make a folder for the records of a run";
    let folder = tempfile::tempdir().map_err(Error::io(what))?;
    let key = Key::fresh();
    key.lay(folder.path()).map_err(Error::io(what))?;
    let full = |path: &String| format!("{}{path}", question.prefix);
    let names: Vec<String> = paths.iter().map(full).collect();
    let mut command = command(question);
    command
        .args(["--exact", "--include-ignored", "--color=never"])
        .args(&names)
        .env("KIT_RECORD", folder.path());
    if let Some(seeds) = question.seeds {
        command.env("KIT_SEEDS", seeds.to_string());
    }
    let finished =
        process::run(&mut command, question.limits, stop, &mut |_, _| {})?;
    let found = record::read_sealed(folder.path(), &key);
    let mut run = judged(question, &names, &finished, found);
    if let Some(Trouble::Signal(_, culprit) | Trouble::LeftEarly(_, culprit)) =
        &mut run.trouble
    {
        *culprit = find_culprit(question, &names, stop)?.or(culprit.take());
    }
    Ok(run)
}

fn not_the_suite(suite: &[String], found: usize) -> Run {
    let trouble = match found {
        0 => Trouble::NoTests,
        _ => Trouble::OtherTests { expected: suite.len(), found },
    };
    let untouched = |path: &String| Test {
        path: path.clone(),
        passed: false,
        ended: false,
        record: None,
    };
    Run {
        tests: suite.iter().map(untouched).collect(),
        trouble: Some(trouble),
        took: Duration::ZERO,
        last_words: String::new(),
        flood: None,
    }
}

fn judged(
    question: &Question<'_>,
    names: &[String],
    finished: &Finished,
    found: Sealed,
) -> Run {
    let results = libtest::read(&finished.stdout.text);
    let Sealed { mut records, foreign } = found;
    let mut tests = Vec::new();
    let mut doubt = foreign.into_iter().next().map(Trouble::Foreign);
    for name in names {
        let path = name[question.prefix.len()..].to_owned();
        let record = records.remove(&path);
        let kit = record.as_ref().map(|record| record.outcome == Outcome::Passed);
        let libtest = results.tests.get(name).copied();
        if let Some(libtest) = libtest
            && libtest != (kit == Some(true))
        {
            let test = path.clone();
            doubt.get_or_insert(Trouble::Disagreement { test, kit, libtest });
        }
        tests.push(Test {
            path,
            passed: kit == Some(true) && libtest != Some(false),
            // Why the summary too: libtest counts when every test has ended.
            ended: kit.is_some() || libtest.is_some() || results.summary.is_some(),
            record,
        });
    }
    let written = finished.stdout.total.max(finished.stderr.total);
    Run {
        trouble: trouble(finished.ending, results.summary, &tests, doubt),
        tests,
        took: finished.took,
        last_words: last_lines(&finished.stderr.text, 6),
        flood: (written > question.limits.kept as u64).then_some(written),
    }
}

fn trouble(
    ending: Ending,
    summary: Option<(usize, usize)>,
    tests: &[Test],
    doubt: Option<Trouble>,
) -> Option<Trouble> {
    let unended = tests.iter().find(|test| !test.ended);
    let unended = unended.map(|test| test.path.clone());
    let passed = tests.iter().filter(|test| test.passed).count();
    let failed = tests.len() - passed;
    let miscounted =
        |code| summary != Some((passed, failed)) || (code == 0) != (failed == 0);
    match (ending, summary) {
        (Ending::TimedOut, _) => Some(Trouble::Hangs(unended)),
        (Ending::Signal(signal), _) => Some(Trouble::Signal(signal, unended)),
        (Ending::Exited(code), None) => Some(Trouble::LeftEarly(code, unended)),
        (Ending::Exited(code), Some(_)) => {
            doubt.or_else(|| miscounted(code).then_some(Trouble::Miscounted))
        }
    }
}

/// Runs the tests again one after the other: libtest then names each test before it starts, and the
/// last name is the one that took the process with it.
fn find_culprit(
    question: &Question<'_>,
    names: &[String],
    stop: &Stop,
) -> Result<Option<String>, Error> {
    let mut command = command(question);
    command.args(["--exact", "--color=never", "--test-threads=1"]).args(names);
    let finished =
        process::run(&mut command, question.limits, stop, &mut |_, _| {})?;
    let started = finished
        .stdout
        .text
        .rsplit("test ")
        .find_map(|rest| rest.split(" ... ").next())
        .and_then(|name| name.strip_prefix(question.prefix));
    Ok(started.map(str::to_owned))
}

fn command(question: &Question<'_>) -> Command {
    let mut command = Command::new(question.executable);
    command.current_dir(question.root);
    for name in ["NOCAPTURE", "SHUFFLE", "THREADS", "TIME_UNIT"] {
        command.env_remove(format!("RUST_TEST_{name}"));
    }
    for name in ["RECORD", "SCENE", "SEED", "SEEDS"] {
        command.env_remove(format!("KIT_{name}"));
    }
    command.env_remove("CLICOLOR_FORCE");
    command
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<_> =
        text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}
