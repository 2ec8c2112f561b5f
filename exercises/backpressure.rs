//! Backpressure: a queue that makes its senders wait, or tells them no while they can still act.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/backpressure.md`
//! - Run: `cargo test --test backpressure`
//! - What every contract takes for granted: book/src/conventions.md
//!
//! # The contract
//!
//! 1. At most `places` items are in the queue, first in, first out. An item is in the queue from
//!    the moment it gets its place until it is received. `send` waits for a place.
//! 2. `send` waits for `wait` at most, then it returns its item with `Full`. When a place is free
//!    and nobody waits, the item is in at once, whatever `wait` is.
//! 3. When the receiver closes the queue or is dropped, every `send` that waits or comes later ends
//!    at once with `Closed`, even one that has just been given a place and has not run since. Items
//!    in a closed queue are still received.
//! 4. `recv_in_time` hands over the next item. It is `Ok` if work that begins now and lasts `takes`
//!    is done by the item's deadline or right at it. Otherwise it is `Err`.
//! 5. `reserve` waits like `send` and returns a permit. A permit keeps its place, even in a closed
//!    queue, until it is used or dropped. Until then `recv` does not return `None`.
//! 6. Items and permits take up at most `bytes` bytes in all. Too few free bytes are like no place:
//!    the call waits, or gets `Full`. An item larger than `bytes` comes back as `TooLarge`, at
//!    once, from a closed queue too.
//! 7. Calls of `send` and `reserve` that wait stand in one line, for places and bytes together,
//!    until they end. No other call overtakes one in the line, however small its item. While there
//!    is a line, a call with a `wait` of zero gets `Full`.
#![allow(unused_mut, unused_variables, dead_code)] // for the stub: delete when you are done

use std::{num::NonZeroUsize, time::Duration};
use tokio::{sync::mpsc, time::Instant};

/// What a queue has to know about its items.
pub trait Item {
    /// How much of the queue's bytes it takes up.
    fn bytes(&self) -> u32;
    /// When its answer is of no more use.
    fn deadline(&self) -> Instant;
}

/// Why an item came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Try later, elsewhere, or with less.
    #[error("the queue is full")]
    Full,
    /// Nobody will receive it.
    #[error("the queue is closed")]
    Closed,
    /// It will never fit.
    #[error("the item is larger than the queue")]
    TooLarge,
}

/// The end that sends. Share it to have several senders.
pub struct Sender<T> {
    items: mpsc::Sender<T>,
}

/// The end that receives.
pub struct Receiver<T> {
    items: mpsc::Receiver<T>,
}

/// A place in the queue, for the one item it was reserved for.
pub struct Permit<'a, T>(mpsc::Permit<'a, T>);

/// Opens a queue of so many places and bytes.
///
/// # Panics
///
/// With more places than `Semaphore::MAX_PERMITS`.
pub fn queue<T: Item>(places: NonZeroUsize, bytes: u32) -> (Sender<T>, Receiver<T>) {
    todo!("step 1: a bounded channel has places; leave the bytes for step 6")
}

impl<T: Item> Sender<T> {
    /// Sends `item`, or gives it back with the reason. Dropped while it waits, it drops the item;
    /// where the item must not be lost, use `reserve`.
    pub async fn send(&self, item: T, wait: Duration) -> Result<(), (T, Refused)> {
        todo!("step 1: wait for a place, then step 2: no longer than `wait`")
    }

    /// A place for `item`, which stays with the caller, or the reason why not. Dropped while it
    /// waits, it gives back what it had.
    pub async fn reserve(
        &self,
        item: &T,
        wait: Duration,
    ) -> Result<Permit<'_, T>, Refused> {
        todo!("step 5: the waiting of `send`, without the sending")
    }
}

impl<T> Permit<'_, T> {
    /// Puts the item in, behind all others and without waiting. Without a receiver it is lost.
    pub fn send(self, item: T) {
        todo!("step 5: fill the place")
    }
}

impl<T: Item> Receiver<T> {
    /// The next item. `None` when the queue is empty, closed or without a sender, and nobody has a
    /// permit. Dropped while it waits, nothing is lost.
    pub async fn recv(&mut self) -> Option<T> {
        todo!("step 1: receive")
    }

    /// The next item: `Ok` if it can be done in time, else `Err`. As safe to drop as `recv`.
    pub async fn recv_in_time(&mut self, takes: Duration) -> Option<Result<T, T>> {
        todo!("step 4: receive, then look at the clock")
    }

    /// Lets no more items in.
    pub fn close(&mut self) {
        todo!("step 3: close the channel")
    }
}

#[cfg(test)]
#[path = "../tests/backpressure.rs"]
mod tests;
