//! What the scenarios of `tests/backpressure.rs` have in common: a queue with a lane for those who
//! send, and workers. Scenarios that are run more than once are in `runs.rs` beside it.

use super::super::{Item, Permit, Receiver, Refused, Sender, queue};

use std::{num::NonZeroUsize, sync::Arc, task::Poll, time::Duration};

use fakes::load::Job;
use kit::{Lane, World, expect, ms, require, spawn};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use tokio_test::task;

pub const NOT_AT_ALL: Duration = Duration::ZERO;
pub const FOR_EVER: Duration = Duration::MAX;
/// What somebody who sends waits for.
const ROOM: &str = "a place, or bytes";

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

/// What a queue holds at most.
#[derive(Clone, Copy)]
pub struct Room {
    pub places: usize,
    pub bytes: u32,
}

/// So many places, and more bytes than the jobs have.
pub fn places(places: usize) -> Room {
    Room { places, bytes: 1000 }
}

/// So many bytes, and more places than there are jobs.
pub fn bytes(bytes: u32) -> Room {
    Room { places: 100, bytes }
}

/// A queue, with its sending end in a door.
pub fn open(world: &World, room: Room) -> (Door, Receiver<Job>) {
    let places = NonZeroUsize::new(room.places).expect("a scenario has places");
    let (sender, receiver) = queue(places, room.bytes);
    let door = Door { sender: Arc::new(sender), world: world.clone() };
    (door, receiver)
}

impl Door {
    pub fn lane(&self) -> Lane {
        self.world.lane("senders")
    }

    /// Sends, and says why the job is back if it is.
    pub async fn send(&self, job: Job, wait: Duration) -> Result<(), Refused> {
        let id = job.id;
        let what = named("send", &job);
        let _waiting = self.world.waiting(format!("{what}: {ROOM}"));
        let span = self.lane().span(what);
        let Err((job, why)) = self.sender.send(job, wait).await else {
            span.end();
            return Ok(());
        };
        span.end_as(&format!("{why:?}"));
        expect(job.id, id, "the job that comes back is the job that was sent");
        Err(why)
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
        let _waiting = self.world.waiting(format!("{what}: {ROOM}"));
        self.lane().watch(what, self.sender.reserve(job, FOR_EVER)).await
    }

    /// Asks for a place for `job` while the only one is taken, and drops that wait after 1 ms; so often.
    pub async fn drops_waits(&self, count: u64, job: &Job) {
        for _ in 0..count {
            let wait = timeout(ms(1), self.sender.reserve(job, FOR_EVER));
            if let Ok(ended) = wait.await {
                let how = if ended.is_ok() { "gets a permit" } else { "is refused" };
                self.lane().log(format!("a wait {how}"));
                require(false, "while the only place is taken a reserve waits");
            }
        }
        self.lane().log(format!("{count} waits dropped"));
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
    let lane = world.lane("worker");
    let mut ids = vec![];
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

/// The same as [`works`] with nothing drawn; gives how many jobs there were.
pub async fn counts(mut from: Receiver<Job>, takes_ms: u64) -> usize {
    let mut done = 0;
    while from.recv().await.is_some() {
        sleep(ms(takes_ms)).await;
        done += 1;
    }
    done
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

/// The job that `wait` gets in its first poll, if it gets one. Otherwise the wait is dropped when
/// `then` has happened.
pub async fn glance(
    wait: impl Future<Output = Option<Job>>,
    then: impl Future,
) -> Option<u64> {
    let mut wait = task::spawn(wait);
    let answer = wait.poll();
    then.await;
    match answer {
        Poll::Ready(job) => job.map(|job| job.id),
        Poll::Pending => None,
    }
}

pub fn close(mut from: Receiver<Job>) -> Receiver<Job> {
    from.close();
    from
}

/// What `task` returns.
pub async fn result_of<T>(task: JoinHandle<T>) -> T {
    task.await.expect("a task of the scenario ends well")
}
