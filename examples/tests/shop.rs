//! The shop as a learner runs it: `cargo run --example shop`, with kept parts of a scratch folder. Nothing here looks
//! at a clock: each signal is sent when the child has said what it is doing.

#[cfg(unix)]
mod on_signals;
// Why `allow(dead_code)`: it is the stage of the test `port`, too.
#[allow(dead_code)]
mod stage;

use stage::{Kept, Said, here};

const PARTS: [&str; 6] =
    ["timeouts", "retries", "backpressure", "joinset", "shutdown", "worker_pool"];

/// Each line of both streams fits on a terminal.
fn fits(said: &Said) {
    for line in said.out.lines().chain(said.err.lines()) {
        assert!(line.chars().count() < 80, "{line}");
    }
}

#[test]
fn bad_arguments_have_one_line() {
    let _alone = here();
    for (arguments, line) in [
        (
            &["--compare", "retrys"][..],
            "the shop has no part `retrys`; the nearest: retries",
        ),
        (
            &["--without", "joinset,first_light"],
            "the shop has no part `first_light`; try -- --help",
        ),
        (&["--door", "80"], "unexpected argument '--door' found; try -- --help"),
        (
            &["--compare", "retries", "--without", "retries"],
            "`--compare retries` runs without retries anyway: leave one out",
        ),
    ] {
        let said = stage::run(arguments);

        assert_eq!((said.code, said.err.trim_end()), (Some(2), line));
        assert_eq!(said.out, "");
        fits(&said);
    }
}

#[test]
fn the_help_fits() {
    let _alone = here();

    let said = stage::run(&["-h"]);

    assert_eq!(said.code, Some(0), "{}", said.err);
    fits(&said);
}

#[test]
fn both_columns_lose_orders_with_the_naive_shutdown() {
    let _alone = here();
    for (without, says) in [("shutdown", true), ("timeouts", false)] {
        let said = stage::run(&[
            "--reference",
            "--compare",
            "retries",
            "--without",
            without,
        ]);

        let line = "Both lose orders when they close";
        assert_eq!(said.out.contains(line), says, "{}", said.out);
    }
}

#[test]
fn a_part_that_is_not_solved_is_not_compared() {
    let _alone = here();
    let kept = Kept::new(&["timeouts"]);

    let said = kept.run(&["--compare", "retries"]);

    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("retries is not solved yet"), "{}", said.err);
    fits(&said);
}

#[test]
fn a_comparison_has_the_same_bytes_each_time() {
    let _alone = here();
    for part in PARTS {
        let compare = ["--reference", "--compare", part];

        let (one, other) = (stage::run(&compare), stage::run(&compare));

        assert_eq!(one.code, Some(0), "{}{}", one.out, one.err);
        assert!(one.out.contains("<--"), "{}", one.out);
        assert_eq!(one.out, other.out);
        fits(&one);
    }
}

#[test]
fn each_part_differs_in_its_own_row_whatever_the_others_are() {
    let _alone = here();

    let said = stage::run(&["--reference", "--every-way"]);

    assert_eq!(said.out, "each part differs in its own row\n");
}

#[test]
fn each_right_answer_can_be_a_part() {
    let _alone = here();
    let answers = PARTS.map(stage::other_answers);
    let most = answers.iter().map(Vec::len).max().expect("there are parts");
    for round in 0..most {
        let kept = Kept::new(&PARTS);
        for (part, answers) in PARTS.iter().zip(&answers) {
            if let Some(answer) = answers.get(round) {
                kept.write(part, answer);
            }
        }
        for part in PARTS {
            let said = kept.run(&["--compare", part]);

            let all = format!("{}{}", said.out, said.err);
            assert_eq!((said.code, &*said.err), (Some(0), ""), "{round}: {all}");
        }
    }
}

#[test]
fn a_part_that_does_not_compile_is_left_out_by_name() {
    let _alone = here();
    let kept = Kept::new(&PARTS);
    kept.replace(
        "retries",
        "mut source) = (0, None)",
        "mut source) = (zero(), None)",
    );

    let said = kept.run(&["--compare", "joinset"]);

    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let line = "retries: the naive form stands in, because yours does not compile here: cannot find function";
    assert!(said.err.starts_with(line), "{}", said.err);
    assert!(said.err.contains("retries.rs:"), "{}", said.err);
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    assert!(said.out.contains("naive: retries\n"), "{}", said.out);
}

#[test]
fn a_part_with_another_signature_is_left_out_by_name() {
    let _alone = here();
    let kept = Kept::new(&PARTS);
    kept.write("joinset", "pub fn map_bounded(limit: usize) -> usize { limit }");
    kept.write("timeouts", "pub fn without_a_limit() {}");

    let said = kept.run(&["--compare", "retries"]);

    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.err.contains("joinset: the naive form stands in"), "{}", said.err);
    assert!(said.err.contains("timeouts: the naive form stands in"), "{}", said.err);
    assert!(said.out.contains("naive: timeouts, joinset\n"), "{}", said.out);
}

#[test]
fn a_panic_is_told_as_the_learners() {
    let _alone = here();
    let kept = Kept::new(&PARTS);
    kept.replace(
        "joinset",
        "    let mut items = items.into_iter().fuse();",
        "    assert!(limit.get() > 3, \"three are few\");\n    let mut items = items.into_iter().fuse();",
    );
    let line = kept.line("joinset", "three are few");

    let said = kept.run(&["--compare", "joinset"]);

    let told = format!(
        "your joinset panicked: three are few at shop/kept/joinset.rs:{line}"
    );
    assert!(said.out.contains(&told), "{}", said.out);
    assert!(
        said.out.contains("receipts never posted"),
        "the shop goes on\n{}",
        said.out
    );
    assert_eq!((said.code, &*said.err), (Some(1), ""));
    fits(&said);
}

#[test]
fn a_part_that_loops_without_waiting_is_named() {
    let _alone = here();
    let kept = Kept::new(&PARTS);
    kept.spins();

    let said = kept.run(&["--compare", "retries"]);

    let told = "The clock stands still at 0 ms: your timeouts loops and never waits";
    assert!(said.out.contains(told), "{}", said.out);
    assert_eq!(said.code, Some(1));
}

#[test]
fn a_part_that_panics_before_the_shop_opens_is_told() {
    let _alone = here();
    let kept = Kept::new(&PARTS);
    let begin = "let (sender, receiver) = mpsc::channel(places.get());";
    kept.replace(
        "backpressure",
        begin,
        &format!("panic!(\"no queue\");\n    {begin}"),
    );

    let said = kept.run(&["--compare", "retries"]);

    assert!(
        said.out.contains("your backpressure panicked: no queue at"),
        "{}",
        said.out
    );
    assert!(said.out.contains("There is no shop without it."), "{}", said.out);
    assert_eq!(said.code, Some(1));
}

#[test]
fn a_queue_that_never_ends_is_gone_on_without() {
    let _alone = here();
    let kept = Kept::new(&PARTS);
    kept.replace(
        "backpressure",
        "self.items.recv().await?;",
        "match self.items.recv().await {\n            Some(entry) => entry,\n            \
         None => std::future::pending().await,\n        };",
    );

    let said = kept.run(&["--compare", "joinset"]);

    let told =
        "The shop went on without your backpressure: it was not there at the end.";
    assert!(said.out.contains(told), "{}", said.out);
    assert_eq!(said.code, Some(1));
}

#[test]
fn a_part_that_never_comes_back_is_gone_on_without() {
    let _alone = here();
    let kept = Kept::new(&PARTS);
    kept.never_returns();

    let said = kept.run(&["--compare", "shutdown"]);

    let told =
        "The shop went on without your shutdown: it was not there at the end.";
    assert!(said.out.contains(told), "{}", said.out);
    assert_eq!(said.code, Some(1));
}

#[test]
fn the_worker_pool_is_built_in_the_same_way() {
    let _alone = here();

    let said = stage::runs("worker_pool", &["soon"]);

    let line = "`soon` is not a number of milliseconds; try 200 5000\n";
    assert_eq!((said.code, &*said.out, &*said.err), (Some(2), "", line));
}
