//! Exercises that have their suite and stand in its way: it sees something else, or judges what somebody else
//! wrote.

use super::{
    super::{Submission, common::Copy, mini::DESK},
    desk::{ATTACHED, WRONG},
    runs::TOOLS,
};

/// Writes the exercise: `before`, a wrong answer, the suite.
fn before(copy: &Copy, before: &str) {
    copy.write(DESK, &format!("{before}\n{WRONG}\n{ATTACHED}"));
}

/// The solution without its comments and its suite, which `include!` takes.
fn plain(copy: &Copy) -> String {
    let solution = copy.read("solutions/pulse.rs").replace(ATTACHED, "");
    let lines = solution.lines().filter(|line| !line.starts_with(['/', '#']));
    let plain = lines.collect::<Vec<_>>().join("\n") + "\n";
    copy.write("solutions/plain.rs", &plain);
    plain
}

/// Writes the exercise: `answer`, the suite.
fn answer(copy: &Copy, answer: &str) {
    copy.write(DESK, &format!("{answer}\n{ATTACHED}"));
}

const KIT: &[&str] = &["exercises/pulse.rs, line", "`kit`"];

/// The suite is attached, and sees something else than the instruments and the standard library.
pub const BEND_THE_SUITE: &[Submission] = &[
    (
        "the exercise is the kit",
        |copy| {
            let check = "pub fn check(_: &str, _: impl FnOnce()) { records(); }";
            before(copy, &format!("extern crate self as kit;\n{check}\n{TOOLS}"));
        },
        &["exercises/pulse.rs, line 1", "`extern`"],
    ),
    (
        "the exercise is the kit, by a macro",
        |copy| {
            let check = "pub fn check(_: &str, _: impl FnOnce()) { records(); }";
            let make = "macro_rules! other { ($($t:tt)*) => { $($t)*; } }\nother!(extern crate self as kit);";
            before(copy, &format!("{make}\n{check}\n{TOOLS}"));
        },
        &["does not compile yet"],
    ),
    (
        "the exercise calls the kit under the name of a test",
        |copy| {
            answer(
                copy,
                "pub fn pulse(_: u32) -> u32 {
                     for (test, rule) in TESTS {
                         let thread = std::thread::Builder::new().name(test.to_owned());
                         let run = move || kit::check(rule, || ());
                         thread.spawn(run).unwrap().join().unwrap();
                     }
                     results();
                     leave();
                 }",
            );
            copy.write(DESK, &format!("{TOOLS}{}", copy.read(DESK)));
        },
        KIT,
    ),
    (
        "the kit under another name",
        |copy| before(copy, "use kit as instruments;"),
        KIT,
    ),
    (
        "a module called kit",
        |copy| {
            before(
                copy,
                "pub mod kit { pub fn check(_: &str, _: impl FnOnce()) {} }",
            )
        },
        KIT,
    ),
    (
        "a macro that asserts nothing",
        |copy| before(copy, "macro_rules! assert_eq { ($($t:tt)*) => { () } }"),
        &[
            "exercises/pulse.rs, line 1",
            "`macro_rules ! assert_eq`",
            "the suite uses",
        ],
    ),
    (
        "a macro that asserts nothing, from a module",
        |copy| {
            let text = "#[macro_use]\nmod quiet {\n macro_rules! assert_eq { ($($t:tt)*) => { () } }\n}";
            before(copy, text);
        },
        &[
            "exercises/pulse.rs, line 3",
            "`macro_rules ! assert_eq`",
            "the suite uses",
        ],
    ),
    (
        "a macro that makes one that asserts nothing",
        |copy| {
            let make = "macro_rules! make { ($n:ident $d:tt) => { macro_rules! $n { ($d($d t:tt)*) => { () } } } }";
            before(copy, &format!("{make}\nmake!(assert_eq $);"));
        },
        &["does not compile yet"],
    ),
    (
        "a macro that is made of words",
        |copy| {
            let make = "macro_rules! make { ($m:ident $n:ident $d:tt) => { $m! $n { ($d($d t:tt)*) => { () } } } }";
            before(copy, &format!("{make}\nmake!(macro_rules assert_eq $);"));
        },
        &["does not compile yet"],
    ),
    (
        "a number that equals every other",
        |copy| {
            answer(
                copy,
                "#[derive(Debug)]
                 pub struct Any;
                 impl PartialEq<u32> for Any { fn eq(&self, _: &u32) -> bool { true } }
                 pub fn pulse(_: u32) -> Any { Any }",
            );
        },
        &["exercises/pulse.rs, line 3", "`PartialEq`"],
    ),
    (
        "a harness of its own",
        |copy| {
            let text = "#![feature(custom_test_frameworks)]\n#![test_runner(quiet)]";
            before(copy, &format!("{text}\nfn quiet(_: &[&dyn Fn()]) {{}}"));
        },
        &["does not compile yet"],
    ),
];

/// The suite is attached, and judges what somebody else wrote.
pub const FROM_ELSEWHERE: &[Submission] = &[
    (
        "the solution, by a path",
        |copy| {
            let module = "#[path = \"../solutions/pulse.rs\"]\nmod answer;\npub use answer::pulse;";
            answer(copy, module);
        },
        &["exercises/pulse.rs, line 2", "`mod answer;`"],
    ),
    (
        "the solution, by a path in an inner module",
        |copy| {
            copy.write("exercises/outer/here", "");
            let module = "mod outer { #[path = \"../../solutions/pulse.rs\"]\npub mod answer; }\npub use outer::answer::pulse;";
            answer(copy, module);
        },
        &["exercises/pulse.rs, line 2", "`mod answer;`"],
    ),
    (
        "the solution, by cfg_attr",
        |copy| {
            let path = "path = \"../solutions/pulse.rs\"";
            answer(
                copy,
                &format!(
                    "#[cfg_attr(all(), {path})]\nmod answer;\npub use answer::pulse;"
                ),
            );
        },
        &["exercises/pulse.rs, line 2", "`mod answer;`"],
    ),
    (
        "the solution, by a macro that names the module",
        |copy| {
            let take = "macro_rules! take { ($m:tt $n:ident) => { #[path = \"../solutions/pulse.rs\"] $m $n; } }";
            answer(
                copy,
                &format!("{take}\ntake!(mod answer);\npub use answer::pulse;"),
            );
        },
        &["exercises/pulse.rs, line 2", "`mod answer`"],
    ),
    (
        "the solution, by a file of the desk",
        |copy| {
            let solution = copy.read("solutions/pulse.rs");
            copy.write("exercises/answer.rs", &solution.replace(ATTACHED, ""));
            answer(copy, "mod answer;\npub use answer::pulse;");
        },
        &["exercises/pulse.rs, line 1", "`mod answer;`"],
    ),
    (
        "the solution, included whole",
        |copy| {
            let solution = plain(copy) + ATTACHED;
            copy.write("solutions/plain.rs", &solution);
            copy.write(DESK, "include!(\"../solutions/plain.rs\");\n");
        },
        &["exercises/pulse.rs", "must end with these three lines"],
    ),
    (
        "the solution, included in a module",
        |copy| {
            plain(copy);
            let module = "mod answer {\n include!(\"../solutions/plain.rs\");\n}\npub use answer::pulse;";
            answer(copy, module);
        },
        &["exercises/pulse.rs, line 2", "`include`"],
    ),
    (
        "the solution, included under another name",
        |copy| {
            plain(copy);
            let text = "mod answer { use std::include as take;\n take!(\"../solutions/plain.rs\");\n}\npub use answer::pulse;";
            answer(copy, text);
        },
        &["exercises/pulse.rs, line 1", "`include`"],
    ),
    (
        "the solution, included by a macro",
        |copy| {
            plain(copy);
            let take = "macro_rules! take { ($i:ident) => { mod answer { $i!(\"../solutions/plain.rs\"); } } }";
            answer(
                copy,
                &format!("{take}\ntake!(include);\npub use answer::pulse;"),
            );
        },
        &["exercises/pulse.rs, line 2", "`include`"],
    ),
];
