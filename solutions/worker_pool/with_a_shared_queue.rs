//! Worker pool: a queue, some workers, and an end at which every item is accounted for.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/worker_pool.md`
//! - Run: `cargo test --test solutions_worker_pool`
//!
//! # The contract
//!
//! 1. At most `workers` items are in work, and a free worker takes the oldest item at once.
//! 2. Up to `capacity` more accepted items wait. Beyond that `send` waits for room, and free room
//!    goes to the sender that has waited longest.
//! 3. A handler that panics costs its own item: no other item, and no worker.
//! 4. Everything accepted is handled, within rule 6. `shutdown` returns at the instant the last
//!    item ends, and reports how many were done and how many panicked. When a pool is dropped
//!    instead, its handles stay open, and what they accept is handled.
//! 5. From the first poll of `shutdown` nothing is accepted: a sender that waits then, or that
//!    comes later, gets its item back at once.
//! 6. When `drain` has passed since the first poll, `shutdown` returns. By then items in work are
//!    aborted, and their futures are gone. Items not yet started are handed back, oldest first.
//! 7. Every accepted item is in the report exactly once, whatever happens at the same instant.

use std::{num::NonZeroUsize, ops::AddAssign, sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, mpsc, watch},
    task::{JoinError, JoinSet},
    time::timeout,
};

/// Handles items with a fixed number of workers, on the runtime it was made in and no longer.
pub struct Pool<T> {
    handle: Handle<T>,
    queue: Queue<T>,
    workers: JoinSet<Tally>,
}

/// A way into the pool. Cheap to clone.
pub struct Handle<T> {
    sender: mpsc::Sender<T>,
    phase: watch::Sender<Phase>,
}

/// What became of the accepted items.
#[derive(Debug, PartialEq, Eq)]
pub struct Report<T> {
    /// Handled to the end.
    pub done: usize,
    /// The handler panicked.
    pub panicked: usize,
    /// Cut off at the drain limit. One that is taken in that instant may be unstarted instead.
    pub aborted: usize,
    /// Accepted and never started, oldest first.
    pub unstarted: Vec<T>,
}

/// The receiving end, which the workers share: whoever is free waits for the lock, and under it for
/// the next item.
type Queue<T> = Arc<Mutex<mpsc::Receiver<T>>>;

/// How far the pool is. It only goes forward.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Phase {
    Open,
    Drains,
    /// The limit is over.
    Over,
}

/// What one worker has counted.
#[derive(Default)]
struct Tally {
    done: usize,
    panicked: usize,
    aborted: usize,
}

impl Tally {
    fn count(&mut self, ended: Result<(), JoinError>) {
        match ended {
            Ok(()) => self.done += 1,
            Err(error) if error.is_panic() => self.panicked += 1,
            Err(_) => self.aborted += 1,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.done += other.done;
        self.panicked += other.panicked;
        self.aborted += other.aborted;
    }
}

impl<T: Send + 'static> Pool<T> {
    /// Starts a pool that calls `handler` for each item. It may begin with a task for each worker.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, and with a capacity above `Semaphore::MAX_PERMITS`.
    pub fn new<F, Fut>(
        workers: NonZeroUsize,
        capacity: NonZeroUsize,
        handler: F,
    ) -> Self
    where
        F: Fn(T) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let (sender, queue) = mpsc::channel(capacity.get());
        let (phase, now) = watch::channel(Phase::Open);
        let (queue, handler) = (Arc::new(Mutex::new(queue)), Arc::new(handler));
        let mut set = JoinSet::new();
        for _ in 0..workers.get() {
            set.spawn(work(queue.clone(), now.clone(), handler.clone()));
        }
        Pool { handle: Handle { sender, phase }, queue, workers: set }
    }

    /// A way in.
    pub fn handle(&self) -> Handle<T> {
        self.handle.clone()
    }

    /// Ends the pool within `drain`.
    ///
    /// # Cancel safety
    ///
    /// Dropped before its first poll, it is a dropped pool. Dropped later, the report is lost; the
    /// pool stays closed, and handles what it accepted for `drain` at least.
    pub async fn shutdown(mut self, drain: Duration) -> Report<T> {
        let phase = self.handle.phase.clone();
        phase.send_replace(Phase::Drains);
        let mut sum = Tally::default();
        let mut all = async || {
            while let Some(tally) = self.workers.join_next().await {
                sum += tally.expect("a worker runs no code of others");
            }
        };
        if timeout(drain, all()).await.is_err() {
            // Why the workers are told and not aborted: each ends its item and counts it.
            phase.send_replace(Phase::Over);
            all().await;
        }
        let Tally { done, panicked, aborted } = sum;
        let mut queue = self.queue.lock().await;
        let unstarted = std::iter::from_fn(|| queue.try_recv().ok()).collect();
        Report { done, panicked, aborted, unstarted }
    }
}

impl<T> Drop for Pool<T> {
    fn drop(&mut self) {
        // Why detach: a dropped `JoinSet` aborts, and what was accepted is to be handled.
        // Mistake: aborts_when_dropped
        self.workers.detach_all();
    }
}

impl<T> Handle<T> {
    /// Hands `item` over, waiting for room. `Ok` means accepted.
    ///
    /// # Errors
    ///
    /// The item itself, once the pool is shutting down, also when room was given before.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it resolves, `item` was not accepted and is dropped with it.
    pub async fn send(&self, item: T) -> Result<(), T> {
        let mut phase = self.phase.subscribe();
        let permit = tokio::select! {
            biased;
            () = reached(&mut phase, Phase::Drains) => return Err(item),
            permit = self.sender.reserve() => permit,
        };
        // Why look and push under the lock of the phase, which `borrow` holds: nothing comes in
        // once it has changed.
        // Mistake: accepts_at_the_last_instant
        let phase = self.phase.borrow();
        match permit {
            Ok(permit) if *phase == Phase::Open => permit.send(item),
            _ => return Err(item),
        }
        Ok(())
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Handle { sender: self.sender.clone(), phase: self.phase.clone() }
    }
}

/// Ends when the pool is so far, and never when it is gone before.
async fn reached(now: &mut watch::Receiver<Phase>, phase: Phase) {
    if now.wait_for(|now| *now >= phase).await.is_err() {
        std::future::pending().await
    }
}

/// The oldest item; `None` when there is none and none will come, or the limit is over.
async fn next<T>(queue: &Queue<T>, now: &mut watch::Receiver<Phase>) -> Option<T> {
    // Why in a function of its own: the guard ends with it. In the head of a `while let` it would
    // live as long as the work.
    // Mistake: holds_the_lock_while_working
    let mut queue = queue.lock().await;
    if *now.borrow() == Phase::Over {
        return None;
    }
    tokio::select! {
        biased;
        item = queue.recv() => item,
        // Why not `recv` until `None`: that also waits for every permit.
        // Mistake: waits_for_a_sender_nobody_polls
        () = reached(now, Phase::Drains) => queue.try_recv().ok(),
    }
}

async fn work<T, F, Fut>(
    queue: Queue<T>,
    mut now: watch::Receiver<Phase>,
    handler: Arc<F>,
) -> Tally
where
    T: Send + 'static,
    F: Fn(T) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let mut tally = Tally::default();
    while let Some(item) = next(&queue, &mut now).await {
        // Why a set for one: its `shutdown` aborts, and waits until the future is gone.
        let (mut set, handler) = (JoinSet::new(), handler.clone());
        set.spawn(async move { handler(item).await });
        let ended = tokio::select! {
            biased;
            ended = set.join_next() => ended,
            () = reached(&mut now, Phase::Over) => {
                set.abort_all();
                set.join_next().await
            }
        };
        tally.count(ended.expect("one is in the set"));
    }
    tally
}

#[cfg(test)]
#[path = "../../tests/worker_pool.rs"]
mod tests;
