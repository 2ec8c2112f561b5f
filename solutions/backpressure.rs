//! Backpressure: a queue that makes its senders wait, or tells them no while they can still act.
//!
//! - Read: `book/src/backpressure.md`
//! - Run: `cargo test --test backpressure`
//!
//! # The contract
//!
//! 1. At most `places` items are in the queue: each from the moment it gets its place until it is
//!    received, first in, first out. `send` waits for a place. Once the queue is empty and its
//!    sender gone, there is nothing more to receive.
//! 2. `send` waits for `wait` and no longer (zero: not at all; `Duration::MAX`: as long as it
//!    takes), then the item comes back as `Full`. While a place is free nobody is refused.
//! 3. When the receiver has closed the queue or is gone, every item comes back as `Closed`, at
//!    once, to those who wait as well. What is in a closed queue is still received.
//! 4. `recv_in_time` hands the next item over as `Ok` if work of `takes`, begun now, is done by its
//!    deadline, and as `Err` if it is not.
//! 5. `reserve` waits like `send`, for the place alone. A wait or a permit that is dropped leaves
//!    nothing behind: the place goes to whoever waits. A permit is good after a close, too: until
//!    it is used or dropped, the queue has not ended.
//! 6. What is in the queue has at most `bytes` bytes; permits count. Too few free bytes are like no
//!    place. An item larger than `bytes` comes back as `TooLarge`, at once.
//! 7. Places and bytes are given in the order in which they were asked for: nobody overtakes one
//!    who waits, however small the item. Who has given up does not wait.

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    task::coop::unconstrained,
    time::{Instant, timeout},
};

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

/// An item in the queue, with the bytes it takes up there.
// Why the bytes travel with the item: they are free in the instant it is received or dropped,
// and there is no code that could forget to say so.
// Mistake: lets_the_bytes_go_at_once
type Entry<T> = (T, OwnedSemaphorePermit);

/// The end that sends. Share it to have several senders.
pub struct Sender<T> {
    items: mpsc::Sender<Entry<T>>,
    bytes: Arc<Semaphore>,
    /// All the bytes there are.
    limit: u32,
}

/// The end that receives.
pub struct Receiver<T> {
    items: mpsc::Receiver<Entry<T>>,
    bytes: Arc<Semaphore>,
}

/// A place in the queue, for the one item it was reserved for.
pub struct Permit<'a, T> {
    place: mpsc::Permit<'a, Entry<T>>,
    bytes: OwnedSemaphorePermit,
}

/// Opens a queue of so many places and bytes.
pub fn queue<T: Item>(places: NonZeroUsize, bytes: u32) -> (Sender<T>, Receiver<T>) {
    let (sender, receiver) = mpsc::channel(places.get());
    let (limit, bytes) = (bytes, Arc::new(Semaphore::new(bytes as usize)));
    let sender = Sender { items: sender, bytes: bytes.clone(), limit };
    (sender, Receiver { items: receiver, bytes })
}

impl<T: Item> Sender<T> {
    /// Sends `item`, or gives it back with the reason.
    ///
    /// # Cancel safety
    ///
    /// Dropped while it waits, the item is dropped with it. Where that must not be: `reserve`.
    pub async fn send(&self, item: T, wait: Duration) -> Result<(), (T, Refused)> {
        // Why a place first: until there is one the item is still ours to give back.
        match self.reserve(&item, wait).await {
            Ok(permit) => permit.send(item),
            Err(refused) => return Err((item, refused)),
        }
        Ok(())
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
        // Why ahead of all else: the semaphore would wait for it for ever.
        // Mistake: waits_for_more_than_there_is
        if item.bytes() > self.limit {
            return Err(Refused::TooLarge);
        }
        let place = self.place(item.bytes());
        let answer = if wait.is_zero() {
            // Why unconstrained: tokio makes a busy task yield at an await, place or no place, and
            // here the first look decides.
            // Mistake: takes_a_yield_for_a_no
            timeout(wait, unconstrained(place)).await
        } else {
            timeout(wait, place).await
        };
        answer.unwrap_or(Err(Refused::Full))
    }

    /// Waits for a place, and then for so many bytes.
    async fn place(&self, bytes: u32) -> Result<Permit<'_, T>, Refused> {
        // Why one after the other, and in one function for all: whoever holds a place waits for
        // bytes only, and nobody who holds bytes waits for a place.
        // Mistake: asks_in_two_orders
        let place = self.items.reserve().await.map_err(|_| Refused::Closed)?;
        let bytes = self.bytes.clone().acquire_many_owned(bytes).await;
        let bytes = bytes.map_err(|_| Refused::Closed)?;
        Ok(Permit { place, bytes })
    }
}

impl<T> Permit<'_, T> {
    /// Puts the item into its place, without waiting.
    pub fn send(self, item: T) {
        self.place.send((item, self.bytes));
    }
}

impl<T: Item> Receiver<T> {
    /// The next item; `None` when there will be none. Dropped while it waits, nothing is lost.
    pub async fn recv(&mut self) -> Option<T> {
        let (item, _bytes) = self.items.recv().await?;
        Some(item)
    }

    /// The next item: `Ok` if it can be done in time, else `Err`. As safe to drop as `recv`.
    pub async fn recv_in_time(&mut self, takes: Duration) -> Option<Result<T, T>> {
        let item = self.recv().await?;
        // Why now and not before the await: the work begins now.
        // Mistake: looks_at_the_clock_before_it_waits
        let done = Instant::now() + takes;
        // Why `done` and not now: an answer that is begun in time and ended late is late.
        // Mistake: sheds_only_what_has_expired
        Some(if done <= item.deadline() { Ok(item) } else { Err(item) })
    }

    /// Lets no more items in.
    pub fn close(&mut self) {
        self.items.close();
        // Why this too: whoever waits for bytes has a place already and does not look at the
        // channel again.
        // Mistake: leaves_those_who_wait_for_bytes
        self.bytes.close();
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.bytes.close();
    }
}

#[cfg(test)]
#[path = "../tests/backpressure.rs"]
mod tests;
