//! Scenarios of `tests/backpressure.rs` that are run more than once, each with its assertions.

use super::super::Refused::{self, Closed, Full};
use super::super::{Receiver, Sender};
use super::scene::{FOR_EVER, NOT_AT_ALL, next, open, works};

use fakes::load::{Job, all, burst, serve};
use kit::{World, expect, ms, spawn};

/// One sender of jobs of `size` bytes, one worker of 10 ms a job: when does each send end? What
/// fits into the queue is alive, and one job more with the sender and one with the worker.
pub async fn paced(
    world: World,
    (places, bytes, size): (usize, u32, u32),
    ends: &[u64],
) {
    let (gauge, (door, from)) = (world.gauge(), open(&world, places, bytes));
    let work = spawn(works(world.clone(), from, 10));
    let senders = door.lane();

    for id in 0..ends.len() as u64 {
        world.turn().await;
        _ = door.send(Job::sized(id, size, &gauge), FOR_EVER).await;
    }
    drop(door);

    let (order, ids) = (all(vec![work]).await, (0..ends.len() as u64).collect());
    expect(
        order,
        [ids] as [Vec<_>; 1],
        "jobs are received in the order they got places",
    );
    let fit = places.min((bytes / size) as usize);
    let rule = match fit < places {
        false => "a send waits while no place is free, and ends when it gets one",
        true => {
            "a send waits while too few bytes are free, and ends when it gets them"
        }
    };
    senders.expect_ended_at(ends, rule);
    let rule =
        "alive is what fits, one job more with the sender, one with the worker";
    expect(gauge.peak(), (fit + 2) * size as usize, rule);
}

/// A thousand jobs that may not wait, one every 10 ms: how many are accepted, how many come back.
/// All but the first are 5 ms off, so that none comes in the instant a worker is done with one.
pub async fn rush(world: &World, sender: &Sender<Job>) -> (usize, usize) {
    let (mut accepted, mut back) = (0, 0);
    for id in 0..1000_u64 {
        world.at((id * 10).saturating_sub(5)).await;
        match sender.send(Job::new(id), NOT_AT_ALL).await {
            Ok(()) => accepted += 1,
            Err((job, Full)) if job.id == id => back += 1,
            Err(_) => {}
        }
    }
    (accepted, back)
}

/// So many senders of eight jobs each at once, one worker of 10 ms a job. No job is late, and what
/// fits into the queue is alive, and one job more with each of them. With `by_permit` every second
/// sender asks for a place first.
pub async fn crowded(
    world: World,
    (places, bytes, size): (usize, u32, u32),
    senders: u64,
    by_permit: bool,
) {
    let (gauge, (door, from)) = (world.gauge(), open(&world, places, bytes));
    let work = spawn(works(world.clone(), from, 10));

    let sending = (0..senders).map(|sender| {
        let (world, door, gauge) = (world.clone(), door.clone(), gauge.clone());
        spawn(async move {
            for id in sender * 10..sender * 10 + 8 {
                world.turn().await;
                let job = Job::sized(id, size, &gauge);
                if !by_permit || sender % 2 == 0 {
                    _ = door.send(job, FOR_EVER).await;
                } else if let Ok(permit) = door.place(&job).await {
                    permit.send(job);
                }
            }
        })
    });
    all(sending.collect()).await;
    drop(door);

    let received = all(vec![work]).await.remove(0).len() as u64;
    expect(received, senders * 8, "every job that was sent is received");
    let rule =
        "a worker who is never without a job is done after 10 ms for each of them";
    world.expect_now(senders * 80, rule);
    let fit = places.min((bytes / size) as usize);
    let rule =
        "alive is what fits, one job more with each sender, one with the worker";
    expect(gauge.peak(), (fit + senders as usize + 1) * size as usize, rule);
}

/// Fills the queue with one job, or with a permit for one, lets three more wait, and ends it with
/// `end` after 70 ms. Gives what `end` gives, and the answer to one who may not wait and comes
/// before those who do have heard of it.
pub async fn ended<R>(
    world: &World,
    (places, bytes, size): (usize, u32, u32),
    by_permit: bool,
    end: impl FnOnce(Receiver<Job>) -> R,
) -> (R, Result<(), Refused>) {
    let (door, from) = open(world, places, bytes);
    let (first, end_ms) = (Job::of(0, size), world.now_ms() + 70);
    let permit = match by_permit {
        true => door.place(&first).await.ok(),
        false => {
            _ = door.send(first, NOT_AT_ALL).await;
            None
        }
    };
    let waiting = [1, 2, 3].map(|id| door.sends(Job::of(id, size), FOR_EVER));

    world.at(end_ms).await;
    world.lane("worker").log("ends it");
    let left = end(from);
    let hasty = door.send(Job::of(4, size), NOT_AT_ALL).await;

    let rule = "when nobody receives any more, those who wait get their jobs back";
    expect(all(waiting.into()).await, [Err(Closed); 3], rule);
    let late = door.send(Job::of(5, size), NOT_AT_ALL).await;
    expect(late, Err(Closed), "when nobody receives any more, later jobs come back");
    world.expect_now(end_ms, "jobs come back in the instant the queue is ended");
    drop(permit);
    (left, hasty)
}

/// Offers a burst to a worker who leaves alone what is not done in time after `takes_ms`.
pub async fn shed(world: &World, way: &str, takes_ms: u64) -> usize {
    let (door, mut from) = open(world, 200, 1000);
    let offer = async move |job| _ = door.sender.send(job, NOT_AT_ALL).await;
    let next = async || next(&mut from, takes_ms, drop).await;
    tokio::join!(burst(world, offer), serve(world.lane(way), next)).1
}

/// The queue holds jobs of the sizes `taken`, and job 10, of 4 bytes, waits. Then comes one without
/// bytes. After 20 ms all of `taken` are received, and before job 10 can run come two of one byte.
/// None of these may wait.
pub async fn served(world: &World, (places, bytes): (usize, u32), taken: &[u32]) {
    let (door, mut from) = open(world, places, bytes);
    let (start_ms, worker) = (world.now_ms(), world.lane("worker"));
    for (id, size) in (0..).zip(taken) {
        _ = door.send(Job::of(id, *size), NOT_AT_ALL).await;
    }
    _ = door.sends(Job::of(10, 4), FOR_EVER);

    world.at(start_ms + 10).await;
    _ = door.send(Job::of(11, 0), NOT_AT_ALL).await;
    world.at(start_ms + 20).await;
    for id in 0..taken.len() {
        from.recv().await;
        worker.log(format!("receives {id}"));
    }
    for id in [12, 13] {
        _ = door.send(Job::new(id), NOT_AT_ALL).await;
    }
    world.at(start_ms + 30).await;
    from.close();
    let received = works(world.clone(), from, 10).await;

    let order = match received.first() {
        Some(10) => "job 10 first".to_owned(),
        _ => format!("jobs {received:?}"),
    };
    let rule =
        "who waits goes in first, and still waits when it is served and has not run";
    expect(order, "job 10 first", rule);
}

/// The queue holds jobs of the sizes `taken`, and `ahead` others of one byte wait. One of 4 bytes
/// that may wait for 50 ms comes 10 ms later; at 30 ms the first of `taken` is received.
pub async fn impatient(world: &World, places: usize, taken: &[u32], ahead: u64) {
    let ((door, mut from), start_ms) = (open(world, places, 10), world.now_ms());
    for (id, size) in (0..).zip(taken) {
        _ = door.send(Job::of(id, *size), NOT_AT_ALL).await;
    }
    for id in 0..ahead {
        _ = door.sends(Job::new(10 + id), FOR_EVER);
    }
    world.at(start_ms + 10).await;
    let impatient = door.sends(Job::of(20, 4), ms(50));
    world.at(start_ms + 30).await;
    from.recv().await;
    world.lane("worker").log("receives 0");

    expect(all(vec![impatient]).await, [Err(Full)], "in the end there is no room");
    let rule = "a send waits for place and bytes together no longer than it may";
    world.expect_now(start_ms + 60, rule);
}
