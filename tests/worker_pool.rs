//! The contract of `exercises/worker_pool.rs`, one step per rule.
//!
//! Run one step alone with `cargo test --test worker_pool step_2`.

use super::{Pool, Report};

use std::{future::pending, num::NonZeroUsize};

use kit::{Lane, World, check, expect, ms, require, spawn};
use tokio::{task::JoinSet, time::timeout};

/// An item: its number, and how many milliseconds its handler takes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Item(u64, u64);

/// The handler of this item panics.
const PANICS: u64 = u64::MAX;
/// The handler of this item never ends.
const HANGS: u64 = u64::MAX - 1;

fn size(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).expect("sizes are positive")
}

/// A pool that draws each item on the lane `work`.
fn pool(world: &World, workers: usize, capacity: usize) -> (Pool<Item>, Lane) {
    let lane = world.lane("work");
    let drawn = lane.clone();
    let handler = move |Item(number, takes_ms)| {
        let lane = drawn.clone();
        async move {
            let what = format!("item {number}");
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

fn report(done: usize, panicked: usize) -> Report<Item> {
    Report { done, panicked, aborted: 0, unstarted: vec![] }
}

mod step_1_handles_so_many_at_once {
    use super::*;

    /// P1
    #[test]
    fn four_workers_take_four_items_each_time() {
        check("worker_pool.1", async |world| {
            let (pool, work) = pool(&world, 4, 8);

            send(&pool, 8, 200).await;
            world.at(1_000).await;

            let rule = "four items are in work at once, and the next four begin when they end";
            work.expect_begun_at([0, 0, 0, 0, 200, 200, 200, 200], rule);
        });
    }

    /// P6
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

    /// P4, the queue
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
            world.at(150).await;

            // Two in work and three in the queue; two more when the first two end.
            let rule = "two items are in work, three wait, and the next send waits for room";
            sender.expect_at([0, 0, 0, 0, 0, 100, 100], rule);
        });
    }
}

mod step_3_survives_a_bad_item {
    use super::*;

    /// P5
    #[test]
    fn and_handles_those_behind_it() {
        check("worker_pool.3", async |world| {
            world.expect_panics(4);
            let (pool, work) = pool(&world, 2, 8);

            send(&pool, 4, PANICS).await;
            send(&pool, 4, 100).await;
            world.at(1_000).await;

            let rule =
                "four items panic, and both workers handle the four behind them";
            work.expect_ended_at([100, 100, 200, 200], rule);
        });
    }
}

mod step_4_handles_all_it_accepted {
    use super::*;

    /// P2
    #[test]
    fn and_returns_with_the_last() {
        check("worker_pool.4", async |world| {
            let (pool, work) = pool(&world, 4, 20);

            send(&pool, 20, 200).await;
            world.at(100).await;
            let report = pool.shutdown(ms(10_000)).await;

            // Five rounds of four, 200 ms each.
            expect(work.ended().len(), 20, "every accepted item is handled");
            world.expect_now(1_000, "shutdown returns when the last item ends");
            expect(report, super::report(20, 0), "the report counts what was done");
        });
    }

    #[test]
    fn and_tells_the_good_from_the_bad() {
        check("worker_pool.4", async |world| {
            world.expect_panics(3);
            let (pool, _) = pool(&world, 2, 8);

            send(&pool, 3, PANICS).await;
            send(&pool, 2, 50).await;
            let report = pool.shutdown(ms(10_000)).await;

            expect(report, super::report(2, 3), "two were done and three panicked");
        });
    }

    /// P8
    #[test]
    fn or_returns_at_once_when_that_is_nothing() {
        check("worker_pool.4", async |world| {
            let (pool, _) = pool(&world, 4, 4);
            let _alive = pool.handle();

            world.at(10).await;
            let report = pool.shutdown(ms(10_000)).await;

            let rule = "an idle pool ends at once, though a handle is alive";
            world.expect_now(10, rule);
            expect(report, super::report(0, 0), "nothing was accepted");
        });
    }

    /// P8
    #[test]
    fn also_when_nobody_is_left_to_ask() {
        check("worker_pool.4", async |world| {
            let work = {
                let (pool, work) = pool(&world, 1, 4);
                send(&pool, 3, 100).await;
                work
            };

            world.at(1_000).await;

            let rule =
                "what was accepted is handled although pool and handles are gone";
            work.expect_ended_at([100, 200, 300], rule);
            world.settle().await;
            expect(world.alive_tasks(), 0, "and then the pool is gone as well");
        });
    }
}

mod step_5_closes_at_the_signal {
    use super::*;

    /// P4
    #[test]
    fn for_those_who_wait() {
        check("worker_pool.5", async |world| {
            let (pool, work) = pool(&world, 1, 1);
            send(&pool, 2, 1_000).await;
            let sender = world.lane("sender");

            let (handle, sends) = (pool.handle(), sender.clone());
            let third = spawn(async move {
                let answer = handle.send(Item(2, 1_000)).await;
                sends.log("answered");
                answer
            });
            world.at(100).await;
            let report = pool.shutdown(ms(10_000)).await;

            sender.expect_at([100], "who waits in send is answered at the signal");
            let refused = third.await.expect("the sender does not panic");
            expect(refused, Err(Item(2, 1_000)), "the refused item comes back");
            let rule = "what was accepted before is handled";
            expect(report, super::report(2, 0), rule);
            work.expect_ended_at([1_000, 2_000], "one after the other");
        });
    }

    #[test]
    fn to_those_who_come_later() {
        check("worker_pool.5", async |world| {
            let (pool, _) = pool(&world, 1, 4);
            send(&pool, 1, 500).await;
            let (handle, sender) = (pool.handle(), world.lane("sender"));

            let (late, sends, clock) =
                (handle.clone(), sender.clone(), world.clone());
            let during = spawn(async move {
                clock.at(200).await;
                let answer = late.send(Item(1, 500)).await;
                sends.log("answered");
                answer
            });
            world.at(100).await;
            pool.shutdown(ms(10_000)).await;
            let after = timeout(ms(50), handle.send(Item(2, 500))).await;

            sender
                .expect_at([200], "who comes during the drain is answered at once");
            let during = during.await.expect("the sender does not panic");
            let rule = "an item sent during the drain comes back";
            expect(during, Err(Item(1, 500)), rule);
            let rule = "an item sent after the end comes back";
            expect(after, Ok(Err(Item(2, 500))), rule);
        });
    }
}

mod step_6_stops_waiting_at_the_limit {
    use super::*;

    /// What was handed back, by number.
    fn numbers(report: &Report<Item>) -> Vec<u64> {
        report.unstarted.iter().map(|item| item.0).collect()
    }

    /// Four workers, twenty items of 200 ms, shutdown at 100 ms: so many rounds are done when
    /// the drain limit comes, and the next one is in work.
    async fn cut_after(world: &World, drain: u64, rounds: usize) {
        let (pool, work) = pool(world, 4, 20);
        send(&pool, 20, 200).await;
        world.at(100).await;

        let report = pool.shutdown(ms(drain)).await;
        let gone = work.dropped().len();
        world.expect_now(100 + drain, "shutdown returns when the drain limit comes");
        world.at(60_000).await;

        expect(gone, 4, "the items in work are gone at return");
        let rule = "so many rounds of four were done, and one was cut";
        expect((report.done, report.aborted), (4 * rounds, 4), rule);
        let left: Vec<u64> = (4 * rounds as u64 + 4..20).collect();
        expect(numbers(&report), left, "the rest comes back, oldest first");
        let begun = 4 * rounds + 4;
        expect(work.begun().len(), begun, "an item handed back never begins");
        expect(world.alive_tasks(), 0, "no task is left");
    }

    /// P3. The second round would end at 400 ms, the limit is at 399.
    #[test]
    fn in_the_second_round() {
        check("worker_pool.6", async |world| cut_after(&world, 299, 1).await);
    }

    /// P3. The second round ends at 400 ms, the limit is at 401.
    #[test]
    fn in_the_third_round() {
        check("worker_pool.6", async |world| cut_after(&world, 301, 2).await);
    }

    /// P7
    #[test]
    fn with_no_time_at_all() {
        check("worker_pool.6", async |world| {
            let (pool, work) = pool(&world, 2, 8);
            send(&pool, 5, HANGS).await;

            world.at(50).await;
            let report = pool.shutdown(ms(0)).await;

            world.expect_now(50, "a drain of nothing takes no time");
            expect(work.dropped().len(), 2, "the items in work are gone at return");
            expect(report.aborted, 2, "two were in work");
            let left: Vec<u64> =
                report.unstarted.iter().map(|item| item.0).collect();
            expect(left, vec![2, 3, 4], "three were waiting, oldest first");
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

                let what = if accepted { "accepted" } else { "refused" };
                outcomes.log(format!("item {round} {what}, {} done", report.done));
                let rule =
                    "an item is done if it was accepted, and refused otherwise";
                expect(report.done, usize::from(accepted), rule);
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
                    world.upstream(&requests, &what, 11 + 8 * number).await;
                    handle.send(Item(number, 40)).await.is_ok()
                });
            }

            world.at(45).await;
            let report = pool.shutdown(ms(33)).await;
            let answers = senders.join_all().await;
            world.at(100_000).await;

            let accepted = answers.into_iter().filter(|accepted| *accepted).count();
            let begun = report.done + report.panicked + report.aborted;
            let accounted = begun + report.unstarted.len();
            expect(accounted, accepted, "the report holds what was accepted");
            let rule = "what ends is done, and what is done has ended";
            require(work.ended().len() == report.done, rule);
            expect(work.begun().len(), begun, "what is handed back never begins");
        });
    }
}
