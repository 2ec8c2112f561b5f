//! What the runner reads: contracts, headers, suites, pages, libtest's text, its own progress file.

mod attached;
mod kept;
mod pages;

use std::time::Duration;

use record::{Event, EventKind, Kind, Outcome, Record, Weather};
use runner::{
    cargo::{Activity, StatusLines},
    contract,
    header::Headers,
    judge::{Run, Test},
    libtest,
    nearest::nearest,
    process::Output,
    progress::{self, Line, Progress},
    signatures::{Signature, Signatures},
};

#[test]
fn a_contract_ends_with_its_last_rule_and_rules_may_wrap() {
    let source = "//! # The contract\n//!\n//! 1. First.\n//! 2. Second,\n//!    on a \
                  second line.\n//!\n//! Prose. 3. No rule.\n\nuse x;\n//! 4. No rule.\n";

    let rules = contract::rules(source);

    let expected =
        [(1, "First.".to_owned()), (2, "Second, on a second line.".to_owned())];
    assert_eq!(rules, expected, "two rules, each on one line");
}

#[test]
fn headers_may_wrap_and_an_empty_one_says_nothing() {
    let source = "//! Mistake: a line,\n//!   and its end.\n//! Source: https://x.y\n\
                  //! Hangs:\n\n//! Hint: too late.";

    let headers = Headers::read(source);

    assert_eq!(headers.get("Mistake"), Some("a line, and its end."), "wrapped");
    assert_eq!(headers.get("Source"), Some("https://x.y"), "with a colon in it");
    assert_eq!(headers.get("Hangs"), None, "empty");
    assert!(headers.has("Hangs"), "empty, but there");
    assert_eq!(headers.get("Hint"), None, "below the headers");
}

#[test]
fn a_lazy_body_admits_steps_or_nothing() {
    let passes =
        |value: &str| Headers::read(&format!("//! Passes: {value}")).passes();

    assert_eq!(passes("nothing"), Some(vec![]), "nothing is no step");
    assert_eq!(passes("step 1, step 3"), Some(vec![1, 3]), "two steps");
    assert_eq!(passes("most of it"), None, "prose is no list");
}

#[test]
fn what_cargo_does_is_told_by_whole_lines() {
    let mut lines = StatusLines::default();
    let mut hear = |stderr: &str, ms| lines.hear(stderr, Duration::from_millis(ms));
    let says = |line: &str| Activity::Says(line.to_owned());

    assert_eq!(hear("", 499), [], "half a second is nothing");
    assert_eq!(hear("    Bloc", 500), [Activity::Silent], "half a line is no word");
    assert_eq!(hear("    Bloc", 900), [], "and that is said once");
    let lock = "    Blocking waiting for file lock on build directory\n   Compiling";
    assert_eq!(hear(lock, 901), [Activity::Waiting], "now it is cargo who says it");
    let both = format!("{lock} a v1\n   Compiling b v2\n");
    let compiling = [says("Compiling a v1"), says("Compiling b v2")];
    assert_eq!(hear(&both, 902), compiling, "each line once, none left out");
}

#[test]
fn libtest_is_read_line_by_line() {
    let output = "\nrunning 2 tests\ntest a::b ... ok\nnoise\ntest a::c ... FAILED\n\
                  test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 7 \
                  filtered out; finished in 0.00s\n";

    let results = libtest::read(output);

    assert_eq!(results.summary, Some((1, 1)), "the summary counts both");
    let tests = results.tests;
    assert!(tests["a::b"] && !tests["a::c"], "each is told apart");
    assert_eq!(libtest::step("step_12_x::y"), Some(12), "steps have two digits too");
}

#[test]
fn progress_survives_damage() {
    let folder = tempfile::tempdir().unwrap();
    let line = Line {
        name: "retries".to_owned(),
        solved: true,
        steps: vec![1, 2],
        here: Some(4),
        hash: 7,
        exercise: Some(8),
    };
    let older = "shutdown open - 0000000000000009\n";
    let mut progress = Progress::default();
    progress.set(line.clone());
    let file = progress::file(folder.path());
    let whole = progress.to_string();
    std::fs::create_dir(folder.path().join(".workbook")).unwrap();
    std::fs::write(
        &file,
        [whole.as_bytes(), older.as_bytes(), b"\xff\x00 half a li"].concat(),
    )
    .unwrap();

    let read = Progress::load(folder.path());

    assert_eq!(read.get("retries"), Some(&line), "what can be read stays");
    let older = read.get("shutdown").expect("a line of an older runner stays too");
    assert_eq!((older.hash, older.exercise), (9, None), "with its one hash");
    let aside = read.set_aside.expect("the damaged file is put aside");
    assert!(aside.exists() && !file.exists(), "and nothing is thrown away");
}

#[test]
fn near_names_are_offered_and_far_ones_are_not() {
    let names = ["retries", "shutdown", "first_light"];
    let near = |typed| nearest(typed, names);

    assert_eq!(near("retry"), ["retries"], "near");
    assert_eq!(near("shutdwon"), ["shutdown"], "swapped letters");
    assert!(near("kubernetes_operator").is_empty(), "far from everything");
}

/// A run in which these tests fail, the first with `message`.
fn failing(all: &[&str], fails: &[&str], message: &str, kind: Kind) -> Run {
    let record = |path: &str| Record {
        test: path.to_owned(),
        rule: "c.1".to_owned(),
        outcome: Outcome::Failed,
        kind: Some(kind),
        message: message.to_owned(),
        difference: Some("the 2nd never came".to_owned()),
        seed: 0,
        weather: Weather::Calm,
        ended_ms: 0,
        lanes: vec!["work".to_owned()],
        events: vec![mark(0)],
        expected: None,
        scene: None,
        report: None,
    };
    let test = |path: &&str| Test {
        path: (*path).to_owned(),
        passed: !fails.contains(path),
        ended: true,
        record: fails.contains(path).then(|| record(path)),
    };
    Run {
        tests: all.iter().map(test).collect(),
        trouble: None,
        took: std::time::Duration::ZERO,
        last_words: Output::default().text,
        flood: None,
    }
}

/// Something happens on this lane.
fn mark(lane: usize) -> Event {
    let (kind, what) = (EventKind::Mark, "here".to_owned());
    Event { at_ms: 5, seq: 0, lane, kind, what, span: None }
}

#[test]
fn the_report_that_is_shown_says_most() {
    let all = ["step_1_a::z", "step_1_a::b", "step_1_a::c", "step_2_b::a"];
    let run = |kinds: [Option<Kind>; 4]| {
        let fails = |i: &usize| kinds[*i].is_some();
        let fails: Vec<_> = (0..4).filter(fails).map(|i| all[i]).collect();
        let mut run = failing(&all, &fails, "m", Kind::Rule);
        for (test, kind) in run.tests.iter_mut().zip(kinds) {
            test.record.iter_mut().for_each(|record| record.kind = kind);
        }
        run.first_failure().map(|test| test.path.clone())
    };
    let (rule, spin) = (Some(Kind::Rule), Some(Kind::Spin));

    let first = |kinds| run(kinds).expect("one fails");
    assert_eq!(first([rule, rule, rule, rule]), all[0], "the first of the file");
    assert_eq!(first([spin, None, rule, rule]), all[2], "a rule before a hang");
    assert_eq!(first([spin, spin, None, rule]), all[0], "the lowest step");
}

#[test]
fn a_mistake_is_named_only_when_there_is_no_doubt() {
    let all = ["step_1_a::x", "step_1_a::y", "step_2_b::x"];
    let signature = |fails: &[&str], message: &str| {
        Signature::of(&failing(&all, fails, message, Kind::Rule)).unwrap()
    };
    let known = Signatures {
        tests: all.map(str::to_owned).to_vec(),
        mistakes: [
            ("one", signature(&["step_1_a::x"], "m")),
            ("twin", signature(&["step_1_a::y"], "m")),
            ("other_twin", signature(&["step_1_a::y"], "m")),
        ]
        .map(|(name, signature)| (name.to_owned(), signature))
        .into(),
    };
    let like = |fails: &[&str], message: &str, kind: Kind| {
        let run = failing(&all, fails, message, kind);
        known.like(&run).map(|like| format!("{like:?}"))
    };

    let one = Some(r#"Whole("one")"#.to_owned());
    assert_eq!(like(&["step_1_a::x"], "m", Kind::Rule), one, "exactly that one");
    let so_far = like(&["step_1_a::x", "step_2_b::x"], "m", Kind::Rule);
    let one = Some(r#"Step(1, "one")"#.to_owned());
    assert_eq!(so_far, one, "so far, with the next step not written yet");
    assert_eq!(like(&["step_1_a::x"], "n", Kind::Rule), None, "another message");
    assert_eq!(
        like(&["step_1_a::x"], "m", Kind::Todo),
        None,
        "a todo! is no mistake"
    );
    assert_eq!(like(&["step_1_a::y"], "m", Kind::Rule), None, "two candidates");
    let both = like(&["step_1_a::x", "step_1_a::y"], "m", Kind::Rule);
    assert_eq!(both, None, "more of the step fails");

    let with = |lane: &str, fails: &[&str]| {
        let mut run = failing(&all, fails, "m", Kind::Rule);
        for record in run.tests.iter_mut().filter_map(|test| test.record.as_mut()) {
            record.lanes.push(lane.to_owned());
            record.events.push(mark(1));
        }
        known.like(&run).map(|like| format!("{like:?}"))
    };
    let both = ["step_1_a::x", "step_2_b::x"];
    assert_eq!(with("notes", &both), so_far, "the learner's notes change nothing");
    assert_eq!(with("attempts", &both), None, "something else happens in the step");
    let same_words = with("attempts", &both[..1]);
    assert_eq!(same_words, None, "the same words, and something else happens");
    let scene = "step_1_a::worlds_that_nobody_planned_follow_the_rules";
    let shown = failing(&[scene, all[0]], &[scene, all[0]], "m", Kind::Rule);
    assert_eq!(known.like(&shown), None, "what is shown was not compared");
    let mut silent = failing(&all, &["step_1_a::x"], "m", Kind::Rule);
    let records = silent.tests.iter_mut().filter_map(|test| test.record.as_mut());
    records.for_each(|record| record.events.clear());
    assert_eq!(known.like(&silent), None, "nothing happens that could be compared");
}
