//! Scenarios of `tests/backpressure.rs` that are run more than once, each with its assertions.

use super::super::{Refused::Full, Sender};
use super::scene::{
    Door, FOR_EVER, NOT_AT_ALL, Room, bytes, next, open, places, result_of, works,
};

use fakes::load::{Job, all, burst, serve};
use kit::{World, expect, ms, require, spawn};
use tokio_test::task;

/// A queue, and how large each job is that is sent to it.
#[derive(Clone, Copy)]
pub struct Load {
    pub room: Room,
    pub job_bytes: u32,
}

/// So many places, and jobs of one byte.
pub fn small_jobs(count: usize) -> Load {
    Load { room: places(count), job_bytes: 1 }
}

/// So many bytes, and jobs that need all of them.
pub fn large_jobs(size: u32) -> Load {
    Load { room: bytes(size), job_bytes: size }
}

impl Load {
    /// How many jobs are in the queue when it is full.
    fn fits(self) -> usize {
        let by_bytes = self.room.bytes / self.job_bytes;
        self.room.places.min(by_bytes as usize)
    }

    /// The bytes of so many jobs.
    fn bytes_of(self, jobs: usize) -> usize {
        jobs * self.job_bytes as usize
    }
}

/// One sender, one worker of 10 ms a job: when does each send end? What fits into the queue is
/// alive, and one job more with the sender and one with the worker.
pub async fn paced(world: World, load: Load, ends: &[u64]) {
    let gauge = world.gauge();
    let (door, from) = open(&world, load.room);
    let work = spawn(works(world.clone(), from, 10));
    let (senders, alive) = (door.lane(), world.lane("alive"));

    let ids: Vec<u64> = (0..).take(ends.len()).collect();
    for id in &ids {
        world.turn().await;
        let job = Job::sized(*id, load.job_bytes, &gauge);
        _ = door.send(job, FOR_EVER).await;
    }
    alive.log(format!("{} at most", gauge.peak()));
    drop(door);

    let order = result_of(work).await;
    expect(order.len(), ids.len(), "every job that was sent is received");
    expect(order, ids, "jobs are received in the order they got places");
    let rule = if load.fits() == load.room.places {
        format!(
            "a send waits while the queue of {} is full, and no longer",
            load.fits()
        )
    } else {
        let bytes = load.room.bytes;
        format!(
            "a send waits while too few of {bytes} bytes are free, and no longer"
        )
    };
    senders.expect_ended_at(ends, &rule);
    let fits = load.bytes_of(load.fits() + 2);
    let rule =
        "alive is what fits, one job more with the sender, one with the worker";
    expect(gauge.peak(), fits, rule);
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

/// Who sends to a queue, all at once.
#[derive(Clone, Copy)]
pub struct Crowd {
    pub senders: u64,
    /// Whether every second one asks for a place first, and sends by its permit.
    pub half_by_permit: bool,
}

/// Senders of eight jobs each, one worker of 10 ms a job. No job is late, and what fits into the
/// queue is alive, and one job more with each of them.
pub async fn crowded(world: World, load: Load, crowd: Crowd) {
    let gauge = world.gauge();
    let (door, from) = open(&world, load.room);
    let work = spawn(works(world.clone(), from, 10));

    let sending = (0..crowd.senders).map(|sender| {
        let by_permit = crowd.half_by_permit && sender % 2 == 1;
        let (world, door, gauge) = (world.clone(), door.clone(), gauge.clone());
        spawn(async move {
            for id in sender * 10..sender * 10 + 8 {
                world.turn().await;
                let job = Job::sized(id, load.job_bytes, &gauge);
                send_by(&door, job, by_permit).await;
            }
        })
    });
    all(sending.collect()).await;
    drop(door);

    let received = result_of(work).await.len() as u64;
    expect(received, crowd.senders * 8, "every job that was sent is received");
    let rule = "while somebody waits to send the worker is never without a job";
    world.expect_now(crowd.senders * 80, rule);
    world.lane("alive").log(format!("{} at most", gauge.peak()));
    let alive = load.bytes_of(load.fits() + crowd.senders as usize + 1);
    let rule =
        "alive is what fits, one job more with each sender, one with the worker";
    expect(gauge.peak(), alive, rule);
}

/// Sends `job` as it is, or asks for a place first.
async fn send_by(door: &Door, job: Job, by_permit: bool) {
    if !by_permit {
        _ = door.send(job, FOR_EVER).await;
    } else if let Ok(permit) = door.place(&job).await {
        permit.send(job);
    }
}

/// Offers a burst to a worker who leaves alone what is not done in time after `takes_ms`.
pub async fn shed(world: &World, way: &str, takes_ms: u64) -> usize {
    let (door, mut from) = open(world, places(200));
    let offer = async move |job| _ = door.sender.send(job, NOT_AT_ALL).await;
    let next = async || next(&mut from, takes_ms, drop).await;
    let ((), in_time) =
        tokio::join!(burst(world, offer), serve(world.lane(way), next));
    in_time
}

/// The queue holds jobs of the sizes `taken`, and job 10, of 4 bytes, waits. Then comes one without
/// bytes. After 20 ms all of `taken` are received, and before job 10 can run come two of one byte.
/// None of these may wait.
pub async fn served(world: &World, room: Room, taken: &[u32]) {
    let start_ms = world.now_ms();
    let (door, mut from) = open(world, room);
    let worker = world.lane("worker");
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
    let rule = "who waits goes in before who comes later, also before it has run";
    expect(order, "job 10 first", rule);
}

/// The queue holds two small jobs in its two places. From 10 ms on somebody waits with a job of all its
/// bytes, from 20 ms on somebody else with another. At 30 ms both small ones are received, and the
/// one who came later runs first.
pub async fn in_turn(world: World) {
    let (door, mut from) = open(&world, Room { places: 2, bytes: 4 });
    for id in [0, 1] {
        _ = door.send(Job::new(id), NOT_AT_ALL).await;
    }
    let (first, second) = (Job::of(2, 4), Job::of(3, 4));
    let mut first = task::spawn(door.place(&first));
    let mut second = task::spawn(door.place(&second));
    world.at(10).await;
    let mut pending = first.poll().is_pending();
    world.at(20).await;
    pending &= second.poll().is_pending();
    require(pending, "while all places are taken everybody waits");

    world.at(30).await;
    for id in [0, 1] {
        from.recv().await;
        world.lane("worker").log(format!("receives {id}"));
    }

    let rule = "whoever has waited longest is served first";
    require(second.poll().is_pending(), rule);
    let rule = "whoever has waited longest has its place when there is room";
    require(first.await.is_ok(), rule);
}

/// What somebody who comes to a queue of 10 bytes finds there.
#[derive(Clone, Copy)]
pub struct Found<'a> {
    pub places: usize,
    /// The sizes of the jobs in the queue.
    pub taken: &'a [u32],
    /// How many others wait, with jobs of one byte.
    pub waiting: u64,
}

/// One with a job of 4 bytes that may wait for 50 ms comes after 10 ms; at 30 ms the first of
/// those in the queue is received.
pub async fn impatient(world: &World, found: Found<'_>, rule: &str) {
    let start_ms = world.now_ms();
    let room = Room { places: found.places, bytes: 10 };
    let (door, mut from) = open(world, room);
    for (id, size) in (0..).zip(found.taken) {
        _ = door.send(Job::of(id, *size), NOT_AT_ALL).await;
    }
    for id in 0..found.waiting {
        _ = door.sends(Job::new(10 + id), FOR_EVER);
    }
    world.at(start_ms + 10).await;
    let impatient = door.sends(Job::of(20, 4), ms(50));
    world.at(start_ms + 30).await;
    from.recv().await;
    world.lane("worker").log("receives 0");

    let answer = result_of(impatient).await;
    expect(answer, Err(Full), rule);
    let rule = "a send waits 50 ms in all, for place and bytes together";
    world.expect_now(start_ms + 60, rule);
}
