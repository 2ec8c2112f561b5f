//! Backpressure: a queue that makes its senders wait, or tells them no while they can still act.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/backpressure.md`
//! - Run: `cargo test --test solutions_backpressure`
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

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
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
    /// One for both bounds: the head of the line holds it, the others wait for it.
    turn: Arc<Semaphore>,
    /// Held by who tries both bounds, and never over an await.
    trying: Mutex<()>,
}

/// The end that receives.
pub struct Receiver<T> {
    items: mpsc::Receiver<Entry<T>>,
    bytes: Arc<Semaphore>,
    turn: Arc<Semaphore>,
}

/// A place in the queue, for the one item it was reserved for.
pub struct Permit<'a, T> {
    place: mpsc::Permit<'a, Entry<T>>,
    bytes: OwnedSemaphorePermit,
}

/// Opens a queue of so many places and bytes.
///
/// # Panics
///
/// With more places than `Semaphore::MAX_PERMITS`.
pub fn queue<T: Item>(places: NonZeroUsize, bytes: u32) -> (Sender<T>, Receiver<T>) {
    let (sender, receiver) = mpsc::channel(places.get());
    let (limit, bytes) = (bytes, Arc::new(Semaphore::new(bytes as usize)));
    let (turn, trying) = (Arc::new(Semaphore::new(1)), Mutex::new(()));
    let receiver =
        Receiver { items: receiver, bytes: bytes.clone(), turn: turn.clone() };
    (Sender { items: sender, bytes, limit, turn, trying }, receiver)
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

    /// A place for `item`, which stays with the caller, or the reason why not. Dropped while it
    /// waits, it gives back what it had.
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
        match self.at_once(item.bytes()) {
            Some(permit) => return Ok(permit),
            None if self.items.is_closed() => return Err(Refused::Closed),
            // Why not a `timeout` of zero: on a real clock that is about a millisecond.
            None if wait.is_zero() => return Err(Refused::Full),
            None => {}
        }
        // Why one `timeout` around it all: each further one would begin to count anew.
        let place = timeout(wait, self.in_line(item.bytes())).await;
        place.unwrap_or(Err(Refused::Full))
    }

    /// A place and so many bytes, if they are free and nobody waits.
    // Why `try_` and no await: tokio makes a busy task yield at an await, place or no place, and
    // here the first look decides.
    // Mistake: takes_a_yield_for_a_no
    fn at_once(&self, bytes: u32) -> Option<Permit<'_, T>> {
        // Why a look at the turn, which leaves it there: of two who come at one instant, on two
        // threads, one would take the other for somebody who waits.
        // Mistake: tries_before_it_lines_up
        if self.turn.available_permits() == 0 {
            return None;
        }
        // Why alone: who gets the place and not the bytes gives the place back, and on another
        // thread somebody for whom there is room would have missed it.
        let _alone = self.trying.lock().expect("nothing panics while it is held");
        let place = self.items.try_reserve().ok()?;
        let bytes = self.bytes.clone().try_acquire_many_owned(bytes).ok()?;
        Some(Permit { place, bytes })
    }

    /// Waits for its turn, and then for a place and so many bytes.
    async fn in_line(&self, bytes: u32) -> Result<Permit<'_, T>, Refused> {
        // Why held to the end: who has a place and waits for bytes is still the first.
        // Mistake: stands_in_two_lines
        let _turn = self.turn.acquire().await.map_err(|_| Refused::Closed)?;
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
    /// Puts the item in, behind all others and without waiting. Without a receiver it is lost.
    pub fn send(self, item: T) {
        self.place.send((item, self.bytes));
    }
}

impl<T: Item> Receiver<T> {
    /// The next item. `None` when the queue is empty, closed or without a sender, and nobody has a
    /// permit. Dropped while it waits, nothing is lost.
    pub async fn recv(&mut self) -> Option<T> {
        let (item, _bytes) = self.items.recv().await?;
        Some(item)
    }

    /// The next item: `Ok` if it can be done in time, else `Err`. As safe to drop as `recv`.
    pub async fn recv_in_time(&mut self, takes: Duration) -> Option<Result<T, T>> {
        let item = self.recv().await?;
        // Why now and not before the await: the work begins now.
        // Mistake: looks_at_the_clock_before_it_waits
        // Why checked: work that takes `Duration::MAX` is never done, and a plain `+` panics.
        let done = Instant::now().checked_add(takes);
        // Why `done` and not now: an answer that is begun in time and ended late is late.
        // Mistake: sheds_only_what_has_expired
        let in_time = done.is_some_and(|done| done <= item.deadline());
        Some(if in_time { Ok(item) } else { Err(item) })
    }

    /// Lets no more items in.
    pub fn close(&mut self) {
        self.items.close();
        // Why this too: whoever waits for bytes has a place already and does not look at the
        // channel again.
        // Mistake: leaves_those_who_wait_for_bytes
        self.bytes.close();
        // Why this too: the turn would come to the others when the head leaves, and nobody may be
        // polling the head.
        // Mistake: lets_the_news_go_down_the_line
        self.turn.close();
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        // Why the channel first, as in `close`: who finds no bytes looks there for the reason.
        self.items.close();
        self.bytes.close();
        self.turn.close();
    }
}

#[cfg(test)]
#[path = "../tests/backpressure.rs"]
mod tests;
