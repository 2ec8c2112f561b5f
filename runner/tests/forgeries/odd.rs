//! Right answers that look odd.

use super::{
    super::{Submission, common::Copy, mini::DESK},
    desk::ATTACHED,
};

const RIGHT_ANSWER: &str = "pub fn pulse(beats: u32) -> u32 { beats }\n";

/// Writes the exercise: `before`, a right answer, the suite, `after`.
fn around(copy: &Copy, before: &str, after: &str) {
    copy.write(DESK, &format!("{before}{RIGHT_ANSWER}{ATTACHED}{after}"));
}

/// Writes the exercise: a right answer, then `rest`.
fn right(copy: &Copy, rest: &str) {
    copy.write(DESK, &format!("{RIGHT_ANSWER}{rest}"));
}

const SOLVED: &[&str] = &["pulse: solved"];

/// They are solved.
pub const RIGHT: &[Submission] = &[
    ("a byte order mark", |copy| around(copy, "\u{feff}", ""), SOLVED),
    (
        "line endings of another system",
        |copy| {
            around(copy, "//! Mine.\n", "\n");
            copy.write(DESK, &copy.read(DESK).replace('\n', "\r\n"));
        },
        SOLVED,
    ),
    (
        "a byte order mark and such line endings",
        |copy| {
            around(copy, "\u{feff}//! Mine.\n", "\n");
            copy.write(DESK, &copy.read(DESK).replace('\n', "\r\n"));
        },
        SOLVED,
    ),
    (
        "every file with such line endings",
        |copy| {
            around(copy, "", "");
            for file in [
                "tests/pulse.rs",
                "tests/pulse/model.rs",
                "tests/kit/lib.rs",
                "Cargo.toml",
            ] {
                copy.write(file, &copy.read(file).replace('\n', "\r\n"));
            }
            copy.write(DESK, &copy.read(DESK).replace('\n', "\r\n"));
        },
        SOLVED,
    ),
    (
        "comments behind the last line",
        |copy| {
            around(copy, "", "\n// done: /* at last */\n/* and /* nested */ \" */\n")
        },
        SOLVED,
    ),
    (
        "blank lines behind the last line",
        |copy| around(copy, "", "\n\n\t\n  "),
        SOLVED,
    ),
    ("no end of the last line", |copy| right(copy, ATTACHED.trim_end()), SOLVED),
    (
        "comments between the last lines",
        |copy| right(copy, &ATTACHED.replace('\n', " // here\n/* and */\n")),
        SOLVED,
    ),
    (
        "the last lines on one",
        |copy| right(copy, &ATTACHED.replace('\n', " ")),
        SOLVED,
    ),
    (
        "other attributes, in another order",
        |copy| {
            let text = "/// The suite.\n#[path = r\"../tests/pulse.rs\"]\n#[allow(unused, clippy::all)]\n#[rustfmt::skip]\n#[cfg(test)]\nmod tests;\n";
            right(copy, text);
        },
        SOLVED,
    ),
    (
        "inner attributes right above",
        |copy| {
            copy.write(
                DESK,
                &format!("#![allow(dead_code)]\n{ATTACHED}")
                    .replace("]\n#[cfg", &format!("]\n{RIGHT_ANSWER}#[cfg")),
            )
        },
        SOLVED,
    ),
    (
        "tests of one's own, one of which fails",
        |copy| {
            let tests = "#[cfg(test)]\nmod mine {\n #[test]\n fn fails() { panic!(\"my own\"); }\n}\n";
            around(copy, tests, "");
        },
        SOLVED,
    ),
    (
        "words that would be refused, in comments and strings",
        |copy| {
            let text = "//! mod answer; include!(\"x\"); kit::check\n/* extern crate self as kit; */\nconst _: (&str, char, &str) = (\"mod tests; \\\" include!\", '\"', r##\"macro_rules! \"# assert_eq\"##);\n";
            around(copy, text, "");
        },
        SOLVED,
    ),
    (
        "a macro, modules, lifetimes and raw names",
        |copy| {
            let text = "macro_rules! twice { ($e:expr) => { $e + $e } }\nmod r#inner { pub fn name<'a>(x: &'a str) -> &'a str { let r#kit_ = twice!(1); let _ = (r#kit_, b'\\'', 'a', '\\u{1F600}', 1.5e-3, 0..2); x } }\nuse inner::name as _;\n";
            around(copy, text, "");
        },
        SOLVED,
    ),
    (
        "an entry of a heap, ordered by hand",
        |copy| {
            let text = "pub struct Entry(u32);\nimpl PartialEq for Entry { fn eq(&self, other: &Self) -> bool { self.0 == other.0 } }\n";
            around(copy, text, "");
        },
        SOLVED,
    ),
    (
        "prints without the end of a line",
        |copy| {
            copy.write(DESK, &format!("pub fn pulse(beats: u32) -> u32 {{ print!(\"test \"); eprint!(\"x\"); beats }}\n{ATTACHED}"))
        },
        SOLVED,
    ),
];
