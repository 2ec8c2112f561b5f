//! The contract of `exercises/joinset.rs`, one step per rule. What the scenarios have in common is
//! in `tests/joinset/scene.rs`.
//!
//! Run one step alone with `cargo test --test joinset step_1`.

#[path = "joinset/act.rs"]
mod act;
#[path = "joinset/scene.rs"]
mod scene;
#[path = "joinset/threads.rs"]
mod threads;

use super::map_bounded;
use act::act;
use scene::{
    AN_HOUR, End, FuturesAlive, NONE, PanicIn, Work, a_run, a_run_in_the_weather,
    a_run_that_fails, a_run_that_is_dropped, a_run_that_panics, behind_a_long_one,
    looks_again_at, two_that_end_badly,
};

use std::iter::from_fn;

use kit::{check, check_large, expect, race, require, scenes};

mod step_1_answers_in_the_order_of_the_items {
    use super::*;

    /// The upstream answers sooner or later by the seed, so the operations end in any order.
    #[test]
    fn values_stand_in_the_order_of_the_items() {
        check("joinset.1", async |world| {
            let work = Work::new(&world);

            let values = a_run_in_the_weather(&work, 6).await;

            let in_order = Ok(vec![0, 10, 20, 30, 40, 50]);
            expect(values, in_order, "each value stands in the place of its item");
        });
    }

    /// A loop that waits for a first end would wait for ever.
    #[test]
    fn without_items_the_answer_comes_at_once() {
        check("joinset.1", async |world| {
            let work = Work::new(&world);

            let values = a_run_in_the_weather(&work, 0).await;

            expect(values, Ok(vec![]), "no items give no values");
            world.expect_now(0, "nothing to do takes no time");
        });
    }

    #[test]
    #[ignore = "real threads: a check asks for it when everything else is right"]
    fn threads_keep_the_order_of_many_values() {
        let rule = "each value stands in the place of its item";
        let runtime = kit::threads();
        race("joinset.1", rule, 3, move |_| {
            runtime.block_on(threads::keeps_the_order_of_many())
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("joinset.1", async |stage, scene| act(stage, scene).await);
    }
}

mod step_2_keeps_as_many_in_flight_as_it_may {
    use super::*;

    /// Work in chunks of two would begin items 2 and 3 at 300 ms.
    #[test]
    fn as_one_operation_ends_the_next_begins() {
        check("joinset.2", async |world| {
            let work = Work::new(&world);

            a_run(&work, 2, &[300, 100, 100, 100]).await;

            let rule = "as many operations begin at once as the limit allows";
            expect(work.at_first(), "2 at once", rule);
            // Item 0 has one slot for 300 ms; the other three share the second slot.
            work.lane.expect_begun_at(
                [0, 0, 100, 200],
                "an operation begins in the instant another one makes room",
            );
            world.expect_now(300, "the answer is there when the last one ends");
        });
    }

    #[test]
    fn one_runs_at_a_time_when_the_limit_is_one() {
        check("joinset.2", async |world| {
            let work = Work::new(&world);

            a_run(&work, 1, &[30, 10, 20]).await;

            let rule = "with a limit of one, each begins when the one before ends";
            work.lane.expect_begun_at([0, 30, 40], rule);
            world.expect_now(60, "the answer is there when the last one ends");
        });
    }

    /// Chunks, or waiting for the oldest, would begin some of them too late.
    #[test]
    fn each_end_makes_room_for_one_whatever_ends_first() {
        check("joinset.2", async |world| {
            let work = Work::new(&world);

            _ = a_run_in_the_weather(&work, 8).await;

            // Three begin at once; each of the other five begins when one ends.
            let ends = work.lane.ended().into_iter().map(|(at_ms, _)| at_ms);
            let due_ms: Vec<u64> =
                [0, 0, 0].into_iter().chain(ends).take(8).collect();
            work.lane
                .expect_begun_at(due_ms, "each end makes room for one, at once");
        });
    }

    /// A hundred at a time end after 1 ms each; whoever keeps a place for the value of the first
    /// runs out of places some day. And then all at once.
    #[test]
    fn one_long_operation_holds_up_no_other_however_many() {
        check_large("joinset.2", async |world| {
            let (begun, ended) = behind_a_long_one(&world, 101, 2_100).await;

            let rule =
                "the next one begins, however many have ended behind a long one";
            expect(begun, "2100 of 2100 have begun", rule);
            let rule =
                "as many are in flight as the limit allows, beside a long one";
            expect(ended, "limit 101: 2100 of 1 ms each are over after 21 ms", rule);

            let (_, ended) = behind_a_long_one(&world, 5_000, 1_100).await;
            expect(ended, "limit 5000: 1100 of 1 ms each are over after 1 ms", rule);
        });
    }

    /// The largest limit there is: more than a semaphore has permits.
    #[test]
    fn operations_run_together_when_there_is_room_for_all() {
        check("joinset.2", async |world| {
            let work = Work::new(&world);

            a_run(&work, usize::MAX, &[70; 100]).await;

            let rule = "as many are in flight as the limit allows";
            work.lane.expect_begun_at([0; 100], rule);
            world.expect_now(70, "a hundred at a time take as long as one");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("joinset.2", async |stage, scene| act(stage, scene).await);
    }
}

mod step_3_ends_with_the_first_error {
    use super::*;

    /// Item 0 takes an hour: whoever joins in order hears of the error then.
    #[test]
    fn the_first_error_arrives_when_it_happens() {
        check("joinset.3", async |world| {
            let work = Work::new(&world);
            let takes_ms = [AN_HOUR, 150, 200];

            let run = map_bounded(work.at_most(10), 0..3, |item| {
                work.takes(item, takes_ms[item], End::Fails)
            });
            let answer = run.await;

            work.caller_gets(format_args!("{answer:?}")).await;
            world.expect_now(150, "the first error arrives when it happens");
            let first = Err("item 1".to_owned());
            expect(answer, first, "the error is the first one in time");
        });
    }

    /// Polled once, and then not before both have failed. What is polled in place fails when it is polled again.
    #[test]
    fn the_first_error_counts_though_nobody_looked() {
        check("joinset.3", async |world| {
            let work = Work::new(&world);
            let takes_ms = [150, 100];

            let run = map_bounded(work.at_most(2), 0..2, |item| {
                work.takes(item, takes_ms[item], End::Fails)
            });
            let answer = looks_again_at(&world, 200, run).await;

            work.caller_gets(format_args!("{answer:?}")).await;
            let first = work.first_to_fail();
            require(
                answer.is_err_and(|error| first.contains(&error)),
                "the error is the first one in time, whenever somebody looks",
            );
        });
    }

    /// An hour later, so that whatever was about to begin has begun.
    #[test]
    fn after_the_first_error_nothing_begins() {
        check("joinset.3", async |world| {
            let work = Work::new(&world);

            a_run_that_fails(&work, 0..10).await;
            world.at(AN_HOUR).await;

            work.lane.expect_begun_at(
                [0, 0, 0, 100],
                "from the error on no operation begins",
            );
            // One whose future is dropped before its first poll is not on the lane.
            let late = format!("{} calls", work.calls_from(150));
            expect(late, "0 calls", "from the error on `operation` is not called");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("joinset.3", async |stage, scene| act(stage, scene).await);
    }
}

mod step_4_leaves_nothing_behind {
    use super::*;

    /// An abort only asks: the futures of the tasks may live on for a while.
    #[test]
    fn at_the_return_of_an_error_the_others_are_gone() {
        check("joinset.4", async |world| {
            let work = Work::new(&world);

            let alive = a_run_that_fails(&work, 0..10).await;

            expect(alive, NONE, "no future of a failed call outlives its return");
        });
    }

    #[test]
    fn after_an_error_no_operation_comes_to_its_end() {
        check("joinset.4", async |world| {
            let work = Work::new(&world);

            a_run_that_fails(&work, 0..10).await;
            world.at(AN_HOUR).await;

            // Items 2 and 3; item 0 has ended before.
            work.lane.expect_dropped_at(
                [150, 150],
                "what was in flight at the error never comes to its end",
            );
        });
    }

    /// To give way once after the abort is enough in an empty process, not in this one.
    #[test]
    fn in_a_busy_process_too_the_others_are_gone() {
        check_large("joinset.4", async |world| {
            let work = Work::new(&world);
            fakes::bystanders(&world, 480, 150);

            let alive = a_run_that_fails(&work, 0..10).await;

            expect(alive, NONE, "no future of a failed call outlives its return");
        });
    }

    /// An operation that is polled on another thread is gone when it gives way, and not before.
    #[test]
    #[ignore = "real threads: a check asks for it when everything else is right"]
    fn threads_have_left_every_operation() {
        let rule = "no operation that another thread polls outlives a failed call";
        let runtime = kit::threads();
        race("joinset.4", rule, 10, move |_| runtime.block_on(threads::round()));
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("joinset.4", async |stage, scene| act(stage, scene).await);
    }
}

mod step_5_takes_items_as_it_needs_them {
    use super::*;

    /// The `try_iter` of a channel is like this: nothing now, and more a moment later.
    #[test]
    fn after_its_end_the_iterator_is_not_asked_again() {
        check("joinset.5", async |world| {
            let (work, iterator) = (Work::new(&world), world.lane("iterator"));
            let mut answers = [Some(0), Some(1), None, Some(2)].into_iter();
            let items = from_fn(|| {
                let answer = answers.next().flatten();
                iterator.log(format!("answers {answer:?}"));
                answer
            });

            let run = map_bounded(work.at_most(3), items, |item| {
                work.takes(item, 100 + 50 * item as u64, End::Well)
            });
            let values = run.await;

            let rule = "after its first `None` the iterator is not asked again";
            iterator.expect_at([0, 0, 0], rule);
            expect(
                values,
                Ok(vec![0, 1]),
                "the answer holds what comes before the `None`, no more",
            );
        });
    }

    #[test]
    fn an_item_is_taken_when_its_operation_begins() {
        check("joinset.5", async |world| {
            let (work, iterator) = (Work::new(&world), world.lane("iterator"));
            let items =
                (0..1_000).inspect(|item| iterator.log(format!("gives {item}")));

            a_run_that_fails(&work, items).await;

            // Three at once, and the next when item 0 ends; at 150 ms item 1 fails.
            iterator.expect_at(
                [0, 0, 0, 100],
                "an item leaves the iterator when its operation begins",
            );
        });
    }

    /// The caller may go on with them: none may be taken in advance.
    #[test]
    fn items_without_an_operation_stay_in_the_iterator() {
        check("joinset.5", async |world| {
            let (work, iterator) = (Work::new(&world), world.lane("iterator"));
            let mut items =
                (0..100).inspect(|item| iterator.log(format!("gives {item}")));

            a_run_that_fails(&work, items.by_ref()).await;

            let next = items.next();
            let rule = "an item without an operation stays in the iterator";
            expect(next, Some(4), rule);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("joinset.5", async |stage, scene| act(stage, scene).await);
    }
}

mod step_6_ends_with_its_caller {
    use super::*;

    /// To drop the handle of a task detaches it: its future lives on.
    #[test]
    fn at_the_drop_those_in_flight_are_gone() {
        check("joinset.6", async |world| {
            let work = Work::new(&world);

            a_run_that_is_dropped(&work).await;

            let alive = FuturesAlive(work.alive.now());
            expect(alive, NONE, "no future of a dropped call outlives the drop");
        });
    }

    #[test]
    fn after_the_drop_no_operation_begins() {
        check("joinset.6", async |world| {
            let work = Work::new(&world);

            a_run_that_is_dropped(&work).await;
            world.at(AN_HOUR).await;

            // Items 0 and 1 at once; items 2 and 3 when those end, at 100 and 101 ms.
            work.lane.expect_begun_at(
                [0, 0, 100, 101],
                "after the drop no operation begins",
            );
        });
    }

    /// A destructor has a runtime only where it happens to run in one.
    #[test]
    #[ignore = "real threads: a check asks for it when everything else is right"]
    fn threads_without_a_runtime_drop_it_too() {
        let rule = "a call may be dropped on a thread that runs no runtime";
        let runtime = kit::threads();
        race("joinset.6", rule, 10, move |_| {
            threads::may_be_dropped_anywhere(&runtime)
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("joinset.6", async |stage, scene| act(stage, scene).await);
    }
}

mod step_7_hands_a_panic_on {
    use super::*;

    /// Item 1 takes an hour: the panic does not wait for it.
    #[test]
    fn a_panic_arrives_when_the_others_are_gone() {
        check("joinset.7", async |world| {
            let work = Work::new(&world);

            let (payload, alive) =
                a_run_that_panics(&work, PanicIn::Operation).await;

            let own = "a panic with the text 'disk full'";
            expect(payload, own, "the panic arrives with its own payload");
            world.expect_now(150, "a panic arrives when it happens");
            expect(alive, NONE, "a panic arrives when no future is alive any more");
        });
    }

    /// It panics before there is a future that could be joined.
    #[test]
    fn a_panic_in_the_call_for_an_operation_arrives_too() {
        check("joinset.7", async |world| {
            let work = Work::new(&world);

            let (payload, alive) = a_run_that_panics(&work, PanicIn::Call).await;

            let own = "a panic with the number 42";
            expect(payload, own, "the panic arrives with its own payload");
            world.expect_now(100, "a panic arrives when it happens");
            expect(alive, NONE, "a panic arrives when no future is alive any more");
        });
    }

    /// It panics before there is an item, and two operations are in flight.
    #[test]
    fn a_panic_in_the_iterator_arrives_too() {
        check("joinset.7", async |world| {
            let work = Work::new(&world);

            let (payload, alive) = a_run_that_panics(&work, PanicIn::Iterator).await;

            let own = "a panic with the text 'no more rows'";
            expect(payload, own, "the panic arrives with its own payload");
            world.expect_now(100, "a panic arrives when it happens");
            expect(alive, NONE, "a panic arrives when no future is alive any more");
        });
    }

    /// The other one would come 50 ms later, and never comes.
    #[test]
    fn the_first_of_an_error_and_a_panic_arrives() {
        check("joinset.7", async |world| {
            let work = Work::new(&world);
            world.expect_panics(1);

            let error = two_that_end_badly(&work, [End::Fails, End::Panics]).await;
            let panic = two_that_end_badly(&work, [End::Panics, End::Fails]).await;

            let rule = "an error that comes before a panic is what the caller gets";
            expect(error, "Err(\"item 0\")", rule);
            let rule = "a panic that comes before an error is what the caller gets";
            expect(panic, "a panic with the text 'disk full'", rule);
            world.expect_now(200, "each of them ends its run when it happens");
        });
    }

    #[test]
    #[ignore = "real threads: a check asks for it when everything else is right"]
    fn threads_hand_on_what_came_first() {
        let rule = "of all errors and panics the caller gets the first";
        let runtime = kit::threads();
        race("joinset.7", rule, 6, move |round| {
            runtime.block_on(threads::the_first_one_counts(round % 2 == 0))
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("joinset.7", async |stage, scene| act(stage, scene).await);
    }
}
