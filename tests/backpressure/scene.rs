//! What the scenarios of `tests/backpressure.rs` have in common: a queue with a lane for those who
//! send, a worker, and the two things that happen to a full queue (it is worked off, or it ends).

use super::super::Refused::{self, Closed};
use super::super::{Item, Permit, Receiver, Sender, queue};

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use kit::load::{Job, all};
use kit::{Lane, World, expect, ms, spawn};
use tokio::{task::JoinHandle, time::Instant};

pub const NOT_AT_ALL: Duration = Duration::ZERO;
pub const FOR_EVER: Duration = Duration::MAX;

impl Item for Job {
    fn bytes(&self) -> u32 {
        self.bytes()
    }

    fn deadline(&self) -> Instant {
        self.deadline
    }
}

/// The sending end of a queue, drawn on the lane `senders`.
#[derive(Clone)]
pub struct Door {
    /// The learner's half.
    pub sender: Arc<Sender<Job>>,
    world: World,
}

/// A queue, with its sending end in a door.
pub fn open(world: &World, places: usize, bytes: u32) -> (Door, Receiver<Job>) {
    let places = NonZeroUsize::new(places).expect("a scenario has places");
    let (sender, receiver) = queue(places, bytes);
    let (sender, world) = (Arc::new(sender), world.clone());
    (Door { sender, world }, receiver)
}

impl Door {
    pub fn lane(&self) -> Lane {
        self.world.lane("senders")
    }

    /// Sends, and says why the job is back if it is.
    pub async fn send(&self, job: Job, wait: Duration) -> Result<(), Refused> {
        let (id, what) = (job.id, named("send", &job));
        let _waiting = self.world.waiting(format!("{what}: its place"));
        let answer = self.lane().watch(what, self.sender.send(job, wait)).await;
        answer.map_err(|(job, why)| {
            expect(job.id, id, "the job that comes back is the job that was sent");
            self.lane().log(format!("{id} is back: {why:?}"));
            why
        })
    }

    /// Sends in a task of its own.
    pub fn sends(
        &self,
        job: Job,
        wait: Duration,
    ) -> JoinHandle<Result<(), Refused>> {
        let door = self.clone();
        spawn(async move { door.send(job, wait).await })
    }

    /// Asks for a place for `job`, for as long as it takes.
    pub async fn place(&self, job: &Job) -> Result<Permit<'_, Job>, Refused> {
        let what = named("place for", job);
        let _waiting = self.world.waiting(format!("{what}: its place"));
        self.lane().watch(what, self.sender.reserve(job, FOR_EVER)).await
    }
}

/// `send 3`, or `send 3 (6 bytes)`.
fn named(what: &str, job: &Job) -> String {
    match job.bytes() {
        1 => format!("{what} {}", job.id),
        bytes => format!("{what} {} ({bytes} bytes)", job.id),
    }
}

/// Works `takes_ms` on each job, until the queue ends; gives their ids.
pub async fn works(
    world: World,
    mut from: Receiver<Job>,
    takes_ms: u64,
) -> Vec<u64> {
    let (lane, mut ids) = (world.lane("worker"), vec![]);
    loop {
        let waiting = world.waiting("worker: the next job");
        let Some(job) = from.recv().await else {
            return ids;
        };
        drop(waiting);
        lane.takes(format!("job {}", job.id), takes_ms).await;
        ids.push(job.id);
    }
}

/// The next job that, begun now, is done in time after `takes_ms`. Tells `shed` of the others.
pub async fn next(
    from: &mut Receiver<Job>,
    takes_ms: u64,
    shed: impl Fn(Job),
) -> Option<Job> {
    loop {
        match from.recv_in_time(ms(takes_ms)).await? {
            Ok(job) => return Some(job),
            Err(job) => shed(job),
        }
    }
}

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
    let rule =
        "a send waits while the queue is full, and ends when it gets its place";
    senders.expect_ended_at(ends, rule);
    let fit = places.min((bytes / size) as usize);
    let rule =
        "alive is what fits, one job more with the sender, one with the worker";
    expect(gauge.peak(), (fit + 2) * size as usize, rule);
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

/// Fills the queue with one job, lets three more wait, and at 70 ms ends it with `end`.
pub async fn ended<R>(
    world: &World,
    (places, bytes, size): (usize, u32, u32),
    end: impl FnOnce(Receiver<Job>) -> R,
) -> R {
    let (door, from) = open(world, places, bytes);
    _ = door.send(Job::of(0, size), NOT_AT_ALL).await;
    let waiting = [1, 2, 3].map(|id| door.sends(Job::of(id, size), FOR_EVER));

    world.at(70).await;
    world.lane("worker").log("ends it");
    let left = end(from);

    let rule = "when nobody receives any more, those who wait get their jobs back";
    expect(all(waiting.into()).await, [Err(Closed); 3], rule);
    let late = door.send(Job::of(4, size), NOT_AT_ALL).await;
    expect(late, Err(Closed), "when nobody receives any more, later jobs come back");
    world.expect_now(70, "jobs come back in the instant the queue is ended");
    left
}

pub fn close(mut from: Receiver<Job>) -> Receiver<Job> {
    from.close();
    from
}
