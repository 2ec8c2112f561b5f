//! The contract of `exercises/worker_pool.rs`, one step per rule. What the scenarios have in
//! common is in the folder `tests/worker_pool`.
//!
//! Run one step alone with `cargo test --test worker_pool step_2`.

#[path = "worker_pool/act.rs"]
mod act;
#[path = "worker_pool/ends.rs"]
mod ends;
#[path = "worker_pool/scene.rs"]
mod scene;
#[path = "worker_pool/threads.rs"]
mod threads;

use Work::{Hangs, Panics, PanicsAtOnce, Takes};
use ends::{cut_after, ends_with_the_last_item, left_alone, polled_late};
use scene::{Item, Shutdown, Size, Work, draw_send, end, pool, send, send_each};

use std::pin::pin;

use kit::{check, check_large, expect, leave, ms, race, require, scenes, spawn};
use tokio::{task::JoinSet, time::timeout};

use act::act;

mod step_1_handles_one_item_per_worker_at_once {
    use super::*;

    #[test]
    fn four_workers_take_four_items_each_time() {
        check("worker_pool.1", async |world| {
            let (pool, work) = pool(&world, Size { workers: 4, capacity: 8 });

            send(&pool, 8, Takes(200)).await;
            world.at(100).await;
            let at_first = format!("{} in work", work.begun().len());
            world.at(1_000).await;

            expect(at_first, "4 in work", "as many items are in work as workers");
            let rule = "four items are in work at once, and the next four begin when they end";
            work.expect_begun_at([0, 0, 0, 0, 200, 200, 200, 200], rule);
        });
    }

    #[test]
    fn one_long_item_holds_up_no_other() {
        check("worker_pool.1", async |world| {
            let (pool, work) = pool(&world, Size { workers: 2, capacity: 8 });

            let works = [1_000, 100, 100, 100, 100].map(Takes);
            send_each(&pool, works).await;
            world.at(2_000).await;

            let rule = "the free worker goes on while the other has a long item";
            work.expect_ended_at([100, 200, 300, 400, 1_000], rule);
        });
    }

    #[test]
    #[ignore = "real threads: a check asks for it when everything else is right"]
    fn threads_leave_no_item_lying() {
        let (rule, pool) = ("a free worker takes the oldest item", kit::threads());
        race("worker_pool.1", rule, 140, move |n| pool.block_on(threads::takes(n)));
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("worker_pool.1", async |stage, scene| act(stage, scene).await);
    }
}

mod step_2_accepts_what_fits {
    use super::*;

    #[test]
    fn what_does_not_fit_waits_for_room() {
        check("worker_pool.2", async |world| {
            let (pool, _) = pool(&world, Size { workers: 2, capacity: 3 });
            let sender = world.lane("sender");

            let (handle, sends) = (pool.handle(), sender.clone());
            spawn(async move {
                for number in 0..8 {
                    let sent = draw_send(&sends, &handle, number, Takes(100)).await;
                    expect(sent, Ok(()), "a pool that is open refuses nobody");
                }
            });
            world.at(50).await;
            let at_first = format!("{} accepted", sender.ended().len());
            world.at(150).await;

            let rule = "two items are in work, three wait, and the next send waits for room";
            expect(at_first, "5 accepted", rule);
            let rule = "each item that begins makes room for the next send";
            sender.expect_ended_at([0, 0, 0, 0, 0, 100, 100], rule);
        });
    }

    /// Three ask at 10, 20 and 30 ms; from 100 ms on one item begins every 100 ms.
    #[test]
    fn whoever_has_waited_longest_gets_the_room() {
        check("worker_pool.2", async |world| {
            let (pool, _) = pool(&world, Size { workers: 1, capacity: 1 });
            let sender = world.lane("sender");
            send(&pool, 2, Takes(100)).await;

            for number in 2..=4 {
                world.at(10 * number).await;
                let (handle, sends) = (pool.handle(), sender.clone());
                spawn(async move {
                    _ = draw_send(&sends, &handle, number, Takes(100)).await;
                });
            }
            world.at(1_000).await;

            let rule = "each item that begins makes room for one who waits";
            sender.expect_ended_at([100, 200, 300], rule);
            let answers = sender.ended().into_iter().map(|(_, what)| what);
            let answers: Vec<String> = answers.collect();
            let in_line = [2, 3, 4].map(|n| format!("send {n} (accepted)"));
            expect(answers, in_line, "room goes to whoever has waited longest");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("worker_pool.2", async |stage, scene| act(stage, scene).await);
    }
}

mod step_3_survives_a_bad_item {
    use super::*;

    #[test]
    fn items_behind_a_panic_are_handled() {
        check("worker_pool.3", async |world| {
            world.expect_panics(4);
            let (pool, work) = pool(&world, Size { workers: 2, capacity: 8 });

            send(&pool, 4, Panics).await;
            send(&pool, 4, Takes(100)).await;
            world.at(1_000).await;

            let rule = "both workers handle the items behind the four that panic";
            work.expect_ended_at([100, 100, 200, 200], rule);
        });
    }

    /// A handler is a function first.
    #[test]
    fn items_behind_a_panic_before_the_future_are_handled() {
        check("worker_pool.3", async |world| {
            world.expect_panics(2);
            let (pool, work) = pool(&world, Size { workers: 2, capacity: 8 });

            let works = [PanicsAtOnce, PanicsAtOnce, Takes(100), Takes(100)];
            send_each(&pool, works).await;
            world.at(1_000).await;

            let rule = "both workers handle the items behind the two that panic";
            work.expect_ended_at([100, 100], rule);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("worker_pool.3", async |stage, scene| act(stage, scene).await);
    }
}

mod step_4_handles_all_it_accepted {
    use super::*;

    #[test]
    fn a_shutdown_returns_with_the_last_item() {
        check("worker_pool.4", async |world| {
            let (pool, work) = pool(&world, Size { workers: 4, capacity: 20 });

            send(&pool, 20, Takes(200)).await;
            let (report, ending) =
                end(pool, Shutdown { at: 100, drain: 10_000 }, &world).await;

            // Five rounds of four, 200 ms each.
            let ends: Vec<u64> = (0..20).map(|n| 200 * (n / 4 + 1)).collect();
            work.expect_ended_at(ends, "four at a time are handled, to the last");
            ending.expect_ended_at([1_000], "shutdown returns with the last item");
            let rule = "the report counts what was done, and holds nothing else";
            expect(report, "20 done, 0 panicked, 0 aborted, back []", rule);
        });
    }

    #[test]
    fn done_and_panicked_are_counted_apart() {
        check("worker_pool.4", async |world| {
            world.expect_panics(3);
            let (pool, _) = pool(&world, Size { workers: 2, capacity: 8 });

            send(&pool, 3, Panics).await;
            send(&pool, 2, Takes(50)).await;
            let (report, _) =
                end(pool, Shutdown { at: 20, drain: 10_000 }, &world).await;

            let rule = "two are done, three panicked, and the report says so";
            expect(report, "2 done, 3 panicked, 0 aborted, back []", rule);
        });
    }

    #[test]
    fn shutdown_of_an_idle_pool_returns_at_once() {
        check("worker_pool.4", async |world| {
            let (pool, _) = pool(&world, Size { workers: 4, capacity: 4 });
            let _alive = pool.handle();

            let (report, ending) =
                end(pool, Shutdown { at: 10, drain: 10_000 }, &world).await;

            ending.expect_ended_at([10], "an idle pool ends at once");
            let rule = "the report of a pool that accepted nothing is empty";
            expect(report, "0 done, 0 panicked, 0 aborted, back []", rule);
        });
    }

    #[test]
    fn a_pool_that_is_dropped_handles_what_it_accepted() {
        check("worker_pool.4", async |world| {
            let (pool, work) = pool(&world, Size { workers: 1, capacity: 4 });
            send(&pool, 3, Takes(100)).await;

            world.lane("pool").log("is dropped");
            // Why a box: clippy refuses to drop a pool without a `Drop`, as in the stub.
            drop(Box::new(pool));
            world.at(1_000).await;

            let rule = "what was accepted is handled though nobody is left";
            work.expect_ended_at([100, 200, 300], rule);
            world.settle().await;
            expect(world.alive_tasks(), 0, "with its last item the pool is gone");
        });
    }

    #[test]
    fn handles_of_a_dropped_pool_send_as_before() {
        check("worker_pool.4", async |world| left_alone(&world).await);
    }

    #[test]
    fn items_are_handled_though_shutdown_was_dropped() {
        check("worker_pool.4", async |world| {
            let (pool, work) = pool(&world, Size { workers: 1, capacity: 4 });
            send(&pool, 3, Takes(100)).await;

            let ending = end(pool, Shutdown { at: 50, drain: 10_000 }, &world);
            leave(&world, 150, ending).await;
            world.at(1_000).await;

            let rule = "what was accepted is handled although shutdown was dropped";
            work.expect_ended_at([100, 200, 300], rule);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("worker_pool.4", async |stage, scene| act(stage, scene).await);
    }
}

mod step_5_closes_at_the_signal {
    use super::*;

    #[test]
    fn a_sender_in_line_is_answered_at_the_signal() {
        check("worker_pool.5", async |world| {
            let (pool, _) = pool(&world, Size { workers: 1, capacity: 1 });
            send(&pool, 2, Takes(1_000)).await;
            let (sender, handle) = (world.lane("sender"), pool.handle());

            let sending = draw_send(&sender, &handle, 2, Takes(1_000));
            let ending = end(pool, Shutdown { at: 100, drain: 10_000 }, &world);
            let (refused, (report, _)) = tokio::join!(sending, ending);

            let rule = "who waits in send is answered at the signal";
            sender.expect_ended_at([100], rule);
            let third = Item { number: 2, work: Takes(1_000) };
            expect(refused, Err(third), "who waits in send gets the item back");
            let rule = "the report holds the two accepted before, and they are done";
            expect(report, "2 done, 0 panicked, 0 aborted, back []", rule);
        });
    }

    #[test]
    fn a_shutdown_that_nobody_polls_has_not_begun() {
        check("worker_pool.5", async |world| {
            let (report, _) = polled_late(&world, Takes(20)).await;
            let rule = "what is accepted before the first poll is in the report";
            expect(report, "1 done, 0 panicked, 0 aborted, back []", rule);
        });
    }

    #[test]
    fn those_who_come_after_the_signal_are_refused() {
        check("worker_pool.5", async |world| {
            let (pool, _) = pool(&world, Size { workers: 1, capacity: 4 });
            send(&pool, 1, Takes(500)).await;
            let (sender, handle) = (world.lane("sender"), pool.handle());
            let late = |number| Item { number, work: Takes(500) };
            let asks = |number| draw_send(&sender, &handle, number, Takes(500));

            let ending = end(pool, Shutdown { at: 100, drain: 10_000 }, &world);
            let during = async {
                world.at(200).await;
                timeout(ms(1), asks(1)).await
            };
            let (_, during) = tokio::join!(ending, during);
            let after = timeout(ms(1), asks(2)).await;

            let rule = "an item sent during the drain comes back at once";
            expect(during, Ok(Err(late(1))), rule);
            let rule = "an item sent after the end comes back at once";
            expect(after, Ok(Err(late(2))), rule);
        });
    }

    #[test]
    fn the_task_that_shuts_down_is_refused_too() {
        check("worker_pool.5", async |world| {
            let (pool, _) = pool(&world, Size { workers: 1, capacity: 4 });
            send(&pool, 1, Takes(100)).await;
            let (sender, handle) = (world.lane("sender"), pool.handle());
            let shutdown = world.lane("shutdown");

            let ending = pool.shutdown(ms(10_000));
            let mut ending = pin!(shutdown.watch("drain", ending));
            let sent = tokio::select! {
                biased;
                _ = &mut ending => None,
                sent = draw_send(&sender, &handle, 1, Takes(100)) => Some(sent),
            };

            let late = Item { number: 1, work: Takes(100) };
            let rule = "what is sent after the first poll of shutdown comes back";
            expect(sent, Some(Err(late)), rule);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("worker_pool.5", async |stage, scene| act(stage, scene).await);
    }
}

mod step_6_stops_waiting_at_the_limit {
    use super::*;

    /// The second round would end at 400 ms, the limit is at 399.
    #[test]
    fn a_limit_in_the_second_round_cuts_that_round() {
        check("worker_pool.6", async |world| {
            let (drain, rounds_done) = (299, 1);
            cut_after(&world, drain, rounds_done).await;
        });
    }

    /// The second round ends at 400 ms, the limit is at 401.
    #[test]
    fn a_limit_in_the_third_round_cuts_that_round() {
        check("worker_pool.6", async |world| {
            let (drain, rounds_done) = (301, 2);
            cut_after(&world, drain, rounds_done).await;
        });
    }

    #[test]
    fn a_drain_without_an_end_cuts_nobody() {
        check("worker_pool.6", async |world| {
            ends_with_the_last_item(&world).await;
        });
    }

    /// A hundred are more than a runtime polls before it looks at the caller again.
    #[test]
    fn a_drain_of_zero_ends_at_once() {
        check_large("worker_pool.6", async |world| {
            let (pool, work) = pool(&world, Size { workers: 100, capacity: 8 });
            send(&pool, 103, Hangs).await;
            fakes::bystanders(&world, 480, 50);

            let (report, ending) =
                end(pool, Shutdown { at: 50, drain: 0 }, &world).await;
            let gone = work.dropped().len();

            ending.expect_ended_at([50], "a drain of zero takes no time");
            expect(gone, 100, "items in work are gone at return");
            let rule = "the report holds what was aborted, and what waits, in order";
            let all = "0 done, 0 panicked, 100 aborted, back [100, 101, 102]";
            expect(report, all, rule);
        });
    }

    /// Room comes at 100 ms for a sender that nobody polls after 50 ms.
    #[test]
    fn a_sleeping_sender_holds_up_no_shutdown() {
        check("worker_pool.6", async |world| {
            let (pool, _) = pool(&world, Size { workers: 1, capacity: 1 });
            send_each(&pool, [Takes(100), Hangs]).await;
            let (sender, handle) = (world.lane("sender"), pool.handle());
            let mut asleep = pin!(draw_send(&sender, &handle, 2, Takes(100)));
            _ = timeout(ms(50), &mut asleep).await;
            sender.log("sleeps");

            let (_, ending) =
                end(pool, Shutdown { at: 200, drain: 50 }, &world).await;

            ending.expect_ended_at([250], "shutdown waits for no sender");
        });
    }

    #[test]
    fn the_limit_runs_from_the_first_poll() {
        check("worker_pool.6", async |world| {
            let (_, ending) = polled_late(&world, Hangs).await;
            ending.expect_ended_at([150], "the limit runs from the first poll");
        });
    }

    /// An item that is polled on another thread is gone when it gives way, and not before.
    #[test]
    #[ignore = "real threads: a check asks for it when everything else is right"]
    fn threads_have_left_every_item() {
        let (rule, pool) = ("no item in work outlives `shutdown`", kit::threads());
        race("worker_pool.6", rule, 10, move |_| pool.block_on(threads::ends_all()));
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("worker_pool.6", async |stage, scene| act(stage, scene).await);
    }
}

mod step_7_accounts_for_every_item {
    use super::*;

    /// Sixteen idle pools, each meeting one sender and its shutdown at one instant.
    #[test]
    fn an_item_sent_at_the_signal_is_done_if_accepted() {
        check("worker_pool.7", async |world| {
            let outcomes = world.lane("outcomes");
            for round in 1..=16 {
                let (pool, _) = pool(&world, Size { workers: 2, capacity: 2 });
                let (handle, clock) = (pool.handle(), world.clone());
                let sender = spawn(async move {
                    clock.at(100 * round).await;
                    clock.turn().await;
                    let item = Item { number: round, work: Takes(40) };
                    handle.send(item).await.is_ok()
                });

                world.at(100 * round).await;
                world.turn().await;
                let report = pool.shutdown(ms(60)).await;
                let accepted = sender.await.expect("the sender does not panic");

                let done = format!("{} done", report.done);
                let due = if accepted { "1 done" } else { "0 done" };
                outcomes.log(format!("item {round} accepted: {accepted}, {done}"));
                expect(done, due, "what was accepted is done, and nothing else");
            }
        });
    }

    /// A sender between two lines of `send`, at the limit.
    #[test]
    #[ignore = "real threads: a check asks for it when everything else is right"]
    fn threads_lose_no_item() {
        let (rule, pool) = ("what was accepted is in the report", kit::threads());
        race("worker_pool.7", rule, 400, move |n| pool.block_on(threads::counts(n)));
    }

    #[test]
    fn items_sent_at_any_time_are_all_in_the_report() {
        check("worker_pool.7", async |world| {
            let (pool, work) = pool(&world, Size { workers: 2, capacity: 1 });
            let [requests, sends] = ["requests", "sender"].map(|it| world.lane(it));
            let mut senders = JoinSet::new();
            for number in 0..8 {
                let handle = pool.handle();
                let (requests, sends) = (requests.clone(), sends.clone());
                let world = world.clone();
                senders.spawn(async move {
                    let what = format!("request {number}");
                    fakes::upstream(&world, &requests, &what, 11 + 8 * number).await;
                    draw_send(&sends, &handle, number, Takes(40)).await.is_ok()
                });
            }

            world.at(45).await;
            let report = pool.shutdown(ms(33)).await;
            let answers = senders.join_all().await;
            world.at(100_000).await;

            let accepted = answers.into_iter().filter(|accepted| *accepted).count();
            let begun = report.done + report.panicked + report.aborted;
            let items = |n| format!("{n} items");
            let told = items(begun + report.unstarted.len());
            expect(told, items(accepted), "the report holds what was accepted");
            let rule = "what has ended counts as done, and nothing else";
            expect(items(report.done), items(work.ended().len()), rule);
            let began: Vec<String> =
                work.begun().into_iter().map(|(_, what)| what).collect();
            for Item { number, .. } in report.unstarted {
                let begins = began.contains(&format!("item {number}"));
                require(!begins, "what is handed back never begins");
            }
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("worker_pool.7", async |stage, scene| act(stage, scene).await);
    }
}
