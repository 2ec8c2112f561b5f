//! What a whole test process does and prints, seen from outside. Runs itself as a child that
//! plays a test binary, because a blocked thread and the environment belong to a process.

use std::{
    panic::catch_unwind,
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use kit::check;
use libtest_mimic::{Arguments, Trial, run};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Two words, as no harness is called.
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["play", "blocks"] => blocks(),
        ["play", "fails"] => fails(),
        ["play", "dies"] => dies(),
        _ => return parent(),
    }
    ExitCode::SUCCESS
}

fn parent() -> ExitCode {
    let test = |name: &str, test: fn()| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    let trials = vec![
        test("twenty_blocked_tests_end_soon", twenty_blocked_tests_end_soon),
        test("a_process_that_dies_says_what_panicked", a_process_that_dies_says_it),
        test("a_report_stands_alone", a_report_stands_alone),
        test("a_report_has_colour_when_asked", a_report_has_colour_when_asked),
        test("a_report_is_the_same_every_time", a_report_is_the_same_every_time),
    ];
    let mut arguments = Arguments::from_args();
    // One at a time: the first one looks at the clock.
    arguments.test_threads.get_or_insert(1);
    run(&arguments, trials).exit_code()
}

/// Twenty tests whose code never gives its thread back.
fn blocks() {
    for n in 0..20 {
        let test = move || {
            check("kit.1", async |world| {
                world.at(5).await;
                std::thread::park();
            });
        };
        println!(
            "test {n}: {}",
            if catch_unwind(test).is_ok() { "ok" } else { "FAILED" }
        );
    }
}

mod tests {
    pub mod step_1_first {
        pub fn fails() {
            kit::check("kit.1", async |world| {
                let lane = world.lane("calls");
                lane.mark();
                lane.expect_at([0, 10], "two calls are 10 ms apart");
            });
        }
    }
    pub mod step_2_second {
        pub fn fails_too() {
            kit::check("kit.2", async |_| kit::require(false, "never shown"));
        }
    }
}

fn fails() {
    _ = catch_unwind(tests::step_1_first::fails);
    _ = catch_unwind(tests::step_2_second::fails_too);
}

/// A destructor panics while another panic unwinds: nobody can catch that.
fn dies() {
    struct Breaks;
    impl Drop for Breaks {
        fn drop(&mut self) {
            panic!("the second");
        }
    }
    check("kit.1", async |_| {
        let _breaks = Breaks;
        panic!("the first");
    });
}

fn a_process_that_dies_says_it() {
    let me = std::env::current_exe().expect("this binary has a path");
    let output = Command::new(me).args(["play", "dies"]).output().expect("it runs");

    let last_words = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "it dies");
    let first = last_words.find(": \"the first\"");
    let second = last_words.find(": \"the second\"");
    assert!(
        first.is_some() && first < second,
        "both panics, in order\n{last_words}"
    );
}

fn child(play: &str, env: &[(&str, &str)]) -> String {
    let me = std::env::current_exe().expect("this binary has a path");
    let mut command = Command::new(me);
    command.args(["play", play]).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    let output = command.envs(env.iter().copied()).output().expect("it runs");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

#[expect(clippy::disallowed_methods, reason = "a watchdog is about real time")]
fn twenty_blocked_tests_end_soon() {
    let began = Instant::now();
    let blocked = child("blocks", &[]);
    let took = began.elapsed();

    assert_eq!(blocked.matches("FAILED").count(), 20, "{blocked}");
    assert_eq!(blocked.matches("kit.1: BLOCK: at 5 ms").count(), 1, "{blocked}");
    assert!(took < Duration::from_secs(6), "twenty blocked tests took {took:?}");
}

fn a_report_stands_alone() {
    let plain = child("fails", &[("RUST_BACKTRACE", "1")]);

    assert!(plain.starts_with("kit.1: two calls are 10 ms apart\n"), "{plain}");
    assert!(!plain.contains("never shown"), "only the lowest step speaks\n{plain}");
    assert!(plain.is_ascii(), "not a terminal: plain ASCII\n{plain}");
    assert!(plain.lines().count() < 12, "no backtrace\n{plain}");
}

fn a_report_has_colour_when_asked() {
    let plain = child("fails", &[]);
    let painted = child("fails", &[("CLICOLOR_FORCE", "1")]);
    let never = child("fails", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]);

    assert!(painted.contains("\x1b[1m"), "colour when asked\n{painted}");
    assert_eq!(never, plain, "NO_COLOR wins");
}

fn a_report_is_the_same_every_time() {
    let plain = child("fails", &[]);

    for _ in 0..50 {
        assert_eq!(child("fails", &[]), plain, "the same bytes in every run");
    }
}
