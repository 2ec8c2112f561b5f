//! Scenarios of `tests/backpressure.rs` about the end of a queue: who waits then, what is on its way;
//! and about waits that are dropped.

use super::super::{
    Receiver,
    Refused::{self, Closed, Full},
};
use super::runs::Load;
use super::scene::{
    FOR_EVER, NOT_AT_ALL, Room, close, glance, next, open, places, works,
};

use std::{future::ready, task::Poll};

use fakes::load::{Job, all};
use kit::{World, expect, ms, require, spawn};
use tokio::task::unconstrained;
use tokio_test::task;

/// What a queue is full of.
#[derive(Clone, Copy)]
pub enum FullOf {
    AJob,
    APermit,
}

/// Fills a queue that has room for one job, lets three more wait, and ends it with `end` after
/// 70 ms. Gives what `end` gives, and the answer to one who may not wait and comes before those
/// who do have heard of it.
pub async fn ended<R>(
    world: &World,
    load: Load,
    full_of: FullOf,
    end: impl FnOnce(Receiver<Job>) -> R,
) -> (R, Result<(), Refused>) {
    let end_ms = world.now_ms() + 70;
    let job = |id| Job::of(id, load.job_bytes);
    let (door, from) = open(world, load.room);
    let mut permit = None;
    let rule = "a job that is no larger than an empty queue has room in it";
    match full_of {
        FullOf::AJob => expect(door.send(job(0), NOT_AT_ALL).await, Ok(()), rule),
        FullOf::APermit => {
            permit = door.place(&job(0)).await.ok();
            require(permit.is_some(), rule);
        }
    }
    let waiting = [1, 2, 3].map(|id| door.sends(job(id), FOR_EVER));

    world.at(end_ms).await;
    let wait = waiting.iter().filter(|it| !it.is_finished()).count();
    let waits = |n| format!("{n} of 3 sends wait");
    expect(waits(wait), waits(3), "while the queue is full every send waits");
    world.lane("worker").log("ends it");
    let left = end(from);
    let hasty = door.send(job(4), NOT_AT_ALL).await;

    let rule = "when nobody receives any more, whoever waits hears Closed";
    expect(all(waiting.into()).await, [Err(Closed); 3], rule);
    let late = door.send(job(5), NOT_AT_ALL).await;
    let rule = "when nobody receives any more, whoever comes hears Closed";
    expect(late, Err(Closed), rule);
    world.expect_now(end_ms, "jobs come back in the instant the queue is ended");
    drop(permit);
    (left, hasty)
}

/// The queue is full and three wait. Nobody polls the first of them when the queue is closed at 70 ms.
pub async fn closed_behind_a_sleeper(world: &World) {
    let (door, mut from) = open(world, places(1));
    _ = door.send(Job::new(0), NOT_AT_ALL).await;
    let mut asleep = task::spawn(door.send(Job::new(1), ms(100)));
    let waits = asleep.poll().is_pending();
    require(waits, "while the queue is full every send waits");
    door.lane().log("nobody polls send 1 any more");
    let waiting = [2, 3].map(|id| door.sends(Job::new(id), FOR_EVER));

    world.at(70).await;
    world.lane("worker").log("closes");
    from.close();
    world.settle().await;

    let heard = waiting.iter().filter(|it| it.is_finished()).count();
    let heard = format!("{heard} of 2 have heard of it");
    let rule = "whoever waits hears of the close at once, whoever stands before it";
    expect(heard, "2 of 2 have heard of it", rule);
    expect(all(waiting.into()).await, [Err(Closed); 2], rule);
    world.at(200).await;
    let rule =
        "the close came before the limit, also for whom nobody has polled since";
    expect(asleep.poll(), Poll::Ready(Err(Closed)), rule);
}

/// 20 waits for the one place are dropped: had each kept its 4 of 10 bytes, none were left.
pub async fn dropped_waits_for_bytes(world: &World) {
    let (door, mut from) = open(world, Room { places: 1, bytes: 10 });
    _ = door.send(Job::of(0, 1), NOT_AT_ALL).await;
    let large = Job::of(1, 4);
    door.drops_waits(20, &large).await;

    from.recv().await;
    world.lane("worker").log("receives 0");
    let answer = door.send(Job::of(2, 10), NOT_AT_ALL).await;

    expect(answer, Ok(()), "in an empty queue all bytes are free");
}

/// The queue is full and job 1 waits. At 70 ms job 0 is received and, before job 1 can run, the queue
/// is closed.
pub async fn served_too_late(world: &World, load: Load) {
    let end_ms = world.now_ms() + 70;
    let job = |id| Job::of(id, load.job_bytes);
    let (door, mut from) = open(world, load.room);
    _ = door.send(job(0), NOT_AT_ALL).await;
    let waiting = door.sends(job(1), FOR_EVER);

    world.at(end_ms).await;
    let worker = world.lane("worker");
    // Why unconstrained, and one poll: job 1 must not run in between.
    glance(unconstrained(from.recv()), ready(())).await;
    worker.log("receives 0");
    worker.log("closes");
    let from = close(from);

    let rule =
        "a sender that was given a place and has not run yet hears of the close too";
    expect(all(vec![waiting]).await, [Err(Closed)], rule);
    let left = works(world.clone(), from, 10).await;
    expect(left, Vec::<u64>::new(), "what came back is not received");
}

/// A permit that is out when the queue closes is a promise that is kept.
pub async fn promised(world: World) {
    let (door, mut from) = open(&world, places(2));
    let job = Job::new(0);
    let permit = door.place(&job).await.expect("a place is free");
    _ = door.send(Job::new(1), NOT_AT_ALL).await;
    let other = door.send(Job::new(2), NOT_AT_ALL).await;
    world.lane("worker").log("closes");
    from.close();
    let work = spawn(works(world.clone(), from, 10));

    world.at(20).await;
    door.lane().log("uses its permit");
    permit.send(job);

    expect(other, Err(Full), "a place that is given is nobody else's");
    let rule = "what is in and what a permit sends is received after the close";
    expect(all(vec![work]).await, [[1, 0]], rule);
}

/// Waits for an item that are dropped, some after an item has come that they could have received.
pub async fn dropped_waits(world: World) {
    let (door, mut from) = open(&world, places(4));

    let mut received = vec![];
    for id in 0..3 {
        world.turn().await;
        world.lane("worker").log("drops two waits");
        let sent = door.send(Job::new(id), FOR_EVER);
        received.extend(glance(from.recv(), sent).await);
        received.extend(glance(next(&mut from, 10, drop), ready(())).await);
    }
    drop(door);
    received.extend(works(world, from, 10).await);

    let rule = "what a dropped wait has not received the next one receives";
    expect(received, [0, 1, 2], rule);
}
