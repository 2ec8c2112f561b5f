//! Runs that go wrong as a whole, and what they are told to the learner as. A part of `bad_input`.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use runner::{
    Error,
    check::{Checked, Verdict},
    judge::{Run, Test, Trouble},
    process::Stop,
};

use crate::{
    common::Copy,
    mini::{DESK, as_it_came, check, mini, says, trouble, with},
};

#[test]
fn a_hang_is_killed_with_all_it_started() {
    let copy = with(
        "let mut child = std::process::Command::new(\"sleep\").arg(\"60\").spawn().unwrap();
         std::fs::write(\"child\", child.id().to_string()).unwrap();
         loop { std::hint::spin_loop(); }",
    );

    let checked = check(&copy, &Stop::default()).unwrap();

    let test = Some("step_1_beats::one_beat_is_one".to_owned());
    assert_eq!(trouble(&checked), Some(Trouble::Hangs(test)), "it names a test");
    assert!(!checked.solved, "and is not solved");
    the_child_is_gone(&copy);
}

#[test]
fn what_a_run_started_ends_with_it() {
    let copy = with(
        "let child = std::process::Command::new(\"sleep\").arg(\"60\").spawn().unwrap();
         std::fs::write(\"child\", child.id().to_string()).unwrap();
         beats",
    );

    let checked = check(&copy, &Stop::default()).unwrap();

    assert!(checked.solved, "the answer is right");
    the_child_is_gone(&copy);
}

/// Where there is no `/proc`, nothing is asserted.
fn the_child_is_gone(copy: &Copy) {
    let status = Path::new("/proc").join(copy.read("child")).join("status");
    let alive = || {
        let status = std::fs::read_to_string(&status).unwrap_or_default();
        !status.is_empty() && !status.contains("State:\tZ")
    };
    let start = Instant::now();
    while alive() && start.elapsed() < Duration::from_secs(5) {
        std::thread::yield_now();
    }
    assert!(!alive(), "the child is gone");
}

/// Whatever only real threads show is asked last, and counts.
#[test]
fn a_race_that_is_found_means_not_solved() {
    let copy = with("beats.min(9)");
    let race = |ends: &str| {
        let told =
            format!("check(\"pulse.2\", || assert!({ends}, \"none is lost\"));");
        format!("#[test]\n#[ignore]\nfn threads_meet() {{ {told} }}\n")
    };
    let second = "\"step_2_beats_on::two_beats_are_two\"";
    let both = format!("\"step_2_beats_on::threads_meet\", {second}");
    copy.replace("mistakes/pulse/signatures.json", second, &both);
    let suite = copy.read("tests/pulse.rs");
    let at = suite.find("    #[test]\n    fn two_beats").unwrap();
    let check = |ends, code, words: &[&str]| {
        let (before, after) = suite.split_at(at);
        copy.write("tests/pulse.rs", &format!("{before}{}{after}", race(ends)));
        as_it_came(&copy);
        says(&copy, &["check", "pulse"], code, words)
    };

    check(
        "true",
        0,
        &["pulse: solved", "On real threads no race was found this time"],
    );
    let said =
        check("false", 1, &["pulse: not yet, step 2", "pulse.2: none is lost"]);
    assert!(!said.contains("no race was found"), "one was:\n{said}");

    // What fails each time, in a later step that is begun, tells more.
    copy.replace(DESK, "beats.min(9)", "beats.max(1)");
    let both = ["\npulse.3: assertion", "On real threads pulse.2 fails as well"];
    let said = check("false", 1, &both);
    assert!(!said.contains("where the order is luck"), "{said}");
}

/// A scene of a later step may need no more than an earlier rule to show what is wrong.
#[test]
fn the_step_whose_rule_is_broken_is_the_next_one() {
    let copy = with("beats.min(1)");
    copy.replace("tests/pulse.rs", "check(\"pulse.2\"", "check(\"pulse.1\"");
    as_it_came(&copy);

    let words = ["not yet, step 1", "HERE    1", "pulse.1: ", "explain pulse.1"];
    says(&copy, &["check", "pulse"], 1, &words);
}

#[test]
fn a_stop_is_heard_at_once() {
    let copy = with(
        "std::fs::write(\"begun\", \"\").unwrap();
         loop { std::hint::spin_loop(); }",
    );
    let (stop, begun) = (Stop::default(), copy.root.join("begun"));
    let later = stop.clone();
    std::thread::spawn(move || {
        while !begun.exists() {
            std::thread::yield_now();
        }
        later.request();
    });

    let checked = check(&copy, &stop);

    let heard = matches!(checked, Err(Error::Stopped));
    assert!(heard, "a newer save stops a check that hangs, before it is judged");
}

#[test]
fn a_flood_is_cut_and_still_gets_its_verdict() {
    let copy = with(
        "use std::io::Write;
         let line = [b'x'; 1 << 16];
         for _ in 0..2_000 { std::io::stdout().write_all(&line).unwrap(); }
         println!();
         beats",
    );

    let text = says(&copy, &["check"], 0, &["solved", "It printed 3"]);

    assert!(text.len() < 4_000, "{} bytes shown", text.len());
}

#[test]
fn an_end_of_the_whole_process() {
    let copy = with("std::process::exit(0)");
    let words = ["it leaves the whole process", "code 0", "in step_1_beats::one"];
    says(&copy, &["check"], 1, &words);
    copy.replace(DESK, "std::process::exit(0)", "std::process::abort()");
    says(&copy, &["check"], 1, &["brings the whole process down", "signal 6"]);
    says(&copy, &["list"], 0, &["0 of 1"]);
}

#[test]
fn a_process_that_dies_is_told_at_the_step_it_died_in() {
    let copy = mini();
    let workbook = copy.workbook();
    let checked = |tests: &[(&str, bool, bool)]| {
        let test = |(path, ended, passed): &(&str, bool, bool)| {
            let path = (*path).to_owned();
            Test { path, passed: *passed, ended: *ended, record: None }
        };
        let culprit = Some("step_3_rests::no_beat_at_zero".to_owned());
        let run = Run {
            tests: tests.iter().map(test).collect(),
            trouble: Some(Trouble::Signal(6, culprit)),
            took: Duration::ZERO,
            last_words: String::new(),
            flood: None,
        };
        let verdict = Verdict::Ran { run, raced: false, warnings: vec![] };
        let (edited, steps) = (vec![], vec![1]);
        Checked { verdict, edited, solved: false, steps, hash: 0, exercise: None }
    };
    let (one, three) = (("step_1_a::x", true, true), ("step_3_c::x", false, false));

    let died = checked(&[one, ("step_2_b::x", false, false), three]);
    let failed = checked(&[one, ("step_2_b::x", true, false), three]);

    let chapter = &workbook.chapters[0];
    assert_eq!(died.here(chapter), Some(3), "step 2 may be right");
    assert_eq!(died.line(chapter).here, Some(3), "so a hint is about step 3");
    assert!(died.is_unseen(2), "nobody saw how step 2 ends");
    assert!(!died.is_unseen(1), "step 1 passed");
    assert_eq!(failed.here(chapter), Some(2), "step 2 is wrong, and comes first");
    assert!(!failed.is_unseen(2), "step 2 came to its end");
}

#[test]
fn printed_results_are_no_verdict() {
    let print = |words: &str| {
        format!(
            "use std::io::Write;
             std::io::stdout().write_all(b\"{words}\\n\").unwrap();
             std::process::exit(0)"
        )
    };
    let copy = with(&print("test result: ok. 3 passed; 0 failed;"));
    let words = ["it prints over the test results", "Nothing counts as passed"];
    says(&copy, &["check"], 1, &words);
}

#[test]
fn the_kit_and_libtest_must_agree() {
    let suite = "tests/pulse.rs";
    let check =
        "check(\"pulse.1\", || assert_eq!(pulse(1), 1, \"one beat is one\"));";
    for (instead, words) in [
        (
            "check(\"pulse.1\", || ()); panic!(\"behind it\");",
            "the kit recorded that it passed, libtest says that it failed",
        ),
        (
            "_ = std::panic::catch_unwind(|| check(\"pulse.1\", || panic!(\"no\")));",
            "the kit recorded that it failed, libtest says that it passed",
        ),
        (
            "assert_eq!(pulse(1), 1);",
            "the kit has no record of it, libtest says that it passed",
        ),
    ] {
        let copy = with("beats");
        copy.replace(suite, check, instead);
        let test = "disagree about step_1_beats::one_beat_is_one";
        says(&copy, &["check"], 1, &["not yet, the kit and", test, words]);
    }
}

#[test]
fn a_suite_with_other_tests_than_the_recorded_ones() {
    let copy = with("beats");
    copy.replace("tests/pulse.rs", "fn no_beat_at_zero", "fn no_beat_at_nought");
    let words = ["must end with these three lines", "verify pulse --bless"];
    says(&copy, &["check"], 1, &words);
    let tests = ["step_3_rests::no_beat_at_zero"];
    says(&copy, &["explain", "pulse.3"], 0, &tests);

    as_it_came(&copy);
    let recorded = "mistakes/pulse/signatures.json";
    std::fs::remove_file(copy.root.join(recorded)).unwrap();
    says(&copy, &["check"], 0, &["solved"]);
    says(&copy, &["explain", "pulse.3"], 0, &["step_3_…"]);
    copy.write(recorded, "{");
    let words = ["mistakes/pulse/signatures.json cannot be understood"];
    says(&copy, &["check", "pulse"], 2, &words);
}

#[test]
fn a_suite_that_was_deleted_or_replaced() {
    let copy = with("beats");
    let whole = copy.read(DESK);
    let start = whole.find("#[cfg(test)]").unwrap();
    copy.write(DESK, &whole[..start]);
    says(
        &copy,
        &["check"],
        1,
        &["the suite is not attached", "must end with these three lines"],
    );
    let easy = "#[cfg(test)]\nmod tests { mod step_1_beats { #[test] fn one_beat_is_one() {} } }";
    copy.write(DESK, &format!("{}{easy}", &whole[..start]));
    says(&copy, &["check"], 1, &["must end with these three lines"]);
}
