//! Worker pool: a queue, some workers, and an end at which every item is accounted for.
//!
//! - Read: `book/src/worker_pool.md`
//! - Run: `cargo test --test worker_pool`
//!
//! # The contract
//!
//! 1. Up to `workers` items are handled at once, and whoever is free takes the oldest at once.
//! 2. Beyond those, up to `capacity` accepted items wait; then `send` waits for room.
//! 3. A handler that panics costs its own item: no other item, and no worker.
//! 4. Everything accepted is handled. `shutdown` returns at the instant the last item ends and
//!    reports how many were done and how many panicked; pool and handles that are dropped
//!    instead leave nothing unhandled either.
//! 5. From the instant `shutdown` begins nothing is accepted: who waits in `send` then, or comes
//!    later, gets the item back at once.
//! 6. After `drain` it stops waiting and returns: items in work are aborted, and their futures
//!    are gone at return; items not yet started are handed back, oldest first.
//! 7. Every accepted item appears in the report exactly once, whoever meets whom at one instant.

use std::{num::NonZeroUsize, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinError, JoinHandle, JoinSet},
    time::{Instant, sleep_until},
};

/// Handles items with a fixed number of workers.
pub struct Pool<T> {
    sender: mpsc::Sender<T>,
    stop: oneshot::Sender<Instant>,
    manager: JoinHandle<Report<T>>,
}

/// A way into the pool. Cheap to clone.
pub struct Handle<T> {
    sender: mpsc::Sender<T>,
}

/// What became of the accepted items.
#[derive(Debug, PartialEq, Eq)]
pub struct Report<T> {
    /// Handled to the end.
    pub done: usize,
    /// The handler panicked.
    pub panicked: usize,
    /// In work when the drain limit came.
    pub aborted: usize,
    /// Accepted and never started, oldest first.
    pub unstarted: Vec<T>,
}

impl<T: Send + 'static> Pool<T> {
    /// Starts a pool that calls `handler` for each item.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
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
            handler,
            running: JoinSet::new(),
            report: Report { done: 0, panicked: 0, aborted: 0, unstarted: vec![] },
        };
        // Why spawned and not aborted with the pool: what was accepted is handled even when
        // nobody is left to ask for the report.
        // Mistake: aborts_when_dropped
        let manager = tokio::spawn(manager.run(stopped));
        Pool { sender, stop, manager }
    }

    /// A way in.
    pub fn handle(&self) -> Handle<T> {
        Handle { sender: self.sender.clone() }
    }

    /// Ends the pool within `drain`.
    ///
    /// # Cancel safety
    ///
    /// Dropped, the report is lost; the pool goes on to its end.
    pub async fn shutdown(self, drain: Duration) -> Report<T> {
        // Why an instant and not a duration: the limit runs from now, not from whenever the
        // manager is next polled.
        let deadline = Instant::now() + drain;
        _ = self.stop.send(deadline);
        drop(self.sender);
        self.manager.await.expect("the manager runs no code of others")
    }
}

impl<T> Handle<T> {
    /// Hands `item` over, waiting for room. `Ok` means accepted.
    ///
    /// # Errors
    ///
    /// The item itself, once the pool is shutting down.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it resolves, `item` was not accepted and is dropped with it.
    pub async fn send(&self, item: T) -> Result<(), T> {
        self.sender.send(item).await.map_err(|refused| refused.0)
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Handle { sender: self.sender.clone() }
    }
}

/// Owns the queue and everything in work.
struct Manager<T, F> {
    workers: usize,
    queue: mpsc::Receiver<T>,
    handler: F,
    running: JoinSet<()>,
    report: Report<T>,
}

impl<T, F, Fut> Manager<T, F>
where
    T: Send + 'static,
    F: Fn(T) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    async fn run(mut self, mut stopped: oneshot::Receiver<Instant>) -> Report<T> {
        let deadline = tokio::select! {
            // Why biased, with the signal first: at the instant of the signal the queue is
            // closed before another item comes in through it.
            // Mistake: accepts_at_the_last_instant
            biased;
            Ok(deadline) = &mut stopped => deadline,
            () = self.work() => return self.report,
        };
        // Why `close` and not a flag: it refuses those who wait in `send` right now.
        // Mistake: leaves_senders_waiting
        self.queue.close();
        tokio::select! {
            biased;
            () = self.work() => {}
            () = sleep_until(deadline) => self.abort().await,
        }
        self.report
    }

    /// Handles items until the queue is closed and empty and nothing runs.
    async fn work(&mut self) {
        loop {
            let free = self.running.len() < self.workers;
            tokio::select! {
                biased;
                Some(ended) = self.running.join_next() => self.count(ended),
                item = self.queue.recv(), if free => match item {
                    // Why a task for each item: a panic ends in its own `JoinError`.
                    // Mistake: dies_with_its_item
                    Some(item) => _ = self.running.spawn((self.handler)(item)),
                    None if self.running.is_empty() => return,
                    None => {
                        let ended = self.running.join_next().await;
                        self.count(ended.expect("something runs"));
                    }
                },
            }
        }
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
