//! Mistake: takes every item at once and calls the list a queue; when the consumer is slow, memory is the only bound, and the process dies of it.
//! Source: <https://github.com/libp2p/rust-libp2p/pull/2823>
//! Caught by: step_1_a_full_queue_makes_its_senders_wait::one_place_holds_one_job_and_no_more
//! Hint: Nothing ever made a sender wait. What in this code could?

use std::{num::NonZeroUsize, time::Duration};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// What a queue has to know about its items.
pub trait Item {
    /// How much of the queue's bytes it takes up.
    fn bytes(&self) -> u32;
    /// When its answer is of no more use.
    fn deadline(&self) -> Instant;
}
#[derive(Clone, Copy, Debug, PartialEq)]

pub enum Refused {
    Full,
    Closed,
    TooLarge,
}
pub struct Permit<'a, T>(&'a mpsc::UnboundedSender<T>);
pub struct Receiver<T>(mpsc::UnboundedReceiver<T>);

/// The end that sends. Share it to have several senders.
pub struct Sender<T> {
    items: mpsc::UnboundedSender<T>,
    /// All the bytes there are.
    limit: u32,
}
pub fn queue<T: Item>(
    _places: NonZeroUsize,
    limit: u32,
) -> (Sender<T>, Receiver<T>) {
    let (items, receiver) = mpsc::unbounded_channel();
    (Sender { items, limit }, Receiver(receiver))
}

impl<T: Item> Sender<T> {
    pub async fn reserve(
        &self,
        item: &T,
        _wait: Duration,
    ) -> Result<Permit<'_, T>, Refused> {
        if item.bytes() > self.limit {
            return Err(Refused::TooLarge);
        }
        if self.items.is_closed() {
            return Err(Refused::Closed);
        }
        Ok(Permit(&self.items))
    }
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
}

impl<T> Permit<'_, T> {
    /// Puts the item in, behind all others and without waiting. Without a receiver it is lost.
    pub fn send(self, item: T) {
        _ = self.0.send(item);
    }
}

impl<T: Item> Receiver<T> {
    /// The next item. `None` when the queue is empty, and closed or without its sender. Dropped
    /// while it waits, nothing is lost.
    pub async fn recv(&mut self) -> Option<T> {
        self.0.recv().await
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
        self.0.close();
    }
}

#[cfg(test)]
#[path = "../../tests/backpressure.rs"]
mod tests;
