//! Workbooks whose other files were edited, with a wrong answer on the desk.

use super::{
    super::{Submission, common::Copy, mini::DESK},
    desk::{ATTACHED, WRONG},
};

/// Writes the exercise: a wrong answer with its suite.
fn wrong(copy: &Copy) {
    copy.write(DESK, &format!("{WRONG}{ATTACHED}"));
}

const EASY: &str = "
    use super::pulse;
    mod step_1_beats { use super::*; #[test] fn one_beat_is_one() { kit::check(\"pulse.1\", || _ = pulse(1)); } }
    mod step_2_beats_on { #[test] fn two_beats_are_two() { kit::check(\"pulse.2\", || ()); } }
    mod step_3_rests { #[test] fn no_beat_at_zero() { kit::check(\"pulse.3\", || ()); } }
";

const SUITE: &[&str] = &[
    "tests/pulse.rs is not the one this workbook came with",
    "git checkout tests/pulse.rs",
];

/// None of them is solved.
pub const EDITED: &[Submission] = &[
    (
        "an easy suite",
        |copy| {
            wrong(copy);
            copy.write("tests/pulse.rs", EASY);
        },
        SUITE,
    ),
    (
        "a suite that is not there",
        |copy| {
            wrong(copy);
            std::fs::remove_file(copy.root.join("tests/pulse.rs")).unwrap();
        },
        &["cannot read the files of pulse"],
    ),
    (
        "an easy suite of one test, which is recorded",
        |copy| {
            wrong(copy);
            let (one, _) = EASY.split_once("mod step_2").unwrap();
            copy.write("tests/pulse.rs", one);
            copy.write(
                "mistakes/pulse/signatures.json",
                "{\"tests\": [\"step_1_beats::one_beat_is_one\"], \"mistakes\": {}}",
            );
            copy.replace("workbook.toml", "core = [1, 2]", "core = [1]");
        },
        SUITE,
    ),
    (
        "a suite that takes its tests from beside it",
        |copy| {
            wrong(copy);
            copy.write("tests/pulse.rs", "include!(\"pulse/easy.rs\");\n");
            copy.write("tests/pulse/easy.rs", EASY);
        },
        SUITE,
    ),
    (
        "a model that expects what the answer gives",
        |copy| {
            let answer =
                "pub fn pulse(x: u32) -> u32 { if x == 2 { 7 } else { x } }\n";
            copy.write(DESK, &format!("{answer}{ATTACHED}"));
            copy.write(
                "tests/pulse/model.rs",
                "pub fn beats(_: u32) -> u32 { 7 }\n",
            );
        },
        &["tests/pulse/model.rs is not the one this workbook came with"],
    ),
    (
        "a kit that checks nothing",
        |copy| {
            wrong(copy);
            copy.replace(
                "tests/kit/lib.rs",
                "AssertUnwindSafe(scenario)",
                "AssertUnwindSafe(|| drop(scenario))",
            );
        },
        &["tests/kit/lib.rs is not the one this workbook came with"],
    ),
    (
        "a kit from elsewhere",
        |copy| {
            wrong(copy);
            let kit = copy.read("tests/kit/lib.rs");
            let easy = kit.replace(
                "AssertUnwindSafe(scenario)",
                "AssertUnwindSafe(|| drop(scenario))",
            );
            copy.write("tests/kit/easy.rs", &easy);
            copy.replace("Cargo.toml", "tests/kit/lib.rs", "tests/kit/easy.rs");
        },
        &["Cargo.toml is not the one this workbook came with"],
    ),
    (
        "the solution as the exercise, by the manifest",
        |copy| {
            wrong(copy);
            copy.replace("Cargo.toml", "exercises/pulse.rs", "solutions/pulse.rs");
        },
        &["Cargo.toml is not the one this workbook came with"],
    ),
    (
        "a target without libtest",
        |copy| {
            wrong(copy);
            copy.replace(
                "Cargo.toml",
                "test = false",
                "test = false\nharness = false",
            );
            let main = "fn main() { println!(\"tests::step_1_beats::one_beat_is_one: test\"); }\n";
            copy.write(DESK, &format!("{main}{WRONG}{ATTACHED}"));
        },
        &["pulse: not yet"],
    ),
    (
        "an exercise without core steps",
        |copy| {
            wrong(copy);
            copy.replace("workbook.toml", "core = [1, 2]", "core = []");
        },
        &["workbook.toml is not the one this workbook came with"],
    ),
    (
        "an easy suite, and no list of the originals",
        |copy| {
            wrong(copy);
            copy.write("tests/pulse.rs", EASY);
            let _ = std::fs::remove_file(copy.root.join("tests/originals.txt"));
        },
        &["tests/originals.txt is missing"],
    ),
    (
        "an easy suite, and a list of the originals without it",
        |copy| {
            wrong(copy);
            copy.write("tests/pulse.rs", EASY);
            if let Ok(list) =
                std::fs::read_to_string(copy.root.join("tests/originals.txt"))
            {
                let lines =
                    list.lines().filter(|line| !line.contains("tests/pulse.rs"));
                copy.write(
                    "tests/originals.txt",
                    &lines.collect::<Vec<_>>().join("\n"),
                );
            }
        },
        SUITE,
    ),
    (
        "a build script that brings the solution",
        |copy| {
            wrong(copy);
            copy.write("build.rs", "fn main() { std::fs::copy(\"solutions/pulse.rs\", \"exercises/pulse.rs\").unwrap(); }\n");
        },
        &["pulse: not yet"],
    ),
];
