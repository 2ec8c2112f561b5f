//! Mistake: asks the items to stop and returns; their files, locks and connections
//!   are still in use when the caller goes on.
//! Source: <https://github.com/deventlab/d-engine/issues/157>
//! Caught by: step_6_stops_waiting_at_the_limit::a_limit_in_the_second_round_cuts_that_round
//! Hint: What has happened to an item when `abort_all` returns?

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, mpsc},
    task::JoinSet,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// Handles items with a fixed number of workers, on the runtime it was made in and no longer.
pub struct Pool<T> {
    sender: mpsc::Sender<T>,
    queue: Arc<Mutex<mpsc::Receiver<T>>>,
    stop: CancellationToken,
    workers: JoinSet<()>,
    counts: Arc<Mutex<(usize, usize)>>,
}

/// A way into the pool. Cheap to clone.
pub struct Handle<T> {
    sender: mpsc::Sender<T>,
    stop: CancellationToken,
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
        let (sender, receiver) = mpsc::channel(capacity.get());
        let queue = Arc::new(Mutex::new(receiver));
        let (stop, counts) = (CancellationToken::new(), Arc::default());
        let (mut set, handler) = (JoinSet::new(), Arc::new(handler));
        for _ in 0..workers.get() {
            set.spawn(work(
                queue.clone(),
                stop.clone(),
                handler.clone(),
                Arc::clone(&counts),
            ));
        }
        Pool { sender, queue, stop, workers: set, counts }
    }

    /// A way in.
    pub fn handle(&self) -> Handle<T> {
        Handle { sender: self.sender.clone(), stop: self.stop.clone() }
    }

    /// Ends the pool within `drain`.
    ///
    /// # Cancel safety
    ///
    /// Dropped, the report is lost. The pool stays closed, and handles what it accepted for
    /// `drain` at least.
    pub async fn shutdown(mut self, drain: Duration) -> Report<T> {
        self.stop.cancel();
        let all = async { while self.workers.join_next().await.is_some() {} };
        let in_time = timeout(drain, all).await.is_ok();
        let aborted = if in_time { 0 } else { self.workers.len() };
        self.workers.abort_all();
        let mut unstarted = vec![];
        while let Ok(item) = self.queue.lock().await.try_recv() {
            unstarted.push(item);
        }
        let (done, panicked) = *self.counts.lock().await;
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
    /// The item itself, once the pool is shutting down.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it resolves, `item` was not accepted and is dropped with it.
    pub async fn send(&self, item: T) -> Result<(), T> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(item),
            permit = self.sender.reserve() => match permit {
                Ok(permit) => Ok(permit.send(item)),
                Err(_) => Err(item),
            }
        }
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Handle { sender: self.sender.clone(), stop: self.stop.clone() }
    }
}

async fn work<T, F, Fut>(
    queue: Arc<Mutex<mpsc::Receiver<T>>>,
    stop: CancellationToken,
    handler: Arc<F>,
    counts: Arc<Mutex<(usize, usize)>>,
) where
    T: Send + 'static,
    F: Fn(T) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    loop {
        let item = {
            let mut queue = queue.lock().await;
            tokio::select! {
                biased;
                () = stop.cancelled() => queue.try_recv().ok(),
                item = queue.recv() => item,
            }
        };
        let Some(item) = item else { return };
        let handler = handler.clone();
        let task = async move { handler(item).await };
        match JoinSet::from_iter([task]).join_next().await {
            Some(Ok(())) => counts.lock().await.0 += 1,
            _ => counts.lock().await.1 += 1,
        }
    }
}

#[cfg(test)]
#[path = "../../tests/worker_pool.rs"]
mod tests;
