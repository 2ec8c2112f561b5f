//! Scenarios of `tests/backpressure.rs` about what is on its way when a queue is closed, or
//! a wait is dropped.

use super::super::Refused::{Closed, Full};
use super::runs::Load;
use super::scene::{FOR_EVER, NOT_AT_ALL, close, glance, next, open, places, works};

use std::future::ready;

use fakes::load::{Job, all};
use kit::{World, expect, spawn};
use tokio::task::unconstrained;

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
