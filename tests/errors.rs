//! The contract of `exercises/errors.rs`, one step per rule.
//!
//! Run one step alone with `cargo test --test errors step_1`.

use super::{
    DiagError, IpmiError, REQUEST, answer, is_retryable, log_line, outcome,
};

#[path = "errors/act.rs"]
mod act;
#[path = "errors/scene.rs"]
mod scene;

use std::{future::pending, panic::panic_any};

use anyhow::anyhow;
use kit::{FIFTY_DAYS_MS, check, expect, leave, ms, scenes, spawn};
use tokio::task::JoinHandle;

use act::act;
use scene::{
    Check, HostError, chain, check_on, ends, lines, messages, no_answer, no_sensor,
    panicked, run, run_without_a_limit, same_in_each_run, too_hot,
};

mod step_1_says_what_happened {
    use super::*;

    #[test]
    fn each_error_has_its_own_words() {
        check("errors.1", async |_| {
            let (hot, warm) = (too_hot(97.5, 90.0), too_hot(81.25, 80.75));
            let errors = [hot, warm, panicked("boom"), DiagError::Cancelled];

            let texts = errors.map(|error| error.to_string());

            let hot = "Sensor gpu0 out of range: 97.5°C (max 90°C)";
            let warm = "Sensor gpu0 out of range: 81.25°C (max 80.75°C)";
            let wanted = [hot, warm, "Task panicked: boom", "Task cancelled"];
            expect(texts, wanted, "each error says what its documentation says");
        });
    }

    #[test]
    fn each_timeout_says_after_how_long() {
        check("errors.1", async |_| {
            let texts = [30_000, 250].map(|n| DiagError::Timeout(ms(n)).to_string());

            let wanted =
                ["Operation timed out after 30s", "Operation timed out after 250ms"];
            expect(texts, wanted, "a duration is shown as `{:?}` shows it");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("errors.1", async |stage, scene| act(stage, scene).await);
    }
}

/// A message that holds its cause shows it twice in a chain.
mod step_2_tells_each_cause_once {
    use super::*;

    #[test]
    fn each_cause_stands_once_below_its_error() {
        check("errors.2", async |_| {
            let causes = [(no_answer(), "timeout"), (no_sensor(), "no such sensor")];

            for (error, cause) in causes {
                let once = "each message stands once in the chain";
                expect(chain(&error), ["IPMI command failed", cause], once);
            }
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("errors.2", async |stage, scene| act(stage, scene).await);
    }
}

/// A task that was aborted ends with a `JoinError` as well.
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
            expect(found, wanted, "a panic is `Panicked` with its text, no more");
        });
    }

    #[test]
    fn a_panic_keeps_a_long_text_whole() {
        check("errors.3", async |world| {
            world.expect_panics(1);
            let task: JoinHandle<()> =
                spawn(async { panic!("{}", "ö".repeat(5_000)) });

            let error = DiagError::from(task.await.unwrap_err());

            let found = match error {
                DiagError::Panicked(text) => {
                    text.chars().filter(|c| *c == 'ö').count()
                }
                _ => 0,
            };
            let rule = "the text of a panic is whole, however long it is";
            expect(format!("{found} letters"), "5000 letters", rule);
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
            let rule = "a panic without a text is `Panicked` with `no message`";
            expect(found, r#"Panicked("no message")"#, rule);
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
            expect(found, "Cancelled", "an aborted task is Cancelled, not Panicked");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("errors.3", async |stage, scene| act(stage, scene).await);
    }
}

/// A value, an error, a panic, a cancel: a join hides the last two in one error.
mod step_4_tells_four_ends_apart {
    use super::*;

    #[test]
    fn a_value_or_an_error_is_told_as_it_is() {
        check("errors.4", async |world| {
            let good = spawn(ends(world.lane("FAN"), "task", 10, Ok(())));
            let bad = spawn(ends(world.lane("GPU"), "task", 20, Err(no_answer())));

            let fan = messages(&outcome("FAN", good).await);
            let gpu = messages(&outcome("GPU", bad).await);

            expect(fan, ["ok"], "what went well is no failure");
            let wanted = ["GPU diagnostic failed", "IPMI command failed", "timeout"];
            let failed = "a task that returns an error has failed";
            let told = "a failure is told by its name, and then by each cause once";
            let is_ok = gpu == ["ok"];
            expect(gpu, wanted, if is_ok { failed } else { told });
        });
    }

    #[test]
    fn panics_and_cancels_have_the_name_of_their_task() {
        check("errors.4", async |world| {
            world.expect_panics(1);
            let crashed = spawn(async { panic!("boom") });
            let stopped = spawn(pending());
            stopped.abort();

            let gpu = messages(&outcome("GPU", crashed).await);
            let fan = messages(&outcome("FAN", stopped).await);

            let wanted = ["GPU diagnostic failed", "Task panicked: boom"];
            expect(gpu, wanted, "a panic is told by its name, and then as a panic");
            let wanted = ["FAN diagnostic failed", "Task cancelled"];
            expect(fan, wanted, "a cancel is told by its name, then as a cancel");
        });
    }

    /// The task ends at 500 ms, long after the one who asked.
    #[test]
    fn who_leaves_early_leaves_the_task_at_work() {
        check("errors.4", async |world| {
            let lane = world.lane("GPU");
            let task = spawn(ends(lane.clone(), "task", 500, Ok(())));

            leave(&world, 200, outcome("GPU", task)).await;
            world.at(1000).await;

            lane.expect_ended_at(
                [500],
                "the task goes on when `outcome` is dropped",
            );
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("errors.4", async |stage, scene| act(stage, scene).await);
    }
}

/// Whoever goes by the words breaks when somebody improves them.
mod step_5_knows_what_is_worth_another_try {
    use super::*;

    /// Whether `error` is worth another try, in its own words.
    #[track_caller]
    fn expect_worth(error: impl Into<anyhow::Error>, worth: bool, rule: &str) {
        let error = error.into();
        let words = same_in_each_run(format!("{error:#}"));
        expect((&words, is_retryable(&error)), (&words, worth), rule);
    }

    #[test]
    fn only_what_came_too_late_is_worth_another_try() {
        check("errors.5", async |_| {
            let late = [no_answer(), DiagError::Timeout(ms(250))];
            let hot = too_hot(97.5, 90.0);
            let other = [no_sensor(), hot, panicked("boom"), DiagError::Cancelled];

            for error in late {
                expect_worth(error, true, "a timeout is worth another try");
            }
            for error in other {
                expect_worth(error, false, "only a timeout is worth another try");
            }
        });
    }

    #[test]
    fn through_contexts_the_cause_is_found() {
        check("errors.5", async |_| {
            let error = anyhow::Error::new(no_answer());
            let error = error.context("GPU diagnostic failed").context("request 7");

            expect_worth(error, true, "a timeout below contexts is found");
        });
    }

    #[test]
    fn through_other_errors_the_cause_is_found() {
        check("errors.5", async |_| {
            let late = HostError(7, DiagError::Timeout(ms(250)));
            let hot = HostError(7, too_hot(97.5, 90.0));

            let deep = "a timeout below an error of another library is found";
            expect_worth(late, true, deep);
            let none = "without a timeout in its chain it is not worth a try";
            expect_worth(hot, false, none);
        });
    }

    #[test]
    fn no_words_make_it_worth_another_try() {
        check("errors.5", async |_| {
            let new = "what is not known is not tried again";
            expect_worth(anyhow!("no such file"), false, new);

            let words = "what only says timeout in its text is not tried again";
            expect_worth(anyhow!("timeout is not a number"), false, words);
        });
    }

    #[test]
    fn whatever_is_put_on_top_changes_nothing() {
        check("errors.5", async |_| {
            let error = anyhow!("no such file").context(no_answer());

            let same = "a timeout that is only a context does not count";
            expect_worth(error, false, same);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("errors.5", async |stage, scene| act(stage, scene).await);
    }
}

/// A client may be anybody, and a cause may hold what only we may see.
mod step_6_tells_the_log_more_than_the_client {
    use super::*;

    #[test]
    fn the_log_gets_the_whole_chain() {
        check("errors.6", async |_| {
            let error = anyhow::Error::new(no_answer());
            let error = error.context("GPU diagnostic failed");

            let line = same_in_each_run(log_line(&error));

            let wanted = "GPU diagnostic failed: IPMI command failed: timeout";
            let rule = "a log line is the chain, outermost first, `: ` between two";
            expect(line, wanted, rule);
        });
    }

    #[test]
    fn the_client_gets_no_cause() {
        check("errors.6", async |_| {
            let errors = [no_answer(), panicked("no row for token 5f3a")];

            let answers = errors.map(|error| answer(&error.into()));

            let rule = "what is worth another try is 503, all else is 500";
            expect([answers[0].0, answers[1].0], [503, 500], rule);
            let texts = answers.map(|(_, text)| text);
            let rule = "the client is told what to do, and no cause";
            expect(texts, ["try again later", "internal error"], rule);
        });
    }

    /// A cause that has a text of its own, and a context that happens to hold it.
    #[test]
    fn the_log_tells_of_each_error_even_in_the_same_words() {
        check("errors.6", async |_| {
            let error = anyhow::Error::new(IpmiError::Timeout);
            let error = error.context("timeout").context("a timeout again");

            let line = same_in_each_run(log_line(&error));

            let each = "two errors with one text are both in the log line";
            expect(line, "a timeout again: timeout: timeout", each);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("errors.6", async |stage, scene| act(stage, scene).await);
    }
}

mod step_7_loses_nothing_where_tasks_meet {
    use super::*;

    /// Six checks, two of them with one name.
    #[test]
    fn one_check_that_fails_ends_no_other() {
        check("errors.7", async |world| {
            world.expect_panics(1);
            let (lane, alarm) = (world.lane("checks"), world.lane("alarm"));
            let mut tasks = 0;
            let mut failed = |name: &str, error: &anyhow::Error| {
                let again =
                    if is_retryable(error) { "retryable" } else { "for good" };
                let error = same_in_each_run(error.to_string());
                alarm.log(format!("{name}, {again}: {error}"));
                tasks = tasks.max(world.alive_tasks());
            };

            let checks = vec![
                check_on(&lane, "FAN", 500, Ok(())),
                check_on(&lane, "PSU", 2000, Ok(())),
                check_on(&lane, "GPU", 400, Err(no_sensor())),
                check_on(&lane, "CPU", 300, Err(panicked("boom"))),
                check_on(&lane, "NIC", 200, Ok(())),
                check_on(&lane, "GPU", 100, Err(no_answer())),
            ];
            let found = lines(&run(checks, &mut failed).await);

            let late = "PSU / Operation timed out after 1.2s";
            let none = "GPU / IPMI command failed / no such sensor";
            let slow = "GPU / IPMI command failed / timeout";
            let wanted = ["ok", late, none, "CPU / Task panicked: boom", "ok", slow];
            let (mut in_any_order, mut all) = (found.clone(), wanted.to_vec());
            in_any_order.sort();
            all.sort();
            let each = "a check that fails ends no other: each has an outcome";
            let ends = "an outcome says how its check ended, and whose it is";
            let order = "the outcomes come in the order of the checks";
            let is_each = found.len() == wanted.len();
            let told = if in_any_order == all { order } else { ends };
            expect(found, wanted, if is_each { told } else { each });
            let rule = "each failure, and nothing else, is told as it ends";
            alarm.expect_at([100, 300, 400, 1200], rule);
            let told: Vec<_> = alarm.marks().into_iter().map(|(_, s)| s).collect();
            let (again, never) = ("retryable", "for good");
            let ended =
                [("GPU", again), ("CPU", never), ("GPU", never), ("PSU", again)];
            let wanted = ended.map(|(name, again)| {
                format!("{name}, {again}: {name} diagnostic failed")
            });
            let rule = "`failed` gets the name, and the outcome's own error";
            expect(told, wanted, rule);
            expect(tasks.min(5), 5, "each of the other five is in its own task");
        });
    }

    #[test]
    fn the_failures_are_told_when_they_happen() {
        check("errors.7", async |world| {
            let alarm = world.lane("alarm");
            let checks = vec![
                check_on(&world.lane("FAN"), "FAN", 900, Ok(())),
                check_on(&world.lane("CPU"), "CPU", 400, Err(no_sensor())),
                check_on(&world.lane("GPU"), "GPU", 100, Err(no_answer())),
            ];

            run(checks, &mut |name, _| alarm.log(name)).await;

            alarm.expect_at([100, 400], "a failure is told when it happens");
        });
    }

    #[test]
    fn a_check_at_its_limit_is_told_and_dropped() {
        check("errors.7", async |world| {
            let (cpu, caller) = (world.lane("CPU"), world.lane("caller"));
            let checks = vec![check_on(&cpu, "CPU", 2000, Ok(()))];

            let found = run(checks, &mut |_, _| {}).await;
            caller.log("is told");
            world.at(3000).await;

            let found: Vec<_> = found.iter().flat_map(messages).collect();
            let late = ["CPU diagnostic failed", "Operation timed out after 1.2s"];
            let rule = "a check at its limit is `Timeout`, with name and limit";
            expect(found, late, rule);
            caller.expect_at(
                [1200],
                "the call ends with its last check, at the limit",
            );
            cpu.expect_dropped_at([1200], "a check is dropped at its limit");

            let checks = vec![check_on(&cpu, "CPU", FIFTY_DAYS_MS, Ok(()))];
            let found = lines(&run_without_a_limit(checks).await);
            expect(found, ["ok"], "a limit that never comes ends no check");
        });
    }

    #[test]
    fn checks_end_with_a_caller_that_leaves() {
        check("errors.7", async |world| {
            let cards = world.lane("cards");
            let checks = (0..40).map(|_| check_on(&cards, "GPU", 900, Ok(())));

            leave(&world, 300, run(checks.collect(), &mut |_, _| {})).await;
            world.at(2000).await;

            cards.expect_begun_at([0; 40], "all checks run at once");
            let gone = "a check is aborted when its caller leaves";
            cards.expect_dropped_at([300; 40], gone);
        });
    }

    #[test]
    fn the_checks_keep_the_request_they_belong_to() {
        check("errors.7", async |world| {
            let log = world.lane("request");
            let check = || -> Vec<Check> {
                let log = log.clone();
                let note = async move {
                    log.log(format!("{:?}", REQUEST.try_get().ok()));
                    Ok(())
                };
                vec![("CPU", Box::pin(note))]
            };

            run(check(), &mut |_, _| {}).await;
            REQUEST.scope(7, run(check(), &mut |_, _| {})).await;

            let noted: Vec<_> = log.marks().into_iter().map(|(_, s)| s).collect();
            let has = "a check has the request of its caller, or none";
            expect(noted, ["None", "Some(7)"], has);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("errors.7", async |stage, scene| act(stage, scene).await);
    }
}
