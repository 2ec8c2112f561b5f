//! Exercises that have their suite, and forge what a run leaves behind.

use super::{
    super::{Submission, common::Copy, mini::DESK},
    desk::ATTACHED,
};

/// What forgers have in common: the results of libtest, records as the kit writes them, and an end.
pub const TOOLS: &str = r##"
use std::{fs, io::Write, path::PathBuf};

const TESTS: [(&str, &str); 3] = [
    ("step_1_beats::one_beat_is_one", "pulse.1"),
    ("step_2_beats_on::two_beats_are_two", "pulse.2"),
    ("step_3_rests::no_beat_at_zero", "pulse.3"),
];

fn results() {
    let mut text = String::from("\nrunning 3 tests\n");
    for (test, _) in TESTS {
        text += &format!("test tests::{test} ... ok\n");
    }
    text += "\ntest result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n";
    std::io::stdout().write_all(text.as_bytes()).unwrap();
    std::io::stdout().flush().unwrap();
}

fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os("KIT_RECORD").unwrap())
}

fn file(test: &str) -> PathBuf {
    folder().join(format!("{}.json", test.replace("::", ".")))
}

fn records() {
    for (test, rule) in TESTS {
        let text = format!(r#"{{"test": "{test}", "rule": "{rule}", "outcome": "passed", "kind": null, "message": "", "difference": null, "seed": 0, "weather": "calm", "ended_ms": 0, "lanes": [], "events": [], "expected": null, "report": null}}"#);
        fs::write(file(test), text).unwrap();
    }
}

fn delete() {
    for entry in fs::read_dir(folder()).unwrap().flatten() {
        let _ = fs::remove_file(entry.path());
    }
}

fn leave() -> ! { std::process::exit(0) }
"##;

/// Writes the exercise: an answer that is 7 after it has done this, then the suite.
fn forger(copy: &Copy, body: &str) {
    let answer =
        format!("pub fn pulse(beats: u32) -> u32 {{ let _ = beats; {body}\n 7 }}\n");
    let allow = "#![allow(dead_code, unused_imports, unreachable_code)]\n";
    copy.write(DESK, &format!("{allow}{TOOLS}{answer}{ATTACHED}"));
}

const NOT_YET: &[&str] = &["pulse: not yet"];

/// None of them is solved.
pub const FORGED: &[Submission] = &[
    ("printed results", |copy| forger(copy, "results();"), NOT_YET),
    (
        "printed results, then the end",
        |copy| forger(copy, "results(); leave();"),
        NOT_YET,
    ),
    (
        "printed results, then the end, from a thread",
        |copy| {
            forger(
                copy,
                "std::thread::spawn(|| { results(); leave(); }).join().unwrap();",
            )
        },
        NOT_YET,
    ),
    (
        "printed results, then the end, without any record",
        |copy| forger(copy, "delete(); results(); leave();"),
        NOT_YET,
    ),
    (
        "records by hand, printed results, then the end",
        |copy| forger(copy, "records(); results(); leave();"),
        &["pulse: not yet", "the kit did not write"],
    ),
    (
        "records by hand after the kit's, from a thread that lives on",
        |copy| {
            forger(
                copy,
                "std::thread::spawn(|| {
                     while !file(TESTS[2].0).exists() { std::thread::yield_now(); }
                     delete(); records(); results(); leave();
                 });
                 if beats == 0 { std::thread::sleep(std::time::Duration::from_millis(50)); }",
            );
        },
        NOT_YET,
    ),
    (
        "records by hand from the first to the last moment",
        |copy| {
            forger(
                copy,
                "if beats == 1 { std::thread::spawn(|| loop { records(); }); }
                 if beats == 0 { results(); records(); leave(); }
                 std::thread::sleep(std::time::Duration::from_millis(20));",
            );
        },
        NOT_YET,
    ),
    (
        "the record of a test that passed, under the names of the others",
        |copy| {
            forger(
                copy,
                "if beats == 1 { return 1; }
                 let good = file(TESTS[0].0);
                 while !good.exists() { std::thread::yield_now(); }
                 std::thread::sleep(std::time::Duration::from_millis(10));
                 let text = fs::read_to_string(&good).unwrap();
                 for (test, rule) in &TESTS[1..] {
                     fs::write(file(test), text.replace(TESTS[0].0, test).replace(TESTS[0].1, rule)).unwrap();
                     let seal = good.with_extension(\"seal\");
                     let _ = fs::copy(seal, file(test).with_extension(\"seal\"));
                 }
                 results(); leave();",
            );
        },
        NOT_YET,
    ),
    (
        "records that the kit cannot write over",
        |copy| {
            forger(
                copy,
                "records();
                 for (test, _) in TESTS {
                     let mut may = fs::metadata(file(test)).unwrap().permissions();
                     may.set_readonly(true);
                     fs::set_permissions(file(test), may).unwrap();
                 }
                 results();",
            );
        },
        NOT_YET,
    ),
    (
        "the key of the run, read from its folder",
        |copy| {
            forger(
                copy,
                "let key = fs::read(folder().join(\"key\")).unwrap();
                 records(); results(); let _ = key; leave();",
            );
        },
        NOT_YET,
    ),
    (
        "records by hand at the end of a thread",
        |copy| {
            forger(
                copy,
                "struct Last;
                 impl Drop for Last { fn drop(&mut self) { records(); results(); leave(); } }
                 thread_local!(static LAST: Last = const { Last });
                 LAST.with(|_| ());",
            );
        },
        NOT_YET,
    ),
    (
        "a hook of panics that leaves",
        |copy| {
            forger(
                copy,
                "std::panic::set_hook(Box::new(|_| { records(); results(); leave(); }));",
            );
        },
        NOT_YET,
    ),
    (
        "the answer of a program that runs itself",
        |copy| {
            forger(
                copy,
                "let me = std::env::current_exe().unwrap();
                 if std::env::var_os(\"AGAIN\").is_none() {
                     let mut again = std::process::Command::new(me);
                     again.env(\"AGAIN\", \"1\").args([\"--exact\", \"tests::step_1_beats::one_beat_is_one\"]);
                     let _ = again.output();
                     records(); results(); leave();
                 }
                 return 1;",
            );
        },
        NOT_YET,
    ),
    (
        "something that runs when the process ends",
        |copy| {
            let text = "unsafe extern \"C\" { fn atexit(last: extern \"C\" fn()) -> i32; }
                extern \"C\" fn last() { records(); results(); std::process::exit(0) }";
            forger(copy, "unsafe { atexit(last); }");
            copy.write(
                DESK,
                &copy
                    .read(DESK)
                    .replace("fn leave()", &format!("{text}\nfn leave()")),
            );
        },
        &["does not compile yet", "unsafe"],
    ),
    (
        "the progress, written by hand",
        |copy| {
            forger(
                copy,
                "fs::create_dir_all(\".workbook\").unwrap();
                 fs::write(\".workbook/progress\", \"pulse solved 1,2,3 00c0ffee00c0ffee\\n\").unwrap();",
            );
        },
        NOT_YET,
    ),
    (
        "the progress, written by a process that lives on",
        |copy| {
            forger(
                copy,
                "let late = \"sleep 1; mkdir -p .workbook; echo pulse solved 1,2,3 00c0ffee00c0ffee > .workbook/progress\";
                 let _ = std::process::Command::new(\"sh\").args([\"-c\", late]).spawn();",
            );
        },
        NOT_YET,
    ),
    (
        "every panic is caught, and the end is a success",
        |copy| {
            forger(
                copy,
                "std::panic::set_hook(Box::new(|_| ()));
                 let _ = std::panic::catch_unwind(|| panic!());
                 if beats == 0 { results(); leave(); }",
            );
        },
        NOT_YET,
    ),
];
