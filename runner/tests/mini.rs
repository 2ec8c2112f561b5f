//! Checking the exercise of the small workbook, by the command and by the library.

#![allow(dead_code)] // Why: each test target uses its part.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
    time::Duration,
};

use runner::{
    Error,
    check::{self, Checked, Verdict, Way},
    judge::Trouble,
    originals,
    process::{Limits, Stop},
};

use crate::common::Copy;

/// The files of the workbook that needs no dependencies.
const MINI: [&str; 9] = [
    "Cargo.toml.in",
    "book/src/pulse.md",
    "mistakes/pulse/stub.rs",
    "mistakes/pulse/signatures.json",
    "solutions/pulse.rs",
    "tests/kit/lib.rs",
    "tests/pulse.rs",
    "tests/pulse/model.rs",
    "workbook.toml",
];

/// The workbook of one chapter that needs no dependencies.
pub fn mini() -> Copy {
    let copy = Copy::empty("mini");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mini");
    for file in MINI {
        let text = fs::read_to_string(from.join(file)).unwrap();
        copy.write(file.trim_end_matches(".in"), &text);
    }
    let stub = copy.read("mistakes/pulse/stub.rs");
    let desk = stub.replace("\"../../tests/", "\"../tests/");
    copy.write("exercises/pulse.rs", &desk);
    let seal = from.join("../../../record/src/seal.rs");
    copy.write("tests/kit/seal.rs", &fs::read_to_string(seal).unwrap());
    as_it_came(&copy);
    copy
}

/// Makes the files that judge the exercise the original ones.
pub fn as_it_came(copy: &Copy) {
    let lines = originals::lines(&copy.workbook()).unwrap();
    copy.write(originals::FILE, &lines);
}

/// The learner's file.
pub const DESK: &str = "exercises/pulse.rs";
/// What the untouched one holds.
pub const TODO: &str = "todo!(\"step 1: beat once\")";

/// Runs the command, with plain output and a target folder of its own.
pub fn workbook(here: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_workbook"))
        .args(arguments)
        .current_dir(here)
        .env("CARGO_TARGET_DIR", here.join("target"))
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// Runs the command and asserts its exit code and what it says.
pub fn says(copy: &Copy, arguments: &[&str], code: i32, words: &[&str]) -> String {
    let output = workbook(&copy.root, arguments);
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    for word in words {
        assert!(text.contains(word), "{arguments:?} does not say {word:?}:\n{text}");
    }
    let ended = output.status.code();
    assert_eq!(
        ended,
        Some(code),
        "the exit code of {arguments:?}; it says:\n{text}"
    );
    text
}

/// A copy whose exercise has `body` in place of its `todo!`.
pub fn with(body: &str) -> Copy {
    let copy = mini();
    copy.replace(DESK, TODO, body);
    copy
}

/// Checks through the library, where a second is enough to call it a hang.
pub fn check(copy: &Copy, stop: &Stop) -> Result<Checked, Error> {
    let workbook = copy.workbook();
    let way = Way {
        colour: false,
        limits: Limits { time: Some(Duration::from_millis(1_500)), ..Limits::TEST },
        stop: stop.clone(),
    };
    check::check(&workbook, &workbook.chapters[0], &way, &mut |_| {})
}

/// What went wrong with the run as a whole.
pub fn trouble(checked: &Checked) -> Option<Trouble> {
    match &checked.verdict {
        Verdict::Refused(errors) => panic!("refused: {errors:?}"),
        Verdict::Unjudged(objection) => panic!("not judged: {objection:?}"),
        Verdict::Ran { run, .. } => run.trouble.clone(),
    }
}
