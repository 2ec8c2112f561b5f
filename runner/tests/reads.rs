//! What the runner reads: contracts, headers, suites, pages, libtest's text, its own progress file.

use std::{path::Path, time::Duration};

use record::{Kind, Outcome, Record, Weather};
use runner::{
    Workbook,
    cargo::{Progress as Cargo, Told},
    contract, gate,
    header::Headers,
    judge::{Run, Test},
    libtest, modules, page,
    process::Output,
    progress::{Line, Progress},
    rust,
    scratch::Scratch,
    signatures::{ChapterSignatures, Signature},
    suite, text,
};

fn this_workbook() -> Workbook {
    Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn this_workbook_passes_the_part_of_the_gate_that_needs_no_compiler() {
    let findings = gate::text(&this_workbook()).unwrap();

    let said: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert!(said.is_empty(), "to mend:\n{}\n", said.join("\n"));
}

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
fn strings_and_comments_are_not_code() {
    let source = "/* fn a() {} /* } */ */ let x = \"fn b() { \\\" {\"; // fn c() {}\n\
                  let y = r#\"fn d() { \" \"#; let z = '{'; let w: &'static str = b'\\'';\n\
                  fn e() {} trait T { fn f(); }";

    let words: Vec<_> = rust::tokens(source)
        .iter()
        .filter(|token| token.kind == rust::Kind::Word)
        .map(|token| token.text)
        .collect();

    let expected = "let x let y let z let w str fn e trait T fn f";
    assert_eq!(words.join(" "), expected, "names outside strings and comments");
    assert_eq!(rust::functions(source), 1, "one function has a body");
}

#[test]
fn a_suite_has_steps_tests_codes_and_silent_assertions() {
    let source = r#"
        fn helper(rule: &str) { expect(1, 1, rule); expect(1, 1); }
        mod step_1_first { use super::*;
            #[test] fn says() { check("c.1", || expect(f("503"), Err("503"), "a b")); }
            #[tokio::test(start_paused = true)] async fn silent() {
                check("c.2", || { expect(a, b, ""); lane.expect_at([0, 1], "too short" ); }) }
        }"#;

    let suite = suite::read(source, "c");

    let tests = ["step_1_first::says", "step_1_first::silent"];
    assert_eq!(suite.paths(), tests, "two tests in a step");
    assert_eq!(suite.tests[1].codes, ["c.2"], "the second checks another rule");
    let silent: Vec<_> = suite.silent.iter().map(|(line, _)| *line).collect();
    assert_eq!(silent, [2, 6], "one in the helper, one in a test");
}

#[test]
fn what_cargo_does_is_told_by_whole_lines() {
    let mut told = Told::default();
    let mut hear = |stderr: &str, ms| told.hear(stderr, Duration::from_millis(ms));
    let says = |line: &str| Cargo::Says(line.to_owned());

    assert_eq!(hear("", 499), [], "half a second is nothing");
    assert_eq!(hear("    Bloc", 500), [Cargo::Silent], "half a line is no word");
    assert_eq!(hear("    Bloc", 900), [], "and that is said once");
    let lock = "    Blocking waiting for file lock on build directory\n   Compiling";
    assert_eq!(hear(lock, 901), [Cargo::Waiting], "now it is cargo who says it");
    let both = format!("{lock} a v1\n   Compiling b v2\n");
    let compiling = [says("Compiling a v1"), says("Compiling b v2")];
    assert_eq!(hear(&both, 902), compiling, "each line once, none left out");
}

#[test]
fn a_sentence_may_have_a_name_and_a_declaration_needs_none() {
    let source = r#"
        mod step_1_first {
            #[test] fn says() { check("c.1", || {
                world.expect_panics(2);
                let rule = "a rule"; expect(a, b, rule);
                let word = "rule"; expect(a, b, word);
                expect(a, b, other); }) }
        }"#;

    let suite = suite::read(source, "c");

    let silent: Vec<_> = suite.silent.iter().map(|(line, _)| *line).collect();
    assert_eq!(silent, [6, 7], "one word is no sentence, nor is a stranger");
}

#[test]
fn modules_are_read_with_their_files() {
    let source = "mod stub; mod lazy { mod sleeps; } #[path = \"a/b.rs\"] mod a_b;";

    let modules = modules::read(source);

    let found: Vec<_> = modules
        .iter()
        .map(|module| format!("{} {}", module.path, module.file))
        .collect();
    let expected = ["stub stub.rs", "lazy::sleeps lazy/sleeps.rs", "a_b a/b.rs"];
    assert_eq!(found, expected, "path and file of each");
}

#[test]
fn hints_keep_their_code_and_a_hash_in_code_is_no_heading() {
    let source = std::fs::read_to_string("tests/mini/book/src/pulse.md").unwrap();

    let page = page::read(&source);

    assert_eq!(page.hint(1, 1), Some("Look at the number."), "the first level");
    let code = "Return something.\n\n```rust\n# Not a heading.\n```";
    assert_eq!(page.hint(1, 2), Some(code), "with its code, without its indent");
    assert_eq!(page.hint(1, 0), None, "there is no level 0");
    assert_eq!(page.sections[&2].0, 11, "the line of the heading of step 2");
    assert!(!page.prose.contains("Look again"), "hints are not prose");
}

#[test]
fn libtest_is_read_line_by_line() {
    let output = "\nrunning 2 tests\ntest a::b ... ok\nnoise\ntest a::c ... FAILED\n\
                  test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 7 \
                  filtered out; finished in 0.00s\n";

    let told = libtest::read(output);

    assert_eq!(told.summary, Some((1, 1)), "the summary counts both");
    assert!(told.results["a::b"] && !told.results["a::c"], "each is told apart");
    assert_eq!(libtest::step("step_12_x::y"), Some(12), "steps have two digits too");
}

#[test]
fn progress_survives_damage() {
    let folder = Scratch::new().unwrap();
    let line = Line {
        name: "retries".to_owned(),
        solved: true,
        steps: vec![1, 2],
        hash: 7,
        exercise: Some(8),
    };
    let older = "shutdown open - 0000000000000009\n";
    let mut progress = Progress::default();
    progress.set(line.clone());
    progress.save(folder.path()).unwrap();
    let file = folder.path().join(".workbook/progress");
    let whole = std::fs::read_to_string(&file).unwrap();
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
    let near = |typed| text::nearest(typed, names.into_iter());

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
        lanes: vec![],
        events: vec![],
        expected: None,
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

#[test]
fn a_mistake_is_named_only_when_there_is_no_doubt() {
    let all = ["step_1_a::x", "step_1_a::y", "step_2_b::x"];
    let signature = |fails: &[&str], message: &str| {
        Signature::of(&failing(&all, fails, message, Kind::Rule)).unwrap()
    };
    let known = ChapterSignatures {
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
}
