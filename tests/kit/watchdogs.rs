//! What a whole test process does and prints, seen from outside. Runs itself as a child that
//! plays a test binary, because a blocked thread and the environment belong to a process.

use std::{
    panic::catch_unwind,
    process::Command,
    time::{Duration, Instant},
};

use kit::check;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("blocks") => blocks(),
        Some("fails") => fails(),
        _ => parent(),
    }
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

fn child(play: &str, env: &[(&str, &str)]) -> String {
    let me = std::env::current_exe().expect("this binary has a path");
    let mut command = Command::new(me);
    command.arg(play).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    let output = command.envs(env.iter().copied()).output().expect("it runs");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

#[expect(clippy::disallowed_methods, reason = "a watchdog is about real time")]
fn parent() {
    let began = Instant::now();
    let blocked = child("blocks", &[]);
    let took = began.elapsed();
    assert_eq!(blocked.matches("FAILED").count(), 20, "{blocked}");
    assert_eq!(blocked.matches("kit.1: BLOCK: since 5 ms").count(), 1, "{blocked}");
    assert!(took < Duration::from_secs(6), "twenty blocked tests took {took:?}");

    let plain = child("fails", &[("RUST_BACKTRACE", "1")]);
    assert!(plain.starts_with("kit.1: two calls are 10 ms apart\n"), "{plain}");
    assert!(!plain.contains("never shown"), "only the lowest step speaks\n{plain}");
    assert!(plain.is_ascii(), "not a terminal: plain ASCII\n{plain}");
    assert!(plain.lines().count() < 12, "no backtrace\n{plain}");

    let painted = child("fails", &[("CLICOLOR_FORCE", "1")]);
    assert!(painted.contains("\x1b[1m"), "colour when asked\n{painted}");
    let never = child("fails", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]);
    assert_eq!(never, plain, "NO_COLOR wins");

    for _ in 0..50 {
        assert_eq!(child("fails", &[]), plain, "the same bytes in every run");
    }
    println!(
        "watchdogs: 20 blocked tests end in {:.1} s; reports hold",
        took.as_secs_f64()
    );
}
