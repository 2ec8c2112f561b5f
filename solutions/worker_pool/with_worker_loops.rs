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
    collections::VecDeque,
    future::poll_fn,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard},
    task::Poll,
    time::Duration,
};

use tokio::{sync::Semaphore, task::JoinSet, time::timeout};

/// Handles items with a fixed number of workers, on the runtime it was made in and no longer.
pub struct Pool<T> {
    door: Arc<Door<T>>,
    workers: JoinSet<()>,
}

/// A way into the pool. Cheap to clone.
pub struct Handle<T> {
    door: Arc<Door<T>>,
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

/// The queue: a list, and two semaphores that count its free and its taken places.
struct Queue<T> {
    state: Mutex<State<T>>,
    room: Semaphore,
    items: Semaphore,
}

struct State<T> {
    waiting: VecDeque<T>,
    closed: bool,
    running: usize,
    done: usize,
    panicked: usize,
}

/// What pool and handles share. Why not the queue itself: the workers hold that too, and the
/// last one outside must still close the door behind it.
struct Door<T>(Arc<Queue<T>>);

impl<T> Drop for Door<T> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<T> Queue<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().expect("nothing panics while it holds the lock")
    }

    fn close(&self) {
        // Why under the lock: a sender that has its place but has not used it yet looks here.
        // Mistake: accepts_at_the_last_instant
        self.lock().closed = true;
        self.room.close();
        self.items.close();
    }

    /// The oldest item; `None` when the queue is closed and empty.
    async fn next(&self) -> Option<T> {
        if let Ok(permit) = self.items.acquire().await {
            permit.forget();
        }
        let mut state = self.lock();
        let item = state.waiting.pop_front()?;
        state.running += 1;
        self.room.add_permits(1);
        Some(item)
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
        let queue = Arc::new(Queue {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                closed: false,
                running: 0,
                done: 0,
                panicked: 0,
            }),
            room: Semaphore::new(capacity.get()),
            items: Semaphore::new(0),
        });
        let handler = Arc::new(handler);
        let mut set = JoinSet::new();
        for _ in 0..workers.get() {
            set.spawn(work(queue.clone(), handler.clone()));
        }
        Pool { door: Arc::new(Door(queue)), workers: set }
    }

    /// A way in.
    pub fn handle(&self) -> Handle<T> {
        Handle { door: self.door.clone() }
    }

    /// Ends the pool within `drain`.
    ///
    /// # Cancel safety
    ///
    /// Dropped before its first poll, it is a dropped pool. Dropped later, the report is lost; the
    /// pool stays closed, and handles what it accepted for `drain` at least.
    pub async fn shutdown(mut self, drain: Duration) -> Report<T> {
        let queue = self.door.0.clone();
        queue.close();
        let all = async { while self.workers.join_next().await.is_some() {} };
        // Why not `timeout_at`: `Instant::now() + Duration::MAX` panics.
        if timeout(drain, all).await.is_err() {
            // Why `shutdown`: it aborts and waits until the futures are gone.
            self.workers.shutdown().await;
        }
        let mut state = queue.lock();
        Report {
            done: state.done,
            panicked: state.panicked,
            aborted: state.running,
            unstarted: state.waiting.drain(..).collect(),
        }
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
        let queue = &self.door.0;
        let Ok(permit) = queue.room.acquire().await else {
            return Err(item);
        };
        let mut state = queue.lock();
        if state.closed {
            return Err(item);
        }
        permit.forget();
        state.waiting.push_back(item);
        queue.items.add_permits(1);
        Ok(())
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Handle { door: self.door.clone() }
    }
}

async fn work<T, F, Fut>(queue: Arc<Queue<T>>, handler: Arc<F>)
where
    F: Fn(T) -> Fut,
    Fut: Future<Output = ()>,
{
    while let Some(item) = queue.next().await {
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
        let mut state = queue.lock();
        state.running -= 1;
        state.done += usize::from(survived);
        state.panicked += usize::from(!survived);
    }
}

#[cfg(test)]
#[path = "../../tests/worker_pool.rs"]
mod tests;
