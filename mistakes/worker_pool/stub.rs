//! Worker pool: a queue, some workers, and an end at which every item is accounted for.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/worker_pool.md`
//! - Run: `cargo test --test worker_pool`
//! - What every contract takes for granted: book/src/conventions.md
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
#![allow(unused_mut, unused_variables, dead_code)] // for the stub: delete when you are done

use std::{marker::PhantomData, num::NonZeroUsize, time::Duration};

/// Handles items with a fixed number of workers, on the runtime it was made in and no longer.
pub struct Pool<T> {
    // What you keep here is up to you; this field only makes the stub compile.
    item: PhantomData<T>,
}

/// A way into the pool. Cheap to clone.
pub struct Handle<T> {
    item: PhantomData<T>,
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
        todo!(
            "step 1: a bounded queue, and `workers` tasks or one task that counts to `workers`"
        )
    }

    /// A way in.
    pub fn handle(&self) -> Handle<T> {
        todo!("step 1: give out the sending side of the queue")
    }

    /// Ends the pool within `drain`.
    ///
    /// # Cancel safety
    ///
    /// Dropped before its first poll, it is a dropped pool. Dropped later, the report is lost; the
    /// pool stays closed, and handles what it accepted for `drain` at least.
    pub async fn shutdown(self, drain: Duration) -> Report<T> {
        todo!("step 4: wait for everything that was accepted, and count")
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
        todo!("step 1: put `item` into the queue")
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        todo!("step 1: another way into the same queue")
    }
}

#[cfg(test)]
#[path = "../../tests/worker_pool.rs"]
mod tests;
