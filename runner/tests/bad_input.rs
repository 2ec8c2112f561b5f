//! What learners get wrong, and the sentence for each. The workbook here is a small one without
//! dependencies, so that each check compiles in half a second.

mod bad_runs;
mod common;
mod mini;

use std::path::Path;

use mini::{DESK, TODO, check, mini, says, with, workbook};
use runner::{
    check::{self, Way},
    cli::commands::watch::saves::Saves,
    process::{Limits, Stop},
};

#[test]
fn the_way_from_the_stub_to_beyond() {
    let copy = mini();
    let stub = ["not yet, step 1 of 3", "HERE    1", "not yet implemented"];
    says(&copy, &["check"], 1, &stub);
    says(&copy, &["hint", "pulse"], 0, &["step 1, hint 1 of 3"]);

    copy.replace(DESK, TODO, "if beats == 0 { 7 } else { 1 }");
    let second = [
        "step 2 of 3",
        "done    1",
        "HERE    2",
        "beyond  3",
        "your prints: cargo test --test pulse",
    ];
    says(&copy, &["check", DESK], 1, &second);
    says(&copy, &["hint", "pulse", "2"], 0, &["step 2, hint 2"]);
    says(&copy, &["diff", "pulse"], 1, &["not solved yet"]);

    copy.replace(DESK, "{ 1 }", "{ beats }");
    let begun = [
        "solved, the 2 core steps pass; beyond them step 3 is next",
        "HERE    3",
        "explain pulse.3",
        "leave it at that, and go on: every exercise is solved",
    ];
    says(&copy, &["check"], 0, &begun);

    copy.replace(DESK, "{ 7 }", "{ todo!(\"step 3: no beat at zero\") }");
    let solved = [
        "solved, the 2 core steps",
        "beyond: 0 of 1",
        "step 3 is in the same file",
        "watch pulse",
        "Next: every exercise is solved",
    ];
    says(&copy, &["check"], 0, &solved);
    says(&copy, &["check"], 0, &["All exercises are solved"]);
    says(&copy, &["list"], 0, &["steps 2 of 2, beyond 0 of 1"]);
    says(&copy, &["diff", "pulse"], 2, &["shows step 3 too", "--yes"]);
    says(&copy, &["diff", "pulse", "--yes"], 0, &["-    if beats", "+    beats"]);
}

#[test]
fn a_suite_that_changed_takes_nothing_away_from_the_learner() {
    let copy = with("beats");
    says(&copy, &["check"], 0, &["solved"]);

    let suite = copy.read("tests/pulse.rs");
    copy.write("tests/pulse.rs", &(suite + "\n// A new remark.\n"));
    let again = ["solved, to be checked again", "1 of 1 exercise solved", "changed"];
    says(&copy, &["list"], 0, &again);
    copy.write(DESK, &(copy.read(DESK) + "\n// Saved again.\n"));
    says(&copy, &["list"], 0, &["changed since the last check", "0 of 1"]);
}

#[test]
fn a_reset_keeps_what_it_takes_away() {
    let copy = with("beats");

    let kept = ".workbook/backups/pulse.1.rs";
    says(&copy, &["reset", "pulse"], 0, &[kept]);

    assert!(copy.read(DESK).contains(TODO), "the stub is back");
    assert!(!copy.read(kept).contains(TODO), "and the answer is kept");
    says(&copy, &["reset", "pulse"], 0, &["untouched already"]);
    says(&copy, &["list"], 0, &["not checked yet", "0 of 1"]);
}

#[test]
fn a_second_check_compiles_nothing_else() {
    let copy = with("beats");
    let first = check(&copy, &Stop::default()).unwrap();
    copy.write(DESK, &(copy.read(DESK) + "\n// Saved again.\n"));

    let mut said = Vec::new();
    let way = Way { colour: false, limits: Limits::TEST, stop: Stop::default() };
    let workbook = copy.workbook();
    let mut say = |progress| said.push(format!("{progress:?}"));
    let second = check::check(&workbook, &workbook.chapters[0], &way, &mut say);

    assert!(first.solved && second.unwrap().solved, "both pass");
    let compiled: Vec<_> = said.iter().filter(|s| s.contains("Compiling")).collect();
    assert!(compiled.len() <= 1, "only the exercise's package: {compiled:?}");
}

#[test]
fn a_save_is_seen_by_its_content() {
    let copy = mini();
    let workbook = copy.workbook();
    let mut saves = Saves::new(&workbook);
    assert!(saves.look(&workbook).is_empty(), "nothing was saved yet");

    let text = copy.read(DESK);
    std::fs::remove_file(copy.root.join(DESK)).unwrap();
    assert!(saves.look(&workbook).is_empty(), "a file that is gone is no save");
    copy.write(DESK, &text);
    assert!(saves.look(&workbook).is_empty(), "nor is the same text again");
    copy.write(DESK, &(text + "\n"));
    assert_eq!(saves.look(&workbook), [0], "another text is");
    assert!(saves.look(&workbook).is_empty(), "once");
}

#[test]
fn unknown_names_and_codes() {
    let copy = mini();

    says(&copy, &["check", "plse"], 2, &["no exercise called `plse`", "pulse"]);
    says(&copy, &["check", "zzzzzzzzzz"], 2, &["list` shows them all"]);
    says(&copy, &["watch", "plse"], 2, &["no exercise called `plse`", "pulse"]);
    let text =
        says(&copy, &["pulsee"], 2, &["no exercise called `pulsee`", "pulse"]);
    assert!(!text.contains("solution"), "a chapter is near, no command: {text}");
    says(&copy, &["solutoin"], 2, &["no command", "--help"]);
    says(&copy, &["pulse", "check"], 2, &["the command comes first"]);
    says(&copy, &["explain", "pulse.9"], 2, &["pulse.1 to pulse.3"]);
    let rule = ["Two beats are two.", "And again.", "[code: cargo run -p book]"];
    says(&copy, &["explain", "pulse.2"], 0, &rule);
    says(&copy, &["explain", "pulse"], 0, &["pulse.1  ", "pulse.3  "]);
    says(&copy, &["hint"], 0, &["pulse, step 1, hint 1"]);
    says(&copy, &["hint", "2"], 0, &["pulse, step 1, hint 2"]);
    says(&copy, &["hint", "pulse", "4"], 2, &["levels 1 to 3", "hint pulse.4"]);
    says(&copy, &["hint", "pulse.2", "2"], 0, &["step 2, hint 2"]);
    says(&copy, &["hint", "pulse.3"], 2, &["has no hint 1 for step 3"]);
    says(&copy, &["hint", DESK], 0, &["pulse, step 1, hint 1"]);
    says(&copy, &["solution", "pulse"], 2, &["--yes"]);
    says(&copy, &["solution", "pulse", "--yes"], 0, &["pub fn pulse"]);
}

#[test]
fn mistyped_commands() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (typed, meant) in
        [("lst", "list"), ("chek", "check"), ("retires", "retries")]
    {
        let output = workbook(here, &[typed]);

        let text = String::from_utf8_lossy(&output.stderr);
        let words = format!(
            "there is no command and no exercise called `{typed}`; the nearest: {meant}"
        );
        assert!(text.starts_with(&words), "{text}");
        assert_eq!(output.status.code(), Some(2), "nothing was done");
    }
}

#[test]
fn outside_the_workbook() {
    let outside = tempfile::tempdir().unwrap();

    let output = workbook(outside.path(), &["list"]);

    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("go to the folder of the workbook"), "{text}");
    assert_eq!(output.status.code(), Some(2), "the workbook itself failed");
}

#[test]
fn a_compile_error_is_rustcs_own() {
    let copy = with("beats.length()");
    let words = ["does not compile yet", "exercises/pulse.rs", "no method named"];
    says(&copy, &["check"], 1, &words);
    copy.write(DESK, "fn {");
    says(&copy, &["check"], 1, &["does not compile yet"]);
}

#[test]
fn a_kit_that_does_not_build_is_not_the_learners_fault() {
    let copy = mini();
    copy.write("tests/kit/lib.rs", "fn {");
    says(&copy, &["check"], 2, &["the exercise is not to blame"]);
}

#[test]
fn files_that_are_missing_or_no_text() {
    let copy = with("beats");
    says(&copy, &["check"], 0, &["solved"]);
    copy.write(".workbook/progress", "half a li");
    says(&copy, &["check"], 0, &["was damaged", "solved"]);
    let aside = copy.read(".workbook/progress.damaged.1");
    assert_eq!(aside, "half a li", "nothing is thrown away");

    std::fs::write(copy.root.join(DESK), b"// caf\xe9").unwrap();
    says(&copy, &["check"], 2, &["exercises/pulse.rs is not UTF-8"]);
    std::fs::remove_file(copy.root.join(DESK)).unwrap();
    says(&copy, &["check"], 2, &["exercises/pulse.rs is missing", "reset pulse"]);
    says(&copy, &["reset", "pulse"], 0, &["untouched again"]);
    says(&copy, &["check"], 1, &["HERE    1"]);
    copy.write("workbook.toml", "[[chapter]\nname = 3");
    says(&copy, &["list"], 2, &["workbook.toml cannot be understood", "line 1"]);
}
