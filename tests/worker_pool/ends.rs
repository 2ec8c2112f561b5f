//! Scenarios of `tests/worker_pool.rs` about how a pool ends: what goes on without it, and when its
//! limit comes.

use super::scene::{
    Item, Shutdown, Size,
    Work::{self, Takes},
    end, in_words, pool, send,
};

use std::time::Duration;

use kit::{FIFTY_DAYS_MS, Lane, World, expect, ms, require};

/// The pool is dropped at 0 ms with one item in work, and three more are sent from 50 ms on.
pub async fn left_alone(world: &World) {
    let (pool, work) = pool(world, Size { workers: 1, capacity: 1 });
    send(&pool, 1, Takes(100)).await;
    let (handle, sender) = (pool.handle(), world.lane("sender"));
    world.lane("pool").log("is dropped");
    // Why boxes: clippy refuses to drop what has no `Drop`, as in the stub.
    drop(Box::new(pool));

    world.at(50).await;
    for number in 1..=3 {
        let sent = handle.send(Item { number, work: Takes(100) }).await;
        let word = if sent.is_ok() { "accepted" } else { "refused" };
        sender.log(format!("{word} {number}"));
        expect(sent, Ok(()), "a handle of a dropped pool sends as before");
    }
    drop(Box::new(handle));
    world.at(1_000).await;

    let rule = "a handle of a dropped pool waits for room as before";
    sender.expect_at([50, 100, 200], rule);
    let rule = "what a handle of a dropped pool sends is handled";
    work.expect_ended_at([100, 200, 300, 400], rule);
    world.settle().await;
    expect(world.alive_tasks(), 0, "with the last handle a dropped pool is gone");
}

/// A shutdown that is called at 0 ms and polled from 100 ms on, with 50 ms to drain, when an item
/// has just been sent. Gives what `end` gives.
pub async fn polled_late(world: &World, work: Work) -> (String, Lane) {
    let (pool, _) = pool(world, Size { workers: 1, capacity: 4 });
    let (handle, lane) = (pool.handle(), world.lane("shutdown"));

    let ending = pool.shutdown(ms(50));
    lane.log("is called, not polled");
    world.at(100).await;
    let sent = handle.send(Item { number: 0, work }).await;
    let sent = if sent.is_ok() { "accepted" } else { "refused" };
    lane.log(format!("item 0 is {sent}"));
    let rule = "a shutdown that nobody has polled has not begun";
    expect(sent, "accepted", rule);
    let report = lane.watch("drain to 150", ending).await;
    (in_words(report), lane)
}

/// Four workers, twenty items of 200 ms, shutdown at 100 ms: so many rounds are done when the drain
/// limit comes, and the next one is in work.
pub async fn cut_after(world: &World, drain: u64, rounds_done: usize) {
    let (pool, work) = pool(world, Size { workers: 4, capacity: 20 });
    send(&pool, 20, Takes(200)).await;

    let (report, ending) = end(pool, Shutdown { at: 100, drain }, world).await;
    ending.expect_ended_at([100 + drain], "shutdown returns at the drain limit");
    work.expect_dropped_at([100 + drain; 4], "items in work are gone at return");
    world.at(60_000).await;

    let done = 4 * rounds_done;
    let begun = done + 4;
    let left: Vec<usize> = (begun..20).collect();
    let rule = "the report says: four done each round, four aborted, the others back in order";
    let all = format!("{done} done, 0 panicked, 4 aborted, back {left:?}");
    expect(report, all, rule);
    let rule = "an item handed back never begins";
    require(work.begun().len() == begun, rule);
    expect(world.alive_tasks(), 0, "no task is left");
}

/// The limit never comes, and the item takes fifty days.
pub async fn ends_with_the_last_item(world: &World) {
    let (pool, _work) = pool(world, Size { workers: 1, capacity: 1 });
    send(&pool, 1, Takes(FIFTY_DAYS_MS)).await;

    let ending = pool.shutdown(Duration::MAX);
    let report = world.lane("shutdown").watch("drain for ever", ending).await;

    let rule = "`Duration::MAX` never comes: the item is done, and not aborted";
    expect((report.done, report.aborted), (1, 0), rule);
    world.expect_now(FIFTY_DAYS_MS, "shutdown returns with the last item");
}
