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

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinError, JoinHandle, JoinSet},
    time::{Sleep, sleep},
};

/// Handles items with a fixed number of workers, on the runtime it was made in and no longer.
pub struct Pool<T> {
    handle: Handle<T>,
    stop: oneshot::Sender<Sleep>,
    manager: JoinHandle<Report<T>>,
}

/// A way into the pool. Cheap to clone.
pub struct Handle<T> {
    sender: mpsc::Sender<T>,
    open: Arc<Mutex<bool>>,
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
        let (stop, stopped) = oneshot::channel();
        // Why one manager and not `workers` loops: whoever owns the queue and all running
        // items alone can close one, wait for the other and count both, without a lock.
        // Mistake: holds_the_lock_while_working
        let manager = Manager {
            workers: workers.get(),
            queue,
            handler: Arc::new(handler),
            running: JoinSet::new(),
            report: Report { done: 0, panicked: 0, aborted: 0, unstarted: vec![] },
        };
        // Why spawned and not aborted with the pool: what was accepted is handled even when
        // nobody is left to ask for the report.
        // Mistake: aborts_when_dropped
        let manager = tokio::spawn(manager.run(stopped));
        let handle = Handle { sender, open: Arc::new(Mutex::new(true)) };
        Pool { handle, stop, manager }
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
    pub async fn shutdown(self, drain: Duration) -> Report<T> {
        // Why here and not in the manager: that runs a turn later, and accepts until then.
        // Mistake: closes_a_turn_later
        *self.handle.open() = false;
        // Why a `Sleep` and not a duration: the limit runs from now, not from whenever the
        // manager is next polled. Why not an instant: `now + Duration::MAX` panics.
        _ = self.stop.send(sleep(drain));
        self.manager.await.expect("the manager runs no code of others")
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
        let Ok(permit) = self.sender.reserve().await else {
            return Err(item);
        };
        // Why look and push under one lock: between permit and push the pool can close, and
        // empty the queue for the last time. No paused clock sees it, only threads do.
        let open = self.open();
        if !*open {
            return Err(item);
        }
        permit.send(item);
        Ok(())
    }

    fn open(&self) -> MutexGuard<'_, bool> {
        self.open.lock().expect("nothing panics while it holds the lock")
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Handle { sender: self.sender.clone(), open: self.open.clone() }
    }
}

/// Owns the queue and everything in work.
struct Manager<T, F> {
    workers: usize,
    queue: mpsc::Receiver<T>,
    handler: Arc<F>,
    running: JoinSet<()>,
    report: Report<T>,
}

impl<T, F, Fut> Manager<T, F>
where
    T: Send + 'static,
    F: Fn(T) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    async fn run(mut self, stopped: oneshot::Receiver<Sleep>) -> Report<T> {
        let limit = tokio::select! {
            biased;
            Ok(limit) = stopped => limit,
            () = self.work() => {
                self.drain().await;
                return self.report;
            }
        };
        // Why `close` as well: it refuses those who wait in `send` right now.
        // Mistake: leaves_senders_waiting
        self.queue.close();
        tokio::select! {
            biased;
            () = self.drain() => {}
            () = limit => self.abort().await,
        }
        self.report
    }

    /// Handles items until nobody is left who could send one.
    async fn work(&mut self) {
        loop {
            let free = self.running.len() < self.workers;
            tokio::select! {
                biased;
                Some(ended) = self.running.join_next() => self.count(ended),
                item = self.queue.recv(), if free => match item {
                    Some(item) => self.start(item),
                    None => return,
                },
            }
        }
    }

    /// Handles what is there. Nothing comes in any more.
    async fn drain(&mut self) {
        loop {
            // Why not `recv` until `None`: that also waits for every permit, and one may be in
            // the hands of a future that nobody polls.
            // Mistake: waits_for_a_sender_nobody_polls
            while self.running.len() < self.workers
                && let Ok(item) = self.queue.try_recv()
            {
                self.start(item);
            }
            let Some(ended) = self.running.join_next().await else {
                return;
            };
            self.count(ended);
        }
    }

    fn start(&mut self, item: T) {
        // Why a task for each item, and the call inside of it: a panic ends in its own
        // `JoinError`, that of a handler which has not yet returned a future as well.
        // Mistake: dies_with_its_item, calls_the_handler_outside
        let handler = self.handler.clone();
        self.running.spawn(async move { handler(item).await });
    }

    async fn abort(&mut self) {
        // Why wait after the abort: an aborted task holds what it holds until it is dropped.
        // Mistake: does_not_wait_for_the_aborted
        self.running.abort_all();
        while let Some(ended) = self.running.join_next().await {
            self.count(ended);
        }
        while let Ok(item) = self.queue.try_recv() {
            self.report.unstarted.push(item);
        }
    }

    fn count(&mut self, ended: Result<(), JoinError>) {
        match ended {
            Ok(()) => self.report.done += 1,
            Err(error) if error.is_panic() => self.report.panicked += 1,
            Err(_) => self.report.aborted += 1,
        }
    }
}

#[cfg(test)]
#[path = "../tests/worker_pool.rs"]
mod tests;
