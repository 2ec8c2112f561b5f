//! Backpressure: a queue that makes its senders wait, or tells them no while they can still act.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/backpressure.md`
//! - Run: `cargo test --test backpressure`
//!
//! # The contract
//!
//! 1. At most `places` items are in the queue: each from the moment it gets its place until it is
//!    received, first in, first out. `send` waits for a place. Once the queue is empty and its
//!    sender gone, there is nothing more to receive.
//! 2. `send` waits for `wait` and no longer (zero: not at all; `Duration::MAX`: as long as it
//!    takes), then the item comes back as `Full`. None does while a place is free and nobody waits.
//! 3. When the receiver has closed the queue or is gone, every item comes back as `Closed`, at
//!    once, to those who wait as well. What is in a closed queue is still received.
//! 4. `recv_in_time` hands the next item over as `Ok` if work of `takes`, begun now, is done by its
//!    deadline, and as `Err` if it is not.
//! 5. `reserve` waits like `send`, for the place alone. A wait (in `recv`, too) or a permit that is
//!    dropped takes nothing with it: no item is lost, the place goes to whoever waits. A permit is
//!    good after a close: until it is used or dropped, the queue has not ended.
//! 6. What is in the queue has at most `bytes` bytes; permits count. Too few free bytes are like no
//!    place. An item larger than `bytes` comes back as `TooLarge`, at once, from any queue.
//! 7. There is one line for places and bytes, and nobody overtakes one who waits, woken or not,
//!    however small the item. While somebody waits, a `wait` of zero ends as `Full` even where
//!    there is room. Who has given up does not wait.
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
pub fn queue<T: Item>(places: NonZeroUsize, bytes: u32) -> (Sender<T>, Receiver<T>) {
    todo!("step 1: a bounded channel has places; leave the bytes for step 6")
}

impl<T: Item> Sender<T> {
    /// Sends `item`, or gives it back with the reason.
    ///
    /// # Cancel safety
    ///
    /// Dropped while it waits, the item is dropped with it. Where that must not be: `reserve`.
    pub async fn send(&self, item: T, wait: Duration) -> Result<(), (T, Refused)> {
        todo!("step 1: wait for a place, then step 2: no longer than `wait`")
    }

    /// A place for `item`, which stays with the caller, or the reason why not.
    ///
    /// # Cancel safety
    ///
    /// Dropped while it waits, it has taken nothing.
    pub async fn reserve(
        &self,
        item: &T,
        wait: Duration,
    ) -> Result<Permit<'_, T>, Refused> {
        todo!("step 5: the waiting of `send`, without the sending")
    }
}

impl<T> Permit<'_, T> {
    /// Puts the item into its place, without waiting.
    pub fn send(self, item: T) {
        todo!("step 5: fill the place")
    }
}

impl<T: Item> Receiver<T> {
    /// The next item; `None` when there will be none. Dropped while it waits, nothing is lost.
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
