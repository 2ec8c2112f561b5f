//! The contract of `exercises/retries.rs`, one step per rule.
//!
//! Run one step alone with `cargo test --test retries step_1`.

use super::{Budget, Error, Failure, Policy, backoff, full_jitter};

#[path = "retries/act.rs"]
mod act;
#[path = "retries/scene.rs"]
mod scene;

use std::{future::ready, sync::Arc, time::Duration};

use fakes::{Crowd, Reply, Tokens};
use kit::{check, expect, leave, ms, scenes};

use act::act;
use scene::{
    Replies, Says, Store, ask, ask_for_fifty_days, attempts_at, down, hang, layer,
    policy, says, sharing, short_attempts,
};

mod step_1_returns_the_first_success {
    use super::*;

    /// A fourth reply is there for whoever makes one attempt too many.
    #[test]
    fn the_first_success_ends_the_call() {
        check("retries.1", async |world| {
            let rows = Reply::ValueAfter(30, "rows");
            let replies = vec![says("503"), says("503"), rows, says("503")];

            let answer = ask(&world, &policy(5), &mut |wait| wait, replies).await;

            let rule = "attempts go on until one succeeds, and that is the answer";
            expect(answer, Ok("rows"), rule);
            let attempts = world.lane("attempts").marks().into_iter();
            let told: Vec<String> = attempts.map(|(_, told)| told).collect();
            expect(told.len(), 3, "no attempt follows the first success");
            let numbers = ["told 1", "told 2", "told 3"];
            expect(told, numbers, "each attempt is told its own number");
            let (ended, _) = world.lane("server").ended()[0];
            world.expect_now(ended, "an answer is not held back");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("retries.1", async |stage, scene| act(stage, scene).await);
    }
}

mod step_2_waits_twice_as_long_each_time {
    use super::*;

    /// Five waits: the third meets the cap, and the others stay there.
    #[test]
    fn each_wait_doubles_the_last_up_to_the_cap() {
        check("retries.2", async |world| {
            _ = ask(&world, &policy(6), &mut |wait| wait, down(5)).await;

            let rule = "six attempts from 0 ms on, with waits of 100, 200, then 400";
            attempts_at(&world, [0, 100, 300, 700, 1100, 1500], rule);
        });
    }

    /// A nanosecond doubled 32 times is too large for 32 bits, doubled 79 times for 64.
    #[test]
    fn every_policy_doubles_until_it_meets_its_cap() {
        check("retries.2", async |_| {
            let low = Policy { cap: ms(500), ..policy(9) };
            let high = Policy { base: ms(1000), ..policy(9) };
            let nano = Duration::from_nanos(1);
            let short = Policy { base: nano, cap: ms(10_000), ..policy(9) };
            let long =
                Policy { base: Duration::MAX, cap: Duration::MAX, ..policy(9) };

            let waits = [1, 2, 3, 4, 5].map(|failures| backoff(&low, failures));
            let late_waits =
                [1, 33, 34, 35, 80].map(|failures| backoff(&short, failures));

            let planned = [100, 200, 400, 500, 500].map(ms);
            let rule = "from 100 ms on it doubles until it meets the cap of 500 ms";
            expect(waits, planned, rule);
            expect(backoff(&high, 1), ms(400), "the first wait has a cap too");
            let nanos = [1, 1 << 32, 1 << 33, 10_000_000_000, 10_000_000_000];
            let planned = nanos.map(Duration::from_nanos);
            let rule = "from 1 ns on it doubles until it meets the cap of 10 s";
            expect(late_waits, planned, rule);
            let rule = "twice a wait of `Duration::MAX` is no longer than that";
            expect(backoff(&long, 80), Duration::MAX, rule);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("retries.2", async |stage, scene| act(stage, scene).await);
    }
}

mod step_3_knows_when_to_stop {
    use super::*;

    /// Each error has a text of its own, so that the last can be told from the first.
    #[test]
    fn no_wait_follows_the_last_attempt() {
        check("retries.3", async |world| {
            let replies = ["refused", "reset", "503", "late"].map(says).into();

            let answer = ask(&world, &policy(3), &mut |wait| wait, replies).await;

            attempts_at(&world, [0, 100, 300], "there are exactly three attempts");
            world.expect_now(300, "no wait follows the last failure");
            let exhausted = Err(Error::Exhausted(3, Says("503")));
            let rule = "the answer is `Exhausted`, with 3 and the last error";
            expect(answer, exhausted, rule);
        });
    }

    /// A wrong password stays wrong.
    #[test]
    fn what_fails_for_good_is_not_repeated() {
        check("retries.3", async |world| {
            let permanent = Reply::Error(Failure::Permanent(Says("401")));
            let replies = vec![says("503"), permanent, says("503")];

            let answer = ask(&world, &policy(3), &mut |wait| wait, replies).await;

            let rule = "an attempt follows the 503, and none what fails for good";
            attempts_at(&world, [0, 100], rule);
            world.expect_now(100, "what fails for good is reported at once");
            let permanent = Err(Error::Permanent(Says("401")));
            let rule = "what fails for good is `Permanent`, with its own error";
            expect(answer, permanent, rule);
        });
    }

    /// It was the last attempt, but that is not what ended the call.
    #[test]
    fn what_fails_for_good_says_so_in_the_last_attempt_too() {
        check("retries.3", async |world| {
            let permanent = Reply::Error(Failure::Permanent(Says("401")));
            let replies = vec![says("503"), permanent];

            let answer = ask(&world, &policy(2), &mut |wait| wait, replies).await;

            let permanent = Err(Error::Permanent(Says("401")));
            let rule = "in the last attempt too a permanent failure is `Permanent`";
            expect(answer, permanent, rule);
        });
    }

    /// Attempts made in a task of their own would go on without the caller.
    #[test]
    fn when_the_caller_leaves_no_attempt_follows() {
        check("retries.3", async |world| {
            leave(&world, 150, ask(&world, &policy(6), &mut |wait| wait, down(5)))
                .await;
            world.at(5_000).await;

            let rule = "a call that is dropped at 150 ms makes no third attempt";
            attempts_at(&world, [0, 100], rule);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("retries.3", async |stage, scene| act(stage, scene).await);
    }
}

mod step_4_spreads_the_waits {
    use super::*;

    /// Half of 100 ms, 1.5 times 200, twice 400 (the cap cuts that), a quarter of 400.
    #[test]
    fn a_wait_is_what_jitter_makes_of_it() {
        check("retries.4", async |world| {
            let lane = world.lane("jitter");
            let mut factors = [0.5, 1.5, 2.0, 0.25].into_iter();
            let mut given = vec![];
            let mut jitter = |wait: Duration| {
                let made = wait.mul_f64(factors.next().unwrap_or(1.0));
                lane.log(format!("makes {made:?} of {wait:?}"));
                given.push(wait);
                made
            };

            _ = ask(&world, &policy(5), &mut jitter, down(5)).await;

            let rule = "jitter is given the waits of rule 2, whatever it makes";
            expect(given, [100, 200, 400, 400].map(ms), rule);
            let rule = "a wait is what jitter returns, cut at the cap of 400 ms";
            attempts_at(&world, [0, 50, 350, 750, 850], rule);
        });
    }

    /// To keep half of each wait is another kind of jitter.
    #[test]
    fn full_jitter_spreads_over_the_whole_wait() {
        check("retries.4", async |_| {
            let draws = [0.0, 0.25, 0.75];

            let no_wait = full_jitter(Duration::ZERO, 0.5);
            let waits = draws.map(|random| full_jitter(ms(100), random));

            expect(no_wait, ms(0), "a fraction of no wait is no wait");
            let parts = [0, 25, 75].map(ms);
            let rule = "full jitter is the fraction `random` of the wait";
            expect(waits, parts, rule);
        });
    }

    /// A wait with up to a quarter added, as many write it, leaves four hundred of them together.
    #[test]
    fn clients_that_fail_together_come_back_apart() {
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

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("retries.4", async |stage, scene| act(stage, scene).await);
    }
}

mod step_5_keeps_to_its_time {
    use super::*;

    /// The server takes a request and never answers it.
    #[test]
    fn each_attempt_ends_at_its_own_limit() {
        check("retries.5", async |world| {
            let policy = short_attempts(3);
            let replies = [says("503")].into_iter().chain(hang(3)).collect();

            let answer = ask(&world, &policy, &mut |wait| wait, replies).await;

            // Why the first alone: when the next one ends depends on the wait before it.
            let server = world.lane("server");
            let ended: Vec<_> =
                server.dropped().iter().map(|it| it.0).take(1).collect();
            let rule = "each attempt has its own limit: 250 ms from 100 ms on";
            expect(ended, vec![350], rule);
            let rule = "at its limit an attempt is one more failure: 200 ms of wait";
            attempts_at(&world, [0, 100, 550], rule);
            let rule = "the last attempt is dropped at its limit too";
            server.expect_dropped_at([350, 800], rule);
            let timed_out = Err(Error::TimedOut(3));
            let rule = "a last attempt at its limit is `TimedOut`, with 3";
            expect(answer, timed_out, rule);
        });
    }

    /// Without an answer nobody knows whether it was done.
    #[test]
    fn what_may_be_done_once_is_not_done_twice() {
        check("retries.5", async |world| {
            let policy = Policy { idempotent: false, ..short_attempts(3) };

            let answer = ask(&world, &policy, &mut |wait| wait, hang(4)).await;

            let rule = "what is not `idempotent` is not tried again at its limit";
            attempts_at(&world, [0], rule);
            let timed_out = Err(Error::TimedOut(1));
            let rule = "one attempt that got no answer is `TimedOut`, with 1";
            expect(answer, timed_out, rule);
        });
    }

    /// A fifth attempt would begin at 1100 ms.
    #[test]
    fn a_wait_beyond_the_deadline_is_not_begun() {
        check("retries.5", async |world| {
            let policy = Policy { deadline: Some(ms(1000)), ..policy(9) };

            let answer = ask(&world, &policy, &mut |wait| wait, down(9)).await;

            let rule = "all attempts before 1000 ms are made, and no other";
            attempts_at(&world, [0, 100, 300, 700], rule);
            world.expect_now(700, "a wait beyond the deadline is not begun");
            let deadline = Err(Error::Deadline(4, Some(Says("503"))));
            let rule = "the answer is `Deadline`, with 4 and the last error";
            expect(answer, deadline, rule);
        });
    }

    /// The third attempt begins at 550 ms, so 100 of its 250 ms are left.
    #[test]
    fn the_last_attempt_has_what_is_left_of_the_time() {
        check("retries.5", async |world| {
            let policy = Policy { deadline: Some(ms(650)), ..short_attempts(3) };
            let replies = [says("503")].into_iter().chain(hang(3)).collect();

            let answer = ask(&world, &policy, &mut |wait| wait, replies).await;

            let rule = "a third attempt follows one that has its limit in time";
            attempts_at(&world, [0, 100, 550], rule);
            world.expect_now(650, "the last attempt has what is left of 650 ms");
            let deadline = Err(Error::Deadline(3, Some(Says("503"))));
            let rule = "the answer is `Deadline`, with 3 and the one error";
            expect(answer, deadline, rule);
        });
    }

    /// With the longest limits and without any, in the longest wait; each caller leaves.
    #[test]
    fn a_deadline_that_never_comes_is_never_over() {
        check("retries.5", async |world| {
            let (base, cap) = (Duration::MAX, Duration::MAX);
            let never = "limits of `Duration::MAX` never come, also in a wait that is as long";
            let none = "a limit that is `None` ends nothing";
            for longest in [Some(Duration::MAX), None] {
                let (attempt_limit, deadline) = (longest, longest);
                let policy =
                    Policy { base, cap, attempt_limit, deadline, ..policy(9) };
                let fails = Reply::ErrorAfter(30, Failure::Transient(Says("503")));
                for reply in [fails, Reply::Hang] {
                    let call = ask_for_fifty_days(&world, &policy, vec![reply]);
                    expect(
                        call.await,
                        None,
                        if longest.is_some() { never } else { none },
                    );
                }
            }
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("retries.5", async |stage, scene| act(stage, scene).await);
    }
}

mod step_6_obeys_the_server {
    use super::*;

    fn busy(retry_after: Duration) -> Replies {
        Reply::Error(Failure::RetryAfter(retry_after, Says("429")))
    }

    /// It asks for 40 ms, then for more than the cap, then for more than there is.
    #[test]
    fn jitter_comes_on_top_of_what_the_server_asks() {
        check("retries.6", async |world| {
            let policy = Policy { deadline: Some(ms(5000)), ..policy(5) };
            let [soon, late, never] = [ms(40), ms(2500), Duration::MAX].map(busy);
            let replies = vec![soon, says("503"), late, never, says("503")];

            let answer = ask(&world, &policy, &mut |wait| wait / 2, replies).await;

            let rule = "a wait is all the server asks for, plus that of rule 4";
            attempts_at(&world, [0, 90, 190, 2890], rule);
            let rule = "what the server asks for is not begun beyond the deadline";
            world.expect_now(2890, rule);
            let deadline = Err(Error::Deadline(4, Some(Says("429"))));
            let rule = "the answer is `Deadline`, with 4 and the server's error";
            expect(answer, deadline, rule);
        });
    }

    /// Nobody has set a limit, and the caller leaves after an hour.
    #[test]
    fn the_longest_wait_does_not_end() {
        check("retries.6", async |world| {
            let replies = vec![says("503"), busy(Duration::MAX)];

            let answer = ask_for_fifty_days(&world, &policy(9), replies).await;

            let rule =
                "when the server asks for `Duration::MAX` the wait never ends";
            expect(answer, None, rule);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("retries.6", async |stage, scene| act(stage, scene).await);
    }
}

mod step_7_shares_a_budget {
    use super::*;

    /// Each call earns half of a retry.
    #[test]
    fn each_call_earns_and_each_wait_costs() {
        check("retries.7", async |world| {
            let tokens = Tokens::new(&world, "budget", 1);
            let store = Store { tokens, earned: 50 };
            let policy = Policy { budget: Some(Arc::new(store)), ..policy(9) };

            for _ in 0..2 {
                _ = ask(&world, &policy, &mut |wait| wait, down(9)).await;
            }
            let third = ask(&world, &policy, &mut |wait| wait, down(9)).await;

            let attempts = world.lane("attempts").marks().into_iter();
            let told: Vec<_> = attempts.map(|(_, told)| told).collect();
            let numbers = ["told 1", "told 2", "told 1", "told 1", "told 2"];
            let rule =
                "a retry that was made is paid: calls 1 and 3 have one, 2 has none";
            expect(told, numbers, rule);
            let rule = "a wait is not begun without a retry for it";
            attempts_at(&world, [0, 100, 100, 100, 200], rule);
            world.expect_now(200, "a call without a retry ends at once");
            let broke = Err(Error::OutOfBudget(2, Some(Says("503"))));
            let rule = "the answer is `OutOfBudget`, with 2 and the last error";
            expect(third, broke, rule);
        });
    }

    /// The first call has three attempts, the second one has time for two, the third for one.
    #[test]
    fn a_retry_that_may_not_be_made_costs_nothing() {
        check("retries.7", async |world| {
            let tokens = Tokens::new(&world, "budget", 9);
            let late = Policy { deadline: Some(ms(250)), ..sharing(&tokens, 9) };

            let last = "of 9 retries the two that are made are gone, and no other";
            let beyond = "of 7 retries the one that is made is gone, and no other";
            for (policy, left, rule) in
                [(sharing(&tokens, 3), 7, last), (late, 6, beyond)]
            {
                _ = ask(&world, &policy, &mut |wait| wait, down(9)).await;
                expect(tokens.left(), left, rule);
            }

            let empty = Tokens::new(&world, "empty", 0);
            let hurried = Policy { deadline: Some(ms(50)), ..sharing(&empty, 9) };
            let answer = ask(&world, &hurried, &mut |wait| wait, down(9)).await;
            let deadline = Err(Error::Deadline(1, Some(Says("503"))));
            let rule = "without time and without a retry the answer is `Deadline`";
            expect(answer, deadline, rule);
        });
    }

    /// The first call leaves in its second wait, the second call in its second attempt.
    #[test]
    fn the_budget_gets_back_what_was_not_used() {
        check("retries.7", async |world| {
            let tokens = Tokens::new(&world, "budget", 9);
            let policy = sharing(&tokens, 9);
            let replies = vec![says("503"), says("503"), Reply::Hang];

            leave(&world, 250, ask(&world, &policy, &mut |wait| wait, replies))
                .await;
            let in_a_wait = tokens.left();
            let replies = vec![says("503"), Reply::Hang];
            leave(&world, 250, ask(&world, &policy, &mut |wait| wait, replies))
                .await;

            let rule = "dropped in its second wait a call gives back one of its two";
            expect(in_a_wait, 8, rule);
            let rule = "a call dropped in an attempt gives nothing back";
            expect(tokens.left(), 7, rule);
        });
    }

    /// Three attempts in each of three layers would be 27 calls.
    #[test]
    fn three_layers_share_one_budget() {
        check("retries.7", async |world| {
            let policy = sharing(&Tokens::new(&world, "budget", 4), 3);
            let calls = world.lane("calls");

            let bottom = |_: u32| {
                calls.mark();
                ready(Err::<(), _>(Failure::Transient("503")))
            };
            let middle = async |_: u32| layer(&policy, &bottom).await;
            let top = async |_: u32| layer(&policy, &middle).await;
            _ = layer(&policy, &top).await;

            let rule = "four retries are four calls more, in all layers together";
            expect(calls.count(), 5, rule);
        });
    }

    /// One retry is there, and what the call earns does not fit.
    #[test]
    fn waits_of_no_time_cost_a_retry_as_well() {
        check("retries.7", async |world| {
            let tokens = Tokens::new(&world, "budget", 1);
            let store = Store { tokens, earned: 100 };
            let budget: Option<Arc<dyn Budget>> = Some(Arc::new(store));
            let policy = Policy { base: ms(0), budget, ..policy(4) };

            let answer = ask(&world, &policy, &mut |wait| wait, down(4)).await;

            let broke = Err(Error::OutOfBudget(2, Some(Says("503"))));
            expect(answer, broke, "a wait of 0 ms takes a retry as well");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("retries.7", async |stage, scene| act(stage, scene).await);
    }
}
