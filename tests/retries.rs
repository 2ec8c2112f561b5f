//! The contract of `exercises/retries.rs`, one step per rule.
//!
//! Run one step alone with `cargo test --test retries step_1`.

use super::{Budget, Error, Failure, Policy, backoff, full_jitter, retry};

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use fakes::{Crowd, Reply, Script, Tokens};
use kit::{World, check, expect, ms};
use tokio::time::timeout;

/// What a server says instead of an answer. Not `Clone`, like most errors.
#[derive(Debug, PartialEq)]
struct Says(&'static str);

type Replies = Reply<&'static str, Failure<Says>>;

fn says(what: &'static str) -> Replies {
    Reply::Error(Failure::Transient(Says(what)))
}

/// A server that is down for so many calls, and then answers.
fn down(calls: usize) -> Vec<Replies> {
    let down = (0..calls).map(|_| says("503"));
    down.chain([Reply::Value("rows")]).collect()
}

fn hang(calls: usize) -> Vec<Replies> {
    (0..calls).map(|_| Reply::Hang).collect()
}

/// Waits of 100 ms, then twice as long each time, at most 400 ms.
fn policy(attempts: u32) -> Policy {
    Policy {
        attempts: NonZeroU32::new(attempts).unwrap(),
        base: ms(100),
        cap: ms(400),
        attempt_limit: None,
        deadline: None,
        idempotent: false,
        budget: None,
    }
}

/// Calls `retry` on a server that replies so; draws each attempt and the answer.
async fn ask(
    world: &World,
    policy: &Policy,
    jitter: &mut dyn FnMut(Duration) -> Duration,
    replies: Vec<Replies>,
) -> Result<&'static str, Error<Says>> {
    let attempts = world.lane("attempts");
    let server = Script::new(world, "server", replies);
    let operation = async |number| {
        attempts.log(format!("told {number}"));
        server.call().await
    };
    let answer = retry(policy, jitter, operation).await;
    world.lane("caller").log(format!("gets {answer:?}"));
    answer
}

#[track_caller]
fn attempts_at<const N: usize>(world: &World, at_ms: [u64; N], rule: &str) {
    world.lane("attempts").expect_at(at_ms, rule);
}

mod step_1_returns_the_first_success {
    use super::*;

    /// R2, R10
    #[test]
    fn of_the_third_attempt() {
        check("retries.1", async |world| {
            let rows = Reply::ValueAfter(30, "rows");
            let replies = vec![says("503"), says("503"), rows, says("503")];

            let answer = ask(&world, &policy(5), &mut |wait| wait, replies).await;

            expect(answer, Ok("rows"), "the first success is the answer");
            let attempts = world.lane("attempts").marks().into_iter();
            let (at_ms, told): (Vec<_>, Vec<_>) = attempts.unzip();
            let numbers = ["told 1", "told 2", "told 3"];
            expect(told, numbers, "each attempt is told its own number");
            world.expect_now(at_ms[2] + 30, "an answer is not held back");
        });
    }
}

mod step_2_waits_twice_as_long_each_time {
    use super::*;

    /// R1, R2
    #[test]
    fn between_attempts() {
        check("retries.2", async |world| {
            _ = ask(&world, &policy(6), &mut |wait| wait, down(5)).await;

            let rule = "waits are 100, 200 and 400 ms, and then always 400";
            attempts_at(&world, [0, 100, 300, 700, 1100, 1500], rule);
        });
    }

    /// R1, R7, R8
    #[test]
    fn by_a_plan_for_every_policy() {
        check("retries.2", async |_| {
            let [mut low, mut high, mut short, mut long] =
                [(); 4].map(|()| policy(9));
            (low.cap, high.base) = (ms(500), ms(1000));
            (short.base, short.cap) = (Duration::from_nanos(1), ms(10_000));
            (long.base, long.cap) = (Duration::MAX, Duration::MAX);

            let waits = [1, 2, 3, 4, 5].map(|failures| backoff(&low, failures));
            let late_waits =
                [33, 34, 35, 80].map(|failures| backoff(&short, failures));

            let planned = [100, 200, 400, 500, 500].map(ms);
            expect(waits, planned, "a wait is twice the last one, or the cap");
            expect(backoff(&high, 1), ms(400), "the first wait has a cap too");
            let nanos = [1 << 32, 1 << 33, 10_000_000_000, 10_000_000_000];
            let planned = nanos.map(Duration::from_nanos);
            expect(late_waits, planned, "doubling goes on until it meets the cap");
            expect(backoff(&long, 80), long.cap, "the longest wait is a wait");
        });
    }
}

mod step_3_knows_when_to_stop {
    use super::*;

    /// R1
    #[test]
    fn after_the_last_attempt() {
        check("retries.3", async |world| {
            let replies = ["refused", "reset", "503", "late"].map(says).into();

            let answer = ask(&world, &policy(3), &mut |wait| wait, replies).await;

            attempts_at(&world, [0, 100, 300], "three attempts are three");
            world.expect_now(300, "after the last failure no wait can help");
            let exhausted = Err(Error::Exhausted(3, Says("503")));
            expect(answer, exhausted, "of three errors the last one counts");
        });
    }

    /// R3
    #[test]
    fn at_a_permanent_failure() {
        check("retries.3", async |world| {
            let permanent = Reply::Error(Failure::Permanent(Says("401")));
            let replies = vec![says("503"), permanent, says("503")];

            let answer = ask(&world, &policy(3), &mut |wait| wait, replies).await;

            attempts_at(&world, [0, 100], "what fails for good is not repeated");
            world.expect_now(100, "what fails for good is reported at once");
            let permanent = Err(Error::Permanent(Says("401")));
            expect(answer, permanent, "the caller learns that it is for good");
        });
    }

    /// R9
    #[test]
    fn when_its_caller_leaves() {
        check("retries.3", async |world| {
            _ = timeout(ms(150), ask(&world, &policy(6), &mut |wait| wait, down(5)))
                .await;
            world.at(5_000).await;

            attempts_at(&world, [0, 100], "nobody is there for a third attempt");
        });
    }
}

mod step_4_spreads_the_waits {
    use super::*;

    /// R7, J1, J5
    #[test]
    fn as_jitter_decides() {
        check("retries.4", async |world| {
            let lane = world.lane("jitter");
            let mut factors = [0.5, 0.5, 2.0, 0.25].into_iter();
            let mut jitter = |wait: Duration| {
                let made = wait.mul_f64(factors.next().unwrap_or(1.0));
                lane.log(format!("makes {made:?} of {wait:?}"));
                made
            };

            _ = ask(&world, &policy(5), &mut jitter, down(5)).await;

            let rule = "a wait is what jitter makes of the planned one, or the cap";
            attempts_at(&world, [0, 50, 150, 550, 650], rule);
        });
    }

    /// J2, J4
    #[test]
    fn over_their_whole_length() {
        check("retries.4", async |_| {
            let draws = [0.0, 0.25, 0.75];

            let no_wait = full_jitter(Duration::ZERO, 0.5);
            let waits = draws.map(|random| full_jitter(ms(100), random));

            expect(no_wait, ms(0), "a part of no wait is no wait");
            let parts = [0, 25, 75].map(ms);
            expect(waits, parts, "a draw is the part of the wait to make");
        });
    }

    /// J3
    #[test]
    fn of_a_thousand_clients_that_fail_together() {
        check("retries.4", async |world| {
            let crowd = Crowd::new(&world, "second attempts", 10);

            for _ in 0..1000 {
                let random = world.pick(1 << 32) as f64 / 2f64.powi(32);
                crowd.arrive_after(full_jitter(ms(100), random));
            }
            crowd.draw(160).await;

            crowd.expect_at_most(150, "what fails together comes back apart");
        });
    }
}

mod step_5_keeps_to_its_time {
    use super::*;

    /// Attempts that take 250 ms each, and harm nobody when they are repeated.
    fn short_attempts(attempts: u32) -> Policy {
        let mut policy = policy(attempts);
        policy.attempt_limit = Some(ms(250));
        policy.idempotent = true;
        policy
    }

    /// R4
    #[test]
    fn in_each_attempt() {
        check("retries.5", async |world| {
            let policy = short_attempts(3);
            let replies = [says("503")].into_iter().chain(hang(3)).collect();

            let answer = ask(&world, &policy, &mut |wait| wait, replies).await;

            let server = world.lane("server");
            server.expect_dropped_at([350, 800], "an attempt ends after 250 ms");
            attempts_at(&world, [0, 100, 550], "and then comes the wait");
            let timed_out = Err(Error::TimedOut(3));
            expect(answer, timed_out, "the caller learns that no answer came");
        });
    }

    /// 4.3
    #[test]
    fn without_doing_twice_what_may_be_done_once() {
        check("retries.5", async |world| {
            let mut policy = short_attempts(3);
            policy.idempotent = false;

            let answer = ask(&world, &policy, &mut |wait| wait, hang(4)).await;

            attempts_at(&world, [0], "a payment is not made twice");
            let timed_out = Err(Error::TimedOut(1));
            expect(answer, timed_out, "the caller learns that no answer came");
        });
    }

    /// R5
    #[test]
    fn between_attempts() {
        check("retries.5", async |world| {
            let mut policy = policy(9);
            policy.deadline = Some(ms(1000));

            let answer = ask(&world, &policy, &mut |wait| wait, down(9)).await;

            attempts_at(&world, [0, 100, 300, 700], "a fifth is after the deadline");
            world.expect_now(700, "a wait beyond the deadline is not begun");
            let deadline = Err(Error::Deadline(4, Some(Says("503"))));
            expect(answer, deadline, "the caller learns the last error");
        });
    }

    /// R5
    #[test]
    fn in_the_last_attempt() {
        check("retries.5", async |world| {
            let mut policy = short_attempts(3);
            policy.deadline = Some(ms(700));
            let replies = [says("503")].into_iter().chain(hang(3)).collect();

            let answer = ask(&world, &policy, &mut |wait| wait, replies).await;

            attempts_at(&world, [0, 100, 550], "an attempt is cut off after 250 ms");
            world.expect_now(700, "the last attempt has what is left of 700 ms");
            let deadline = Err(Error::Deadline(3, Some(Says("503"))));
            expect(answer, deadline, "the caller learns the last error");
        });
    }
}

mod step_6_obeys_the_server {
    use super::*;

    fn busy(retry_after: Duration) -> Replies {
        Reply::Error(Failure::RetryAfter(retry_after, Says("429")))
    }

    /// R5, R6, 4.4
    #[test]
    fn and_then_spreads_its_clients_if_there_is_time() {
        check("retries.6", async |world| {
            let mut policy = policy(5);
            policy.deadline = Some(ms(5000));
            let [soon, late, never] = [ms(40), ms(2500), Duration::MAX].map(busy);
            let replies = vec![soon, says("503"), late, never, says("503")];

            let answer = ask(&world, &policy, &mut |wait| wait / 2, replies).await;

            let rule = "40 and half of 100, half of 200, 2500 and half of 400";
            attempts_at(&world, [0, 90, 190, 2890], rule);
            world.expect_now(2890, "a wait beyond the deadline is not begun");
            let deadline = Err(Error::Deadline(4, Some(Says("429"))));
            expect(answer, deadline, "the caller learns the last error");
        });
    }
}

mod step_7_shares_a_budget {
    use super::*;

    /// A retry costs a token; each call earns so many hundredths of one.
    struct Store(Tokens, u32);

    impl Budget for Store {
        fn earn(&self) {
            self.0.add(self.1);
        }
        fn take(&self) -> bool {
            self.0.take()
        }
        fn give_back(&self) {
            self.0.add(100);
        }
    }

    fn sharing(tokens: &Tokens, percent: u32, attempts: u32) -> Policy {
        let mut policy = policy(attempts);
        policy.budget = Some(Arc::new(Store(tokens.clone(), percent)));
        policy
    }

    /// 4.9
    #[test]
    fn to_which_each_call_adds_and_each_wait_costs() {
        check("retries.7", async |world| {
            let policy = sharing(&Tokens::new(&world, "budget", 1), 50, 9);

            for _ in 0..2 {
                _ = ask(&world, &policy, &mut |wait| wait, down(9)).await;
            }
            let third = ask(&world, &policy, &mut |wait| wait, down(9)).await;

            let rule = "one retry is there, then half of one, then one again";
            attempts_at(&world, [0, 100, 100, 100, 200], rule);
            let broke = Err(Error::OutOfBudget(2, Some(Says("503"))));
            expect(third, broke, "the caller learns the last error");
            world.expect_now(200, "without a retry there is nothing to wait for");
        });
    }

    /// 4.10
    #[test]
    fn for_attempts_that_it_may_make() {
        check("retries.7", async |world| {
            let tokens = Tokens::new(&world, "budget", 9);
            let mut late = sharing(&tokens, 0, 9);
            late.deadline = Some(ms(250));

            for policy in [sharing(&tokens, 0, 3), late] {
                _ = ask(&world, &policy, &mut |wait| wait, down(9)).await;
            }

            expect(tokens.left(), 6, "of 9 retries two are made, and then one");
            let mut hurried = sharing(&Tokens::new(&world, "empty", 0), 0, 9);
            hurried.deadline = Some(ms(50));
            let answer = ask(&world, &hurried, &mut |wait| wait, down(9)).await;
            let deadline = Err(Error::Deadline(1, Some(Says("503"))));
            expect(answer, deadline, "who has no time left asks for no retry");
        });
    }

    /// Own
    #[test]
    fn which_gets_back_what_was_not_used() {
        check("retries.7", async |world| {
            let tokens = Tokens::new(&world, "budget", 9);
            let policy = sharing(&tokens, 0, 9);
            let replies = vec![says("503"), says("503"), Reply::Hang];

            _ = timeout(ms(250), ask(&world, &policy, &mut |wait| wait, replies))
                .await;
            let in_a_wait = tokens.left();
            let replies = vec![says("503"), Reply::Hang];
            _ = timeout(ms(250), ask(&world, &policy, &mut |wait| wait, replies))
                .await;

            expect(in_a_wait, 8, "of 9 retries one was made before it left");
            expect(tokens.left(), 7, "a retry whose attempt has begun was made");
        });
    }

    /// 4.8
    #[test]
    fn with_all_layers() {
        check("retries.7", async |world| {
            let policy = sharing(&Tokens::new(&world, "budget", 4), 0, 3);
            let calls = world.lane("calls");

            let bottom = async |_: u32| {
                calls.mark();
                Err::<(), _>(Failure::Transient("503"))
            };
            let middle = async |_: u32| layer(&policy, &bottom).await;
            let top = async |_: u32| layer(&policy, &middle).await;
            _ = layer(&policy, &top).await;

            expect(calls.count(), 5, "four retries are four, whoever asks");
        });
    }

    /// A service that retries the one below it.
    async fn layer<T, E>(
        policy: &Policy,
        below: &impl AsyncFn(u32) -> Result<T, Failure<E>>,
    ) -> Result<T, Failure<Error<E>>> {
        let answer = retry(policy, |wait| wait, below).await;
        answer.map_err(Failure::Transient)
    }
}
