//! The contract of `exercises/errors.rs`, one step per rule.
//!
//! Run one step alone with `cargo test --test errors step_1`.

use super::{
    DiagError, IpmiError, REQUEST, answer, is_retryable, log_line, outcome, run_all,
};

use std::{
    error::Error, future::pending, iter::successors, panic::panic_any, pin::Pin,
};

use anyhow::anyhow;
use kit::{Lane, check, expect, ms, spawn};
use tokio::{task::JoinHandle, time::timeout};

/// Every message of a chain, outermost first, found by `source` alone.
fn chain(error: &(dyn Error + 'static)) -> Vec<String> {
    let causes = successors(Some(error), |&e| e.source());
    causes.map(|e| same_in_each_run(e.to_string())).collect()
}

/// Without what differs between two runs: the numbers of tasks, and backtraces.
fn same_in_each_run(text: String) -> String {
    let text = text.split("\n\nStack backtrace").next().unwrap_or_default();
    let words: Vec<&str> = text.split(' ').collect();
    let number = |i: usize| i > 0 && words[i - 1].ends_with("task");
    let word = |i: usize| if number(i) { "N" } else { words[i] };
    (0..words.len()).map(word).collect::<Vec<_>>().join(" ")
}

/// The chain of a failure, or `ok`.
fn messages(outcome: anyhow::Result<()>) -> Vec<String> {
    match outcome {
        Ok(()) => vec!["ok".to_owned()],
        Err(error) => chain(error.as_ref()),
    }
}

/// One line an outcome.
fn lines(outcomes: Vec<anyhow::Result<()>>) -> Vec<String> {
    outcomes.into_iter().map(|o| messages(o).join(": ")).collect()
}

type End = Result<(), DiagError>;

/// A check that takes exactly so long and then ends like this; for `Panicked` it does panic.
async fn ends(lane: Lane, takes_ms: u64, end: End) -> End {
    lane.takes("check", takes_ms).await;
    match end {
        Err(DiagError::Panicked(text)) => panic!("{text}"),
        end => end,
    }
}

type Check = (&'static str, Pin<Box<dyn Future<Output = End> + Send>>);

/// All `checks`, with a second for each; `failed` hears of each failure.
async fn run(
    checks: Vec<Check>,
    failed: &mut dyn FnMut(&str),
) -> Vec<anyhow::Result<()>> {
    run_all(ms(1000), checks, |name, _| failed(name)).await
}

fn check_of(
    name: &'static str,
    check: impl Future<Output = End> + Send + 'static,
) -> Check {
    (name, Box::pin(check))
}

/// Another library's error around one of ours.
#[derive(Debug, thiserror::Error)]
#[error("host {0} is not well")]
struct HostError(u32, #[source] DiagError);

fn no_answer() -> DiagError {
    DiagError::Ipmi(IpmiError::Timeout)
}

fn too_hot() -> DiagError {
    let (sensor, value, max) = ("gpu0".to_owned(), 97.5, 90.0);
    DiagError::OverTemp { sensor, value, max }
}

fn panicked(text: &str) -> DiagError {
    DiagError::Panicked(text.to_owned())
}

/// E6
mod step_1_says_what_happened {
    use super::*;

    #[test]
    fn in_its_own_words() {
        check("errors.1", async |_| {
            let errors = [too_hot(), panicked("boom"), DiagError::Cancelled];

            let texts = errors.map(|error| error.to_string());

            let hot = "Sensor gpu0 out of range: 97.5°C (max 90°C)";
            let wanted = [hot, "Task panicked: boom", "Task cancelled"];
            expect(texts, wanted, "each error has its own words and numbers");
        });
    }

    #[test]
    fn with_the_time_it_took() {
        check("errors.1", async |_| {
            let texts = [30_000, 250].map(|n| DiagError::Timeout(ms(n)).to_string());

            let text = |t| format!("Operation timed out after {t}");
            let wanted = ["30s", "250ms"].map(text);
            expect(texts, wanted, "a duration is shown as long as it was");
        });
    }
}

/// E1, E2
mod step_2_tells_each_cause_once {
    use super::*;

    #[test]
    fn below_the_error_it_caused() {
        check("errors.2", async |_| {
            let found = chain(&no_answer());

            let wanted = ["IPMI command failed", "timeout"];
            expect(found, wanted, "each message stands once in the chain");
        });
    }
}

/// E3
mod step_3_knows_a_panic_from_a_cancel {
    use super::*;

    #[test]
    fn a_panic_keeps_its_text() {
        check("errors.3", async |world| {
            world.expect_panics(2);
            let n = 7 + world.now_ms();
            // The first payload is a `&str`, the second a `String`.
            let literal = spawn(async { panic!("boom") });
            let formatted = spawn(async move { panic!("disk {n} is full") });
            let tasks: [JoinHandle<()>; 2] = [literal, formatted];

            let mut found = vec![];
            for task in tasks {
                let error = DiagError::from(task.await.unwrap_err());
                found.push(same_in_each_run(format!("{error:?}")));
            }

            let wanted = [panicked("boom"), panicked("disk 7 is full")];
            let wanted = wanted.map(|error| format!("{error:?}"));
            expect(found, wanted, "a panic arrives with what it said");
        });
    }

    #[test]
    fn a_panic_without_a_text_is_still_a_panic() {
        check("errors.3", async |world| {
            world.expect_panics(1);
            let task = spawn(async { panic_any(42) });

            let ended: Result<(), _> = task.await;

            let error = DiagError::from(ended.unwrap_err());
            let found = same_in_each_run(format!("{error:?}"));
            expect(found, r#"Panicked("no message")"#, "a number is no text");
        });
    }

    #[test]
    fn an_aborted_task_did_not_panic() {
        check("errors.3", async |_| {
            let task = spawn(pending::<()>());
            task.abort();

            let ended = task.await;

            let error = DiagError::from(ended.unwrap_err());
            let found = same_in_each_run(format!("{error:?}"));
            expect(found, "Cancelled", "it was ended on purpose");
        });
    }
}

/// B1, B2
mod step_4_tells_four_ends_apart {
    use super::*;

    #[test]
    fn a_value_or_an_error() {
        check("errors.4", async |world| {
            let good = spawn(ends(world.lane("FAN"), 10, Ok(())));
            let bad = spawn(ends(world.lane("GPU"), 20, Err(no_answer())));

            let fan = messages(outcome("FAN", good).await);
            let gpu = messages(outcome("GPU", bad).await);

            expect(fan, ["ok"], "what went well is no failure");
            let wanted = ["GPU diagnostic failed", "IPMI command failed", "timeout"];
            expect(gpu, wanted, "a failure has its name and all its causes");
        });
    }

    #[test]
    fn or_neither_of_the_two() {
        check("errors.4", async |world| {
            world.expect_panics(1);
            let crashed = spawn(async { panic!("boom") });
            let stopped = spawn(pending());
            stopped.abort();

            let gpu = messages(outcome("GPU", crashed).await);
            let fan = messages(outcome("FAN", stopped).await);

            let wanted = ["GPU diagnostic failed", "Task panicked: boom"];
            expect(gpu, wanted, "a panic has the name of its task");
            let wanted = ["FAN diagnostic failed", "Task cancelled"];
            expect(fan, wanted, "a cancel has the name of its task");
        });
    }
}

/// E4, E5
mod step_5_knows_what_is_worth_another_try {
    use super::*;

    #[test]
    fn by_what_happened() {
        check("errors.5", async |_| {
            let no_sensor = DiagError::Ipmi(IpmiError::NoSuchSensor);
            let late = [no_answer(), DiagError::Timeout(ms(250))];
            let other = [no_sensor, too_hot(), panicked("x"), DiagError::Cancelled];

            let late = late.map(|error| is_retryable(&error.into()));
            let other = other.map(|error| is_retryable(&error.into()));

            expect(late, [true; 2], "what came too late may come in time");
            expect(other, [false; 4], "the same again would end the same way");
        });
    }

    #[test]
    fn through_contexts() {
        check("errors.5", async |_| {
            let error = anyhow::Error::new(no_answer());
            let error = error.context("GPU diagnostic failed").context("request 7");

            let found = is_retryable(&error);

            expect(found, true, "a context does not change what happened");
        });
    }

    #[test]
    fn through_other_errors() {
        check("errors.5", async |_| {
            let errors = [DiagError::Timeout(ms(250)), too_hot()];

            let found = errors.map(|e| is_retryable(&HostError(7, e).into()));

            expect(found, [true, false], "an error is what its causes are");
        });
    }

    #[test]
    fn but_not_by_its_words() {
        check("errors.5", async |_| {
            let unknown = ["timeout is not a number", "no such file"];

            let found = unknown.map(|text| is_retryable(&anyhow!(text)));

            expect(found, [false; 2], "a text about timeouts is no timeout");
        });
    }
}

/// 5.4, 5.8
mod step_6_tells_the_log_more_than_the_client {
    use super::*;

    #[test]
    fn the_log_gets_the_whole_chain() {
        check("errors.6", async |_| {
            let error = anyhow::Error::new(no_answer());
            let error = error.context("GPU diagnostic failed");

            let line = same_in_each_run(log_line(&error));

            let wanted = "GPU diagnostic failed: IPMI command failed: timeout";
            expect(line, wanted, "a log line has every cause once");
        });
    }

    #[test]
    fn the_client_gets_no_cause() {
        check("errors.6", async |_| {
            let errors = [no_answer(), panicked("no row for token 5f3a")];

            let answers = errors.map(|error| answer(&error.into()));

            let wanted = [(503, "try again later"), (500, "internal error")];
            let wanted = wanted.map(|(status, text)| (status, text.to_owned()));
            expect(answers, wanted, "a cause is nobody's business but ours");
        });
    }
}

/// B3, B4, B5, 5.6, 5.10
mod step_7_loses_nothing_where_tasks_meet {
    use super::*;

    #[test]
    fn not_the_others_of_one_that_fails() {
        check("errors.7", async |world| {
            world.expect_panics(1);
            let psu = ends(world.lane("PSU"), 400, Ok(()));
            let cpu = ends(world.lane("CPU"), 300, Err(panicked("boom")));
            let gpu = ends(world.lane("GPU"), 200, Err(no_answer()));
            let fan = ends(world.lane("FAN"), 100, Ok(()));

            let checks = [("PSU", psu), ("CPU", cpu), ("GPU", gpu), ("FAN", fan)];
            let checks = checks.map(|(name, check)| check_of(name, check)).into();
            let found = lines(run(checks, &mut |_| {}).await);

            let cpu = "CPU diagnostic failed: Task panicked: boom";
            let gpu = "GPU diagnostic failed: IPMI command failed: timeout";
            expect(found, ["ok", cpu, gpu, "ok"], "all outcomes, in order");
            world.expect_now(400, "all checks run at once");
        });
    }

    #[test]
    fn not_the_time_until_the_last_one_ends() {
        check("errors.7", async |world| {
            let alarm = world.lane("alarm");
            let fan = ends(world.lane("FAN"), 900, Ok(()));
            let cpu = ends(world.lane("CPU"), 400, Err(too_hot()));
            let gpu = ends(world.lane("GPU"), 100, Err(no_answer()));

            let checks = [("FAN", fan), ("CPU", cpu), ("GPU", gpu)];
            let checks = checks.map(|(name, check)| check_of(name, check)).into();
            run(checks, &mut |name| alarm.log(name)).await;

            alarm.expect_at([100, 400], "a failure is told when it happens");
        });
    }

    #[test]
    fn not_a_check_at_its_limit() {
        check("errors.7", async |world| {
            let cpu = world.lane("CPU");
            let checks = vec![check_of("CPU", ends(cpu.clone(), 2000, Ok(())))];

            let found = lines(run(checks, &mut |_| {}).await);
            world.lane("caller").log("is told");
            let gone = cpu.dropped().len();
            world.at(3000).await;

            let late = "CPU diagnostic failed: Operation timed out after 1s";
            expect(found, [late], "a check that is late has failed");
            world.lane("caller").expect_at([1000], "nobody waits beyond the limit");
            cpu.expect_ended_at([], "a check that nobody waits for is not finished");
            expect(gone, 1, "it is dropped at the limit");
        });
    }

    #[test]
    fn not_the_checks_of_a_caller_that_leaves() {
        check("errors.7", async |world| {
            let cpu = world.lane("CPU");
            let checks = vec![check_of("CPU", ends(cpu.clone(), 900, Ok(())))];

            _ = timeout(ms(300), run(checks, &mut |_| {})).await;
            world.lane("caller").log("leaves");
            world.at(2000).await;

            cpu.expect_ended_at([], "a check that nobody waits for is not finished");
            let gone: Vec<u64> = cpu.dropped().iter().map(|d| d.0).collect();
            expect(gone, [300], "it is aborted when the caller leaves");
        });
    }

    #[test]
    fn not_the_request_they_belong_to() {
        check("errors.7", async |world| {
            let log = world.lane("request");
            let note = async move {
                log.log(format!("{:?}", REQUEST.try_get().ok()));
                Ok(())
            };

            let checks = vec![check_of("CPU", note)];
            REQUEST.scope(7, run(checks, &mut |_| {})).await;

            let noted = world.lane("request").marks();
            expect(noted, [(0, "Some(7)".to_owned())], "a check has its request");
        });
    }
}
