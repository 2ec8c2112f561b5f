//! Exercises that attach another suite, or none.

use super::super::{Submission, common::Copy, mini::DESK};

/// What attaches the suite.
pub const ATTACHED: &str =
    "#[cfg(test)]\n#[path = \"../tests/pulse.rs\"]\nmod tests;\n";

/// A wrong answer.
pub const WRONG: &str = "pub fn pulse(_: u32) -> u32 { 7 }\n";

/// Tests with the names of the suite's, which pass.
const OWN: &str = "
    pub mod step_1_beats { #[test] fn one_beat_is_one() { kit::check(\"pulse.1\", || ()); } }
    pub mod step_2_beats_on { #[test] fn two_beats_are_two() { kit::check(\"pulse.2\", || ()); } }
    pub mod step_3_rests { #[test] fn no_beat_at_zero() { kit::check(\"pulse.3\", || ()); } }
";

/// Writes the exercise: a wrong answer, then `rest`.
fn wrong(copy: &Copy, rest: &str) {
    copy.write(DESK, &format!("{WRONG}{rest}"));
}

/// Writes the exercise: a wrong answer, tests that pass in a module `tests`, then `rest`.
fn own(copy: &Copy, rest: &str) {
    wrong(copy, &format!("#[cfg(test)]\nmod tests {{{OWN}}}\n{rest}"));
}

const LAST: &[&str] = &["exercises/pulse.rs", "must end with these three lines"];

/// Another suite is attached, or none.
pub const WITHOUT_THE_SUITE: &[Submission] = &[
    ("no suite", |copy| wrong(copy, ""), LAST),
    ("own tests, inline", |copy| own(copy, ""), LAST),
    (
        "own tests, by a path on the desk",
        |copy| {
            copy.write("exercises/own.rs", OWN);
            wrong(copy, &ATTACHED.replace("../tests/pulse.rs", "own.rs"));
        },
        LAST,
    ),
    (
        "own tests, by a path beside the suite",
        |copy| {
            copy.write("tests/pulse/own.rs", OWN);
            wrong(copy, &ATTACHED.replace("pulse.rs", "pulse/own.rs"));
        },
        LAST,
    ),
    (
        "own tests, by cfg_attr",
        |copy| {
            copy.write("exercises/own.rs", OWN);
            wrong(copy, "#[cfg_attr(test, path = \"own.rs\")]\nmod tests;\n");
        },
        LAST,
    ),
    (
        "own tests, by cfg_attr above the three lines",
        |copy| {
            copy.write("exercises/own.rs", OWN);
            let first = "#[cfg_attr(test, path = \"own.rs\")]\n";
            wrong(copy, &format!("{first}{ATTACHED}"));
        },
        LAST,
    ),
    (
        "own tests, by another path above the three lines",
        |copy| {
            copy.write("exercises/own.rs", OWN);
            wrong(copy, &format!("#[path = \"own.rs\"]\n{ATTACHED}"));
        },
        LAST,
    ),
    (
        "the three lines in a comment",
        |copy| own(copy, &format!("/* /* */\n{ATTACHED}*/\n")),
        LAST,
    ),
    (
        "the three lines in line comments",
        |copy| own(copy, &format!("// {}", ATTACHED.trim().replace('\n', "\n// "))),
        LAST,
    ),
    (
        "the three lines in a string",
        |copy| own(copy, &format!("const _: &str = r#\"\n{ATTACHED}\"#;\n")),
        LAST,
    ),
    (
        "the three lines in a string that looks closed",
        |copy| {
            let text = ATTACHED.replace('"', "\\\"");
            own(copy, &format!("const _: &str = \"\\\\\\\"\n{text}\";\n"));
        },
        LAST,
    ),
    (
        "the three lines behind a quote in a character",
        |copy| own(copy, &format!("const _: char = '\"'; /* \"\n{ATTACHED}// */\n")),
        LAST,
    ),
    (
        "the three lines as food of a macro",
        |copy| {
            let eat = "macro_rules! eat { ($($t:tt)*) => {} }\n";
            own(copy, &format!("{eat}eat! {{\n{ATTACHED}}}\n"));
        },
        LAST,
    ),
    (
        "the three lines in a module of their own",
        |copy| {
            let inside = ATTACHED.replace("../", "../../");
            copy.write("exercises/inner/here", "");
            own(copy, &format!("mod inner {{ use super::pulse;\n{inside}}}\n"));
        },
        LAST,
    ),
    (
        "the three lines switched off",
        |copy| own(copy, &format!("#[cfg(any())]\n{ATTACHED}")),
        LAST,
    ),
    (
        "the three lines for no test",
        |copy| own(copy, &ATTACHED.replace("cfg(test)", "cfg(not(test))")),
        LAST,
    ),
    (
        "own tests behind a raw name",
        |copy| {
            let own = format!("#[cfg(test)]\nmod r#tests {{{OWN}}}\n");
            wrong(copy, &format!("{own}#[cfg(any())]\n{ATTACHED}"));
        },
        LAST,
    ),
    (
        "own tests by a macro",
        |copy| {
            let make = format!(
                "macro_rules! own {{ ($n:ident) => {{ mod $n {{{OWN}}} }} }}"
            );
            wrong(copy, &format!("{make}\nown!(tests);\n#[cfg(any())]\n{ATTACHED}"));
        },
        LAST,
    ),
    (
        "own tests in an exercise that is cut off",
        |copy| copy.write(DESK, &format!("#![cfg(not(test))]\n{WRONG}{ATTACHED}")),
        &["lost its suite"],
    ),
];
