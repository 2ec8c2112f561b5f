//! Work that comes in: jobs that count themselves while they live, and more of them at once than
//! one worker can serve.

use std::{cell::RefCell, collections::VecDeque};

use kit::{Gauge, Lane, Live, World, ms};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

/// How long [`serve`] works on a job.
const WORK_MS: u64 = 100;

/// An item for queues: a number, a deadline, and a size that counts on a gauge while it lives.
#[derive(Debug)]
pub struct Job {
    /// Its number.
    pub id: u64,
    /// When its answer is of no more use.
    pub deadline: Instant,
    live: Vec<Live>,
}

impl Job {
    /// Number `id`, of one byte, with an hour to go.
    pub fn new(id: u64) -> Self {
        Job::of(id, 1)
    }

    /// Number `id`, of so many bytes, with an hour to go.
    pub fn of(id: u64, bytes: u32) -> Self {
        Job::sized(id, bytes, &Gauge::default())
    }

    /// Number `id`, of so many bytes, which `gauge` counts one by one; with an hour to go.
    pub fn sized(id: u64, bytes: u32, gauge: &Gauge) -> Self {
        let live = (0..bytes).map(|_| gauge.enter()).collect();
        let deadline = Instant::now() + ms(3_600_000);
        Job { id, deadline, live }
    }

    /// The same job, due so many milliseconds from now.
    pub fn due_in(self, in_ms: u64) -> Self {
        let deadline = Instant::now() + ms(in_ms);
        Job { deadline, ..self }
    }

    /// Its size.
    pub fn bytes(&self) -> u32 {
        self.live.len() as u32
    }

    /// Whether its deadline has not passed.
    pub fn is_in_time(&self) -> bool {
        Instant::now() <= self.deadline
    }
}

/// Offers 150 jobs: 50 at once and then ten a second, the first of these 10 ms after the burst,
/// so that none comes in the instant [`serve`] ends one. Each is due 950 ms after it came.
pub async fn burst(world: &World, mut offer: impl AsyncFnMut(Job)) {
    for id in 0..50 {
        offer(Job::new(id).due_in(950)).await;
    }
    for id in 50..150 {
        world.at((id - 50) * 100 + 10).await;
        offer(Job::new(id).due_in(950)).await;
    }
}

/// One worker, 100 ms for each job that `next` gives it. Writes down every two seconds how many
/// were done in time and how many late, and gives the number of those in time.
pub async fn serve(lane: Lane, mut next: impl AsyncFnMut() -> Option<Job>) -> usize {
    let (mut in_time, mut late, start) = (0, 0, Instant::now());
    while let Some(job) = next().await {
        sleep(ms(WORK_MS)).await;
        if job.is_in_time() {
            in_time += 1;
        } else {
            late += 1;
        }
        if start.elapsed().as_millis() % 2000 == 0 {
            lane.log(format!("{in_time}, and {late} late"));
        }
    }
    lane.log(format!("in all {in_time}, and {late} late"));
    in_time
}

/// A [`burst`] before a plain list, no queue of anybody's: how many jobs are done in time when
/// `take` chooses the next one. See [`serve`] for the lane `way`.
pub async fn overload(
    world: &World,
    way: &str,
    take: impl Fn(&mut VecDeque<Job>) -> Option<Job>,
) -> usize {
    let waiting = RefCell::new(VecDeque::new());
    let offer = async |job| waiting.borrow_mut().push_back(job);
    let next = async || loop {
        if let Some(job) = take(&mut waiting.borrow_mut()) {
            return Some(job);
        }
        // The last job comes before the tenth second is over.
        if world.now_ms() >= 10_000 {
            return None;
        }
        sleep(ms(5)).await;
    };
    let ((), in_time) =
        tokio::join!(burst(world, offer), serve(world.lane(way), next));
    in_time
}

/// The job that came last, of those that are not late.
pub fn newest_first(jobs: &mut VecDeque<Job>) -> Option<Job> {
    jobs.retain(Job::is_in_time);
    jobs.pop_back()
}

/// What `tasks` return, in this order.
///
/// # Panics
///
/// When one of them panicked or was aborted.
pub async fn all<T>(tasks: Vec<JoinHandle<T>>) -> Vec<T> {
    let mut answers = vec![];
    for task in tasks {
        answers.push(task.await.expect("a task of the scenario ends well"));
    }
    answers
}
