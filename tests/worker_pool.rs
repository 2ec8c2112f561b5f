//! The contract of `exercises/worker_pool.rs`, one step per rule.
//!
//! Run one step alone with `cargo test --test worker_pool step_2`.

use super::{Pool, Report};

use std::{future::pending, num::NonZeroUsize, pin::pin};

use kit::{Lane, World, check, expect, ms, require, spawn};
use tokio::{task::JoinSet, time::timeout};

/// An item: its number, and how many milliseconds its handler takes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Item(u64, u64);

/// Handlers that panic, that panic before they return a future, and that never end.
const PANICS: u64 = u64::MAX;
const PANICS_FIRST: u64 = u64::MAX - 2;
const HANGS: u64 = u64::MAX - 1;

fn size(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).expect("sizes are positive")
}

/// A pool that draws each item on the lane `work`.
fn pool(world: &World, workers: usize, capacity: usize) -> (Pool<Item>, Lane) {
    let lane = world.lane("work");
    let drawn = lane.clone();
    let handler = move |Item(number, takes_ms)| {
        let (lane, what) = (drawn.clone(), format!("item {number}"));
        if takes_ms == PANICS_FIRST {
            panic!("{what} is bad at once");
        }
        async move {
            match takes_ms {
                PANICS => panic!("{what} is bad"),
                HANGS => lane.watch(what, pending::<()>()).await,
                _ => lane.takes(what, takes_ms).await,
            }
        }
    };
    (Pool::new(size(workers), size(capacity), handler), lane)
}

/// Sends so many items of so many milliseconds, numbered from zero.
async fn send(pool: &Pool<Item>, items: u64, takes_ms: u64) {
    let handle = pool.handle();
    for number in 0..items {
        let sent = handle.send(Item(number, takes_ms)).await;
        expect(sent, Ok(()), "a pool that is open accepts what fits");
    }
}

/// Shuts the pool down at so many milliseconds. The report in words, items by their numbers, and
/// the lane on which the call is drawn with its limit.
async fn end(
    pool: Pool<Item>,
    at: u64,
    drain: u64,
    world: &World,
) -> (String, Lane) {
    let (lane, limit) = (world.lane("shutdown"), format!("drain to {}", at + drain));
    world.at(at).await;
    let report = lane.watch(limit, pool.shutdown(ms(drain))).await;
    let Report { done, panicked, aborted, unstarted } = report;
    let back: Vec<u64> = unstarted.into_iter().map(|item| item.0).collect();
    let counts = format!("{done} done, {panicked} panicked, {aborted} aborted");
    (format!("{counts}, back {back:?}"), lane)
}

mod step_1_handles_so_many_at_once {
    use super::*;

    #[test]
    fn four_workers_take_four_items_each_time() {
        check("worker_pool.1", async |world| {
            let (pool, work) = pool(&world, 4, 8);

            send(&pool, 8, 200).await;
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
            let (pool, work) = pool(&world, 2, 8);

            let handle = pool.handle();
            _ = handle.send(Item(0, 1_000)).await;
            for number in 1..=4 {
                _ = handle.send(Item(number, 100)).await;
            }
            world.at(2_000).await;

            let rule = "the free worker goes on while the other has a long item";
            work.expect_ended_at([100, 200, 300, 400, 1_000], rule);
        });
    }
}

mod step_2_accepts_what_fits {
    use super::*;

    #[test]
    fn and_lets_the_others_wait_for_room() {
        check("worker_pool.2", async |world| {
            let (pool, _) = pool(&world, 2, 3);
            let sender = world.lane("sender");

            let (handle, sends) = (pool.handle(), sender.clone());
            spawn(async move {
                for number in 0..8 {
                    _ = handle.send(Item(number, 100)).await;
                    sends.log(format!("accepted {number}"));
                }
            });
            world.at(50).await;
            let at_first = format!("{} accepted", sender.count());
            world.at(150).await;

            let rule = "two items are in work, three wait, and the next send waits for room";
            expect(at_first, "5 accepted", rule);
            // Two more when the first two end.
            sender.expect_at([0, 0, 0, 0, 0, 100, 100], rule);
        });
    }
}

mod step_3_survives_a_bad_item {
    use super::*;

    #[test]
    fn and_handles_those_behind_it() {
        check("worker_pool.3", async |world| {
            world.expect_panics(4);
            let (pool, work) = pool(&world, 2, 8);

            send(&pool, 4, PANICS).await;
            send(&pool, 4, 100).await;
            world.at(1_000).await;

            let rule = "both workers handle the items behind the four that panic";
            work.expect_ended_at([100, 100, 200, 200], rule);
        });
    }

    /// A handler is a function first.
    #[test]
    fn even_one_that_panics_before_it_is_a_future() {
        check("worker_pool.3", async |world| {
            world.expect_panics(2);
            let (pool, work) = pool(&world, 2, 8);

            let handle = pool.handle();
            for takes_ms in [PANICS_FIRST, PANICS_FIRST, 100, 100] {
                _ = handle.send(Item(takes_ms, takes_ms)).await;
            }
            world.at(1_000).await;

            let rule = "both workers handle the items behind the two that panic";
            work.expect_ended_at([100, 100], rule);
        });
    }
}

mod step_4_handles_all_it_accepted {
    use super::*;

    #[test]
    fn and_returns_with_the_last() {
        check("worker_pool.4", async |world| {
            let (pool, work) = pool(&world, 4, 20);

            send(&pool, 20, 200).await;
            let (report, ending) = end(pool, 100, 10_000, &world).await;

            // Five rounds of four, 200 ms each.
            let ends: Vec<u64> = (0..20).map(|n| 200 * (n / 4 + 1)).collect();
            work.expect_ended_at(ends, "every accepted item is handled");
            ending.expect_ended_at([1_000], "shutdown returns with the last item");
            let rule = "the report counts what was done";
            expect(report, "20 done, 0 panicked, 0 aborted, back []", rule);
        });
    }

    #[test]
    fn and_tells_the_good_from_the_bad() {
        check("worker_pool.4", async |world| {
            world.expect_panics(3);
            let (pool, _) = pool(&world, 2, 8);

            send(&pool, 3, PANICS).await;
            send(&pool, 2, 50).await;
            let (report, _) = end(pool, 20, 10_000, &world).await;

            let rule = "two were done and three panicked";
            expect(report, "2 done, 3 panicked, 0 aborted, back []", rule);
        });
    }

    #[test]
    fn or_returns_at_once_when_that_is_nothing() {
        check("worker_pool.4", async |world| {
            let (pool, _) = pool(&world, 4, 4);
            let _alive = pool.handle();

            let (report, ending) = end(pool, 10, 10_000, &world).await;

            ending.expect_ended_at([10], "an idle pool ends at once");
            let rule = "nothing was accepted";
            expect(report, "0 done, 0 panicked, 0 aborted, back []", rule);
        });
    }

    #[test]
    fn also_when_nobody_is_left_to_ask() {
        check("worker_pool.4", async |world| {
            let (pool, work) = pool(&world, 1, 4);
            send(&pool, 3, 100).await;

            drop(Box::new(pool));
            world.at(1_000).await;

            let rule = "what was accepted is handled though nobody is left";
            work.expect_ended_at([100, 200, 300], rule);
            world.settle().await;
            expect(world.alive_tasks(), 0, "and then the pool is gone as well");
        });
    }

    #[test]
    fn even_when_nobody_waits_for_the_report() {
        check("worker_pool.4", async |world| {
            let (pool, work) = pool(&world, 1, 4);
            send(&pool, 3, 100).await;

            _ = timeout(ms(150), end(pool, 50, 10_000, &world)).await;
            world.at(1_000).await;

            let rule = "what was accepted is handled although shutdown was dropped";
            work.expect_ended_at([100, 200, 300], rule);
        });
    }
}

mod step_5_closes_at_the_signal {
    use super::*;

    #[test]
    fn for_those_who_wait() {
        check("worker_pool.5", async |world| {
            let (pool, _) = pool(&world, 1, 1);
            send(&pool, 2, 1_000).await;
            let (sender, handle) = (world.lane("sender"), pool.handle());

            let third = sender.watch("send", handle.send(Item(2, 1_000)));
            let ending = end(pool, 100, 10_000, &world);
            let (refused, (report, _)) = tokio::join!(third, ending);

            let rule = "who waits in send is answered at the signal";
            sender.expect_ended_at([100], rule);
            expect(refused, Err(Item(2, 1_000)), "the refused item comes back");
            let rule = "what was accepted before is handled";
            expect(report, "2 done, 0 panicked, 0 aborted, back []", rule);
        });
    }

    #[test]
    fn to_those_who_come_later() {
        check("worker_pool.5", async |world| {
            let (pool, _) = pool(&world, 1, 4);
            send(&pool, 1, 500).await;
            let handle = pool.handle();
            let late = |number| timeout(ms(1), handle.send(Item(number, 500)));

            let ending = end(pool, 100, 10_000, &world);
            let during = async { (world.at(200).await, late(1).await).1 };
            let (_, during) = tokio::join!(ending, during);
            let after = late(2).await;

            let rule = "an item sent during the drain comes back at once";
            expect(during, Ok(Err(Item(1, 500))), rule);
            let rule = "an item sent after the end comes back at once";
            expect(after, Ok(Err(Item(2, 500))), rule);
        });
    }

    #[test]
    fn to_the_task_that_shuts_down() {
        check("worker_pool.5", async |world| {
            let (pool, _) = pool(&world, 1, 4);
            send(&pool, 1, 100).await;
            let handle = pool.handle();

            let mut ending = pin!(pool.shutdown(ms(10_000)));
            let sent = tokio::select! {
                biased;
                _ = &mut ending => None,
                sent = handle.send(Item(0, 100)) => Some(sent),
            };

            let rule = "what is sent after the first poll of shutdown comes back";
            expect(sent, Some(Err(Item(0, 100))), rule);
        });
    }
}

mod step_6_stops_waiting_at_the_limit {
    use super::*;

    /// Four workers, twenty items of 200 ms, shutdown at 100 ms: so many rounds are done when
    /// the drain limit comes, and the next one is in work.
    async fn cut_after(world: &World, drain: u64, rounds: usize) {
        let (pool, work) = pool(world, 4, 20);
        send(&pool, 20, 200).await;

        let (report, ending) = end(pool, 100, drain, world).await;
        ending.expect_ended_at([100 + drain], "shutdown returns at the drain limit");
        work.expect_dropped_at([100 + drain; 4], "items in work are gone at return");
        world.at(60_000).await;

        let (done, begun) = (4 * rounds, 4 * rounds + 4);
        let left: Vec<usize> = (begun..20).collect();
        let rule = "four are done each round, four are cut, the others come back";
        let all = format!("{done} done, 0 panicked, 4 aborted, back {left:?}");
        expect(report, all, rule);
        let rule = "an item handed back never begins";
        require(work.begun().len() == begun, rule);
        expect(world.alive_tasks(), 0, "no task is left");
    }

    /// The second round would end at 400 ms, the limit is at 399.
    #[test]
    fn in_the_second_round() {
        check("worker_pool.6", async |world| cut_after(&world, 299, 1).await);
    }

    /// The second round ends at 400 ms, the limit is at 401.
    #[test]
    fn in_the_third_round() {
        check("worker_pool.6", async |world| cut_after(&world, 301, 2).await);
    }

    /// A hundred are more than a runtime polls before it looks at the caller again.
    #[test]
    fn at_once_when_it_is_zero() {
        check("worker_pool.6", async |world| {
            let (pool, work) = pool(&world, 100, 8);
            send(&pool, 103, HANGS).await;

            let (report, ending) = end(pool, 50, 0, &world).await;

            ending.expect_ended_at([50], "a drain of nothing takes no time");
            work.expect_dropped_at([50; 100], "items in work are gone at return");
            let rule = "what is in work is aborted, and what waits comes back";
            let all = "0 done, 0 panicked, 100 aborted, back [100, 101, 102]";
            expect(report, all, rule);
        });
    }

    /// Room comes at 100 ms for a sender that nobody polls after 50 ms.
    #[test]
    fn though_a_sender_sleeps_in_line() {
        check("worker_pool.6", async |world| {
            let (pool, _) = pool(&world, 1, 1);
            send(&pool, 1, 100).await;
            send(&pool, 1, HANGS).await;
            let handle = pool.handle();
            let mut asleep = pin!(handle.send(Item(2, 100)));
            _ = timeout(ms(50), &mut asleep).await;

            let (_, ending) = end(pool, 200, 50, &world).await;

            ending.expect_ended_at([250], "shutdown waits for no sender");
        });
    }
}

mod step_7_accounts_for_every_item {
    use super::*;

    /// Sixteen idle pools, each meeting one sender and its shutdown at one instant.
    #[test]
    fn when_a_sender_meets_the_signal() {
        check("worker_pool.7", async |world| {
            let outcomes = world.lane("outcomes");
            for round in 1..=16 {
                let (pool, _) = pool(&world, 2, 2);
                let (handle, clock) = (pool.handle(), world.clone());
                let sender = spawn(async move {
                    clock.at(100 * round).await;
                    clock.turn().await;
                    handle.send(Item(round, 40)).await.is_ok()
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

    #[test]
    fn when_items_come_at_any_time() {
        check("worker_pool.7", async |world| {
            let (pool, work) = pool(&world, 2, 1);
            let (mut senders, requests) = (JoinSet::new(), world.lane("requests"));
            for number in 0..8 {
                let handle = pool.handle();
                let (world, requests) = (world.clone(), requests.clone());
                senders.spawn(async move {
                    let what = format!("request {number}");
                    fakes::upstream(&world, &requests, &what, 11 + 8 * number).await;
                    handle.send(Item(number, 40)).await.is_ok()
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
            require(work.ended().len() == report.done, "what has ended is done");
            let names = report.unstarted.iter().map(|i| format!("item {}", i.0));
            let back: Vec<_> = names.collect();
            let begun = work.begun().iter().any(|b| back.contains(&b.1));
            require(!begun, "what is handed back never begins");
        });
    }
}
