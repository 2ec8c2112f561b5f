//! The right answers outside of a runtime, where a task cannot be spawned: no scenario can be there,
//! each runs in a runtime of its own.
#![allow(dead_code, unused_imports, clippy::duplicate_mod)] // each answer brings its suite

#[path = "../../solutions/task_tracker.rs"]
mod reference;
#[path = "../../solutions/task_tracker/with_a_watched_count.rs"]
mod with_a_watched_count;
#[path = "../../solutions/task_tracker/with_a_watcher_for_each_task.rs"]
mod with_a_watcher;

use std::{
    panic::{AssertUnwindSafe, catch_unwind, set_hook},
    process::ExitCode,
    time::Duration,
};

use libtest_mimic::{Arguments, Failed, Trial, run};
use tokio::{runtime::Builder, time::timeout};

fn main() -> ExitCode {
    set_hook(Box::new(|_| {})); // the panics of these trials are theirs
    let trials = vec![
        Trial::test("task_tracker", || outside!(reference)),
        Trial::test("with_a_watched_count", || outside!(with_a_watched_count)),
        Trial::test("with_a_watcher_for_each_task", || outside!(with_a_watcher)),
    ];
    run(&Arguments::from_args(), trials).exit_code()
}

/// Hands a task over, closes, and waits. A macro, because the answers share no trait.
macro_rules! outside {
    ($answer:ident) => {{
        let gate = $answer::Gate::new();
        let spawn = || gate.spawn(|_| async {}).is_ok();
        let arrives = catch_unwind(AssertUnwindSafe(spawn)).is_err();
        gate.close();
        let refused = !spawn();
        let ended = within_a_minute(gate.wait());

        rule(arrives, "the panic of a spawn reaches its caller")?;
        rule(refused, "a closed gate gives a task back, and does not spawn it")?;
        let nobody = Some($answer::Outcome::default());
        rule(ended == nobody, "a task that was never spawned is not counted")
    }};
}
use outside;

fn within_a_minute<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut builder = Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().ok()?;
    let minute = Duration::from_secs(60);
    runtime.block_on(async { timeout(minute, future).await.ok() })
}

fn rule(holds: bool, rule: &str) -> Result<(), Failed> {
    holds.then_some(()).ok_or_else(|| Failed::from(rule))
}
