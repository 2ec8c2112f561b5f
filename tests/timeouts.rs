//! The contract of `exercises/timeouts.rs`, one step per rule. What the scenarios have in common is
//! in the folder `tests/timeouts`.
//!
//! Run one step alone with `cargo test --test timeouts step_1`.

#[path = "timeouts/act.rs"]
mod act;
#[path = "timeouts/scene.rs"]
mod scene;

use super::{
    CallError::{DeadlineExceeded, Failed, TimedOut},
    Deadline, in_a_task, in_pieces, is_healthy, reply_to, within,
};
use act::act;
use scene::{
    Line, deadline_seen_at, eight_pages, flood, hangs, in_turns, is_cached,
    never_rests, nine_pieces, outlives_its_runtime, polled_late, request, rows,
};

use std::{task::Poll, time::Duration};

use kit::{FIFTY_DAYS_MS, caught, check, expect, ms, scenes, spawn};
use tokio_test::task;

/// Whoever asks only whether a check timed out sends everybody to the backend that fails fastest.
mod step_1_a_failed_check_is_not_healthy {
    use super::*;

    /// The first answer comes long before the limit, the second at its last instant.
    #[test]
    fn a_check_that_succeeds_in_time_is_healthy() {
        check("timeouts.1", async |world| {
            let soon = "a check that succeeds within its limit is healthy";
            let last = "a check that succeeds right at its limit is healthy";
            for takes_ms in [40, 100] {
                let ping = request(world.lane("backend"), takes_ms, Ok::<_, ()>(()));
                let healthy = is_healthy(ms(100), ping).await;
                expect(healthy, true, if takes_ms < 100 { soon } else { last });
            }

            world.expect_now(140, "the answer comes as soon as a check succeeds");
        });
    }

    #[test]
    fn a_failure_is_not_healthy_however_quick() {
        check("timeouts.1", async |world| {
            let balancer = world.lane("load balancer");
            let ping = request(world.lane("backend"), 3, Err("503"));

            let healthy = is_healthy(ms(100), ping).await;

            balancer.log(if healthy { "keeps it" } else { "takes it out" });
            expect(healthy, false, "a backend that answers 503 is not healthy");
            world.expect_now(3, "the answer comes as soon as the check fails");
        });
    }

    #[test]
    fn a_hanging_check_is_not_healthy() {
        check("timeouts.1", async |world| {
            let healthy = is_healthy(ms(100), hangs(&world, "backend")).await;

            expect(healthy, false, "no answer within the limit is not healthy");
            world
                .expect_now(100, "a check is waited for until its limit, no longer");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("timeouts.1", async |stage, scene| act(stage, scene).await);
    }
}

mod step_2_stops_waiting_at_the_limit {
    use super::*;

    /// The limit begins at the first poll, at 60 ms.
    #[test]
    fn an_answer_at_the_limit_is_in_time() {
        check("timeouts.2", async |world| {
            let call = within(ms(5000), rows(&world, 5000));

            world.lane("caller").takes("other work", 60).await;
            let answer = call.await;

            let rule = "the limit runs from the first poll, at 60 ms";
            expect(world.now_ms().min(5060), 5060, rule);
            expect(answer, Ok("rows"), "an answer right at the limit is in time");
            world.expect_now(5060, "an answer is returned when it comes");
        });
    }

    #[test]
    fn a_failure_in_time_keeps_its_own_error() {
        check("timeouts.2", async |world| {
            let query = request(world.lane("database"), 30, Err::<(), _>("full"));

            let answer = within(ms(5000), query).await;

            let rule = "what fails in time comes out with its own error";
            expect(answer, Err(Failed("full")), rule);
            world.expect_now(30, "a failure is returned when it happens");
        });
    }

    #[test]
    fn one_millisecond_after_the_limit_is_too_late() {
        check("timeouts.2", async |world| {
            let (database, caller) = (world.lane("database"), world.lane("caller"));

            let answer = within(ms(5000), rows(&world, 5001)).await;

            caller.log("goes on");
            caller.expect_at([5000], "a call waits until its limit, no longer");
            let rule = "a call that ends at its limit is `TimedOut`, with the limit";
            expect(answer, Err(TimedOut(ms(5000))), rule);
            database.expect_dropped_at([5000], "the work is dropped at the limit");
        });
    }

    #[test]
    fn what_is_ready_wins_in_a_late_poll() {
        check("timeouts.2", async |world| {
            let query = within(ms(100), rows(&world, 120));
            let answer = polled_late(&world, 150, query).await;

            expect(
                answer,
                Poll::Ready(Ok("rows")),
                "polled late, what is ready wins",
            );
        });
    }

    #[test]
    fn work_that_never_rests_ends_at_the_limit_too() {
        check("timeouts.2", async |world| {
            let work = within(ms(100), never_rests(world.lane("work")));
            let answer = polled_late(&world, 150, work).await;
            let rule =
                "polled after its limit a call ends, even if its work goes on";
            expect(answer, Poll::Ready(Err(TimedOut(ms(100)))), rule);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("timeouts.2", async |stage, scene| act(stage, scene).await);
    }
}

/// A limit around each message starts again with every one of them.
mod step_3_has_one_limit_for_the_whole_wait {
    use super::*;

    /// The messages come at 100, 200 and 300 ms, and that is the limit.
    #[test]
    fn a_message_to_us_is_returned_when_it_comes() {
        check("timeouts.3", async |world| {
            let to = |id| Ok((id, "a message"));
            let messages = [(100, to(1)), (200, to(2)), (300, Ok((7, "ours")))];
            let mut line = Line::new(&world, "messages", messages);

            let answer = reply_to(7, ms(300), async || line.next().await).await;

            let not = "a message to somebody else is not the answer";
            let ours = "our message is the answer, also right at the limit";
            let is_ours = answer != Ok("a message");
            expect(answer, Ok("ours"), if is_ours { ours } else { not });
            world.expect_now(300, "our message is returned when it comes");
        });
    }

    #[test]
    fn the_messages_to_others_buy_no_time() {
        check("timeouts.3", async |world| {
            let caller = world.lane("caller");
            // Ten heartbeats, at 900 to 9000 ms, and then not a word.
            let beats = (1..=10).map(|beat| (900 * beat, Ok((1, "heartbeat"))));
            let mut line = Line::new(&world, "to others", beats);

            let answer = reply_to(7, ms(5000), async || line.next().await).await;

            caller.log("goes on");
            let rule = "the whole wait has one limit, 5000 ms, whatever comes";
            caller.expect_at([5000], rule);
            let rule = "without a message to us the wait ends with `TimedOut`";
            expect(answer, Err(TimedOut(ms(5000))), rule);
        });
    }

    /// The line always has a message. The others have their turns from 0, 50, 100 ms on.
    #[test]
    fn when_messages_never_end_the_wait_still_ends() {
        check("timeouts.3", async |world| {
            let reply = reply_to(7, ms(120), flood(world.lane("to others")));
            let answer = in_turns(world.lane("others"), reply).await;

            let rule = "a flood of messages to others ends with `TimedOut`";
            expect(answer, Err(TimedOut(ms(120))), rule);
            world.expect_now(150, "a flood ends in the first poll after the limit");
        });
    }

    #[test]
    fn the_failure_of_the_line_ends_the_wait() {
        check("timeouts.3", async |world| {
            let mut line = Line::new(&world, "line()", [(300, Err("closed"))]);

            let answer = reply_to(7, ms(5000), async || line.next().await).await;

            let rule = "a failure of the line is `Failed`, with its own error";
            expect(answer, Err(Failed("closed")), rule);
            world.expect_now(300, "when the line fails the call fails at once");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("timeouts.3", async |stage, scene| act(stage, scene).await);
    }
}

/// Three steps with a limit each may take three times as long.
mod step_4_ends_at_whichever_comes_first {
    use super::*;

    #[test]
    fn one_step_ends_at_its_own_limit() {
        check("timeouts.4", async |world| {
            let deadline = Deadline::after(ms(1000));

            let answer = deadline.step(ms(300), hangs(&world, "cart")).await;

            world.expect_now(300, "a step ends at its limit where that comes first");
            let rule = "a step that ends at its limit is `TimedOut`, with the limit";
            expect(answer, Err(TimedOut(ms(300))), rule);
        });
    }

    #[test]
    fn all_three_steps_share_one_deadline() {
        check("timeouts.4", async |world| {
            let caller = world.lane("caller");
            let deadline = Deadline::after(ms(1000));
            let step = async |name| {
                let call = request(world.lane(name), 400, Ok::<_, ()>(name));
                deadline.step(ms(500), call).await
            };

            let answers = [step("cart").await, step("price").await];
            let payment = step("payment").await;

            caller.log("gives up");
            let rule = "what is done before limit and deadline gives its value";
            expect(answers, [Ok("cart"), Ok("price")], rule);
            // 400 + 400 leave 200 of the 1000, less than the third step's 500.
            caller.expect_at([1000], "the third step ends at the shared deadline");
            let rule = "what ends at the deadline is DeadlineExceeded";
            expect(payment, Err(DeadlineExceeded), rule);
        });
    }

    /// The limit is shorter than what is left of the deadline, and then longer.
    #[test]
    fn an_error_in_a_step_is_returned_when_it_happens() {
        check("timeouts.4", async |world| {
            let deadline = Deadline::after(ms(1000));

            for limit in [ms(300), ms(5000)] {
                let call = request(world.lane("cart"), 30, Err::<(), _>("full"));
                let answer = deadline.step(limit, call).await;
                let rule = "what fails in a step comes out with its own error";
                expect((limit, answer), (limit, Err(Failed("full"))), rule);
            }

            world.expect_now(60, "a failure is returned when it happens");
        });
    }

    #[test]
    fn the_largest_duration_is_no_limit() {
        check("timeouts.4", async |world| {
            let never = Deadline::after(Duration::MAX);
            let answer = never.step(ms(300), hangs(&world, "cart")).await;
            expect(answer, Err(TimedOut(ms(300))), "this deadline never comes");

            let deadline = Deadline::after(ms(1000));
            let answer = deadline.step(Duration::MAX, hangs(&world, "price")).await;
            world.expect_now(1300, "a step without a limit goes on to the deadline");
            let rule = "a step without a limit ends with `DeadlineExceeded`";
            expect(answer, Err(DeadlineExceeded), rule);

            let slow = request(world.lane("export"), FIFTY_DAYS_MS, Ok::<_, ()>(7));
            let answer = never.step(Duration::MAX, slow).await;
            expect(answer, Ok(7), "`Duration::MAX` is not over after fifty days");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("timeouts.4", async |stage, scene| act(stage, scene).await);
    }
}

/// To drop the handle of a task stops nothing: it goes on writing for nobody.
mod step_5_leaves_no_task_behind {
    use super::*;

    #[test]
    fn without_its_runtime_a_call_never_resolves() {
        check("timeouts.5", async |world| {
            let said = outlives_its_runtime(&world);
            let rule = "without its runtime a call stays pending, with no panic";
            expect(said, "nothing", rule);
        });
    }

    #[test]
    fn a_task_goes_on_while_its_caller_is_busy() {
        check("timeouts.5", async |world| {
            let (caller, index) = (world.lane("caller"), world.lane("index"));
            let work = request(index.clone(), 30, "built");

            let mut call = task::spawn(in_a_task(work));
            _ = call.poll();
            caller.takes("other work", 60).await;
            let answer = call.poll();

            index.expect_ended_at([30], "a task goes on while its caller is busy");
            expect(answer, Poll::Ready("built"), "the answer waits for its caller");
        });
    }

    #[test]
    fn a_limit_takes_the_task_along() {
        check("timeouts.5", async |world| {
            let (export, caller) = (world.lane("export"), world.lane("caller"));

            let work = eight_pages(export.clone());
            let answer = within(ms(4500), in_a_task(work)).await;
            caller.log("is told");
            world.at(8500).await;

            let rule = "`within` ends a call of `in_a_task` at its limit, too";
            expect(answer, Err(TimedOut(ms(4500))), rule);
            let rule = "the task writes until its call is dropped, no longer";
            export.expect_at([1000, 2000, 3000, 4000], rule);
        });
    }

    #[test]
    fn a_task_ends_with_a_caller_that_leaves() {
        check("timeouts.5", async |world| {
            let (client, export) = (world.lane("client"), world.lane("export"));

            let call = spawn(in_a_task(request(export.clone(), 3000, ())));
            world.at(100).await;
            client.log("hangs up");
            call.abort();
            world.at(8500).await;

            export.expect_ended_at([], "what nobody waits for is not finished");
            export.expect_dropped_at([100], "a task is dropped with its call");
        });
    }

    #[test]
    fn a_panic_in_the_task_reaches_the_caller() {
        check("timeouts.5", async |world| {
            world.expect_panics(1);

            let call = caught(in_a_task(async { panic!("no index") })).await;

            let payload = call.map_err(|payload| payload.downcast_ref().copied());
            let rule = "what the work panics with the caller panics with";
            expect(payload, Err::<(), _>(Some("no index")), rule);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("timeouts.5", async |stage, scene| act(stage, scene).await);
    }
}

/// Work without an await cannot be cut off, and has the thread for itself.
mod step_6_gives_way_where_nothing_waits {
    use super::*;

    #[test]
    fn between_two_pieces_others_have_their_turn() {
        check("timeouts.6", async |world| {
            let (pieces, others) = (world.lane("pieces"), world.lane("others"));

            in_turns(others, in_pieces(3, |_| pieces.mark())).await;

            pieces.expect_at([0, 50, 100], "each piece has a poll of its own");
        });
    }

    #[test]
    fn giving_way_costs_no_time_and_no_piece() {
        check("timeouts.6", async |world| {
            let pieces = world.lane("pieces");
            let mut numbers = vec![];

            in_pieces(4, |number| {
                numbers.push(number);
                pieces.mark();
            })
            .await;

            expect(numbers, [0, 1, 2, 3], "each piece is done once, in order");
            pieces.expect_at([0, 0, 0, 0], "giving way takes no time of its own");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("timeouts.6", async |stage, scene| act(stage, scene).await);
    }
}

/// `TimedOut` invites the caller to try something else, so there must be time for it.
mod step_7_promises_no_time_that_is_not_there {
    use super::*;

    /// At 300 ms the limit is over, but nobody looks before 1200 ms.
    #[test]
    fn a_limit_noticed_after_the_deadline_is_the_deadline() {
        check("timeouts.7", async |world| {
            let deadline = Deadline::after(ms(1000));

            let step = deadline.step(ms(300), hangs(&world, "cart"));
            let answer = polled_late(&world, 1200, step).await;

            let rule = "polled after the deadline a step is `DeadlineExceeded`";
            expect(answer, Poll::Ready(Err(DeadlineExceeded)), rule);
        });
    }

    #[test]
    fn what_is_ready_wins_after_the_deadline() {
        check("timeouts.7", async |world| {
            let deadline = deadline_seen_at(&world, 1200).await;

            let answer = deadline.step(ms(50), is_cached(&world)).await;

            let rule = "what is ready in one poll after the deadline wins";
            expect(answer, Ok("value"), rule);
            world.expect_now(1200, "an answer that is there is returned at once");
        });
    }

    #[test]
    fn what_is_not_ready_after_the_deadline_is_too_late() {
        check("timeouts.7", async |world| {
            let deadline = deadline_seen_at(&world, 1200).await;

            let answer = deadline.step(ms(50), hangs(&world, "cache")).await;

            let rule = "after the deadline work is still polled once";
            world.lane("cache").expect_begun_at([1200], rule);
            world.expect_now(1200, "after the deadline nothing is waited for");
            let rule = "what is late and not ready is `DeadlineExceeded`";
            expect(answer, Err(DeadlineExceeded), rule);
        });
    }

    #[test]
    fn one_poll_after_the_deadline_is_the_last() {
        check("timeouts.7", async |world| {
            let (pieces, others) = (world.lane("pieces"), world.lane("others"));
            let deadline = Deadline::after(ms(120));
            let work = nine_pieces(pieces.clone());

            let answer = in_turns(others, deadline.step(ms(500), work)).await;

            let rule = "after the deadline, at 120 ms, there is one poll more";
            pieces.expect_at([0, 50, 100, 150], rule);
            expect(answer, Err(DeadlineExceeded), "late work is `DeadlineExceeded`");
        });
    }

    #[test]
    fn work_that_never_rests_has_one_poll_after_the_deadline() {
        check("timeouts.7", async |world| {
            let polls = world.lane("polls");
            let deadline = deadline_seen_at(&world, 1200).await;

            let answer = deadline.step(ms(50), never_rests(polls.clone())).await;

            polls.expect_at([1200], "work that never rests has one late poll");
            expect(answer, Err(DeadlineExceeded), "late work is `DeadlineExceeded`");
        });
    }

    /// A tie, but within one future: it has one outcome. 400 + 600 ms is the deadline.
    #[test]
    fn a_limit_at_the_deadline_is_the_deadline() {
        check("timeouts.7", async |world| {
            let deadline = deadline_seen_at(&world, 400).await;

            let answer = deadline.step(ms(600), hangs(&world, "cart")).await;

            world.expect_now(1000, "a step ends where limit and deadline meet");
            expect(answer, Err(DeadlineExceeded), "a tie is `DeadlineExceeded`");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("timeouts.7", async |stage, scene| act(stage, scene).await);
    }
}
