//! Mistake: looks whether the pool is open, and then sends; what the signal overtakes in between is
//!   accepted into a queue that nobody reads any more.
//! Source: <https://github.com/globus/globus-compute/pull/1822>
//! Breaks: worker_pool.7
//! Caught by: step_7_accounts_for_every_item::an_item_sent_at_the_signal_is_done_if_accepted
//! Whole: the item is lost only where shutdown itself decides at the signal what it waits for; in
//!   every right answer the manager or the workers decide that, a turn later.
//! Hint: Between the look and the send, what else can run?
//! Early: `shutdown` returns before an item that was accepted has ended, against rule 4.

use std::{
    future::poll_fn,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::Poll,
    time::Duration,
};
use tokio::{
    sync::{Mutex, Notify, mpsc},
    task::JoinSet,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// Handles items with a fixed number of workers, on the runtime it was made in and no longer.
pub struct Pool<T> {
    sender: mpsc::Sender<T>,
    shared: Arc<Shared<T>>,
    workers: JoinSet<()>,
}

struct Shared<T> {
    queue: Mutex<mpsc::Receiver<T>>,
    stop: CancellationToken,
    accepted: AtomicUsize,
    done: AtomicUsize,
    panicked: AtomicUsize,
    ended: Notify,
}

impl<T> Shared<T> {
    fn over(&self) -> usize {
        self.done.load(SeqCst) + self.panicked.load(SeqCst)
    }
}

/// A way into the pool. Cheap to clone.
pub struct Handle<T> {
    sender: mpsc::Sender<T>,
    shared: Arc<Shared<T>>,
}

/// What became of the accepted items.
#[derive(Debug, PartialEq, Eq)]
pub struct Report<T> {
    /// Handled to the end.
    pub done: usize,
    /// The handler panicked.
    pub panicked: usize,
    /// Cut off at the drain limit.
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
        let shared = Arc::new(Shared {
            queue: Mutex::new(receiver),
            stop: CancellationToken::new(),
            accepted: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            panicked: AtomicUsize::new(0),
            ended: Notify::new(),
        });
        let (mut set, handler) = (JoinSet::new(), Arc::new(handler));
        for _ in 0..workers.get() {
            set.spawn(work(shared.clone(), handler.clone()));
        }
        Pool { sender, shared, workers: set }
    }

    /// A way in.
    pub fn handle(&self) -> Handle<T> {
        Handle { sender: self.sender.clone(), shared: self.shared.clone() }
    }

    /// Ends the pool within `drain`.
    ///
    /// # Cancel safety
    ///
    /// Dropped before its first poll, it is a dropped pool. Dropped later, the report is lost; the
    /// pool stays closed, and handles what it accepted for `drain` at least.
    pub async fn shutdown(mut self, drain: Duration) -> Report<T> {
        self.shared.stop.cancel();
        let shared = self.shared.clone();
        let accepted = shared.accepted.load(SeqCst);
        let all = async {
            while shared.over() < accepted {
                shared.ended.notified().await
            }
        };
        _ = timeout(drain, all).await;
        self.workers.shutdown().await;
        let mut unstarted = vec![];
        while let Ok(item) = shared.queue.lock().await.try_recv() {
            unstarted.push(item);
        }
        let aborted = accepted.saturating_sub(shared.over() + unstarted.len());
        let (done, panicked) =
            (shared.done.load(SeqCst), shared.panicked.load(SeqCst));
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
        if self.shared.stop.is_cancelled() {
            return Err(item);
        }
        tokio::select! {
            biased;
            permit = self.sender.reserve() => match permit {
                Ok(permit) => {
                    self.shared.accepted.fetch_add(1, SeqCst);
                    Ok(permit.send(item))
                }
                Err(_) => Err(item),
            },
            () = self.shared.stop.cancelled() => Err(item),
        }
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Handle { sender: self.sender.clone(), shared: self.shared.clone() }
    }
}

async fn work<T, F, Fut>(shared: Arc<Shared<T>>, handler: Arc<F>)
where
    T: Send + 'static,
    F: Fn(T) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    loop {
        let item = shared.queue.lock().await.recv().await;
        let Some(item) = item else { return };
        // Why the call inside of the future: the handler can panic before there is one.
        // Mistake: calls_the_handler_outside
        let mut handling = pin!(async { handler(item).await });
        // Why in the worker's own task and not in one per item: aborting the worker and waiting
        // for it is then all it takes to be rid of the item's future.
        let survived = poll_fn(|cx| {
            match catch_unwind(AssertUnwindSafe(|| handling.as_mut().poll(cx))) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(())) => Poll::Ready(true),
                Err(_) => Poll::Ready(false),
            }
        })
        .await;
        let count = if survived { &shared.done } else { &shared.panicked };
        count.fetch_add(1, SeqCst);
        shared.ended.notify_one();
    }
}

#[cfg(test)]
#[path = "../../tests/worker_pool.rs"]
mod tests;
