//! Mistake: takes every item at once and calls the list a queue; when the consumer is slow, memory is the only bound, and the process dies of it.
//! Source: <https://github.com/libp2p/rust-libp2p/pull/2823>
//! Caught by: step_1_a_full_queue_makes_its_senders_wait::one_place_holds_one_job_and_no_more
//! Hint: Nothing ever made a sender wait. What in this code could?

use std::{num::NonZeroUsize, time::Duration};
use tokio::sync::mpsc;
use tokio::time::Instant;

pub trait Item {
    fn bytes(&self) -> u32;
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
pub struct Sender<T> {
    items: mpsc::UnboundedSender<T>,
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
    pub async fn send(&self, item: T, wait: Duration) -> Result<(), (T, Refused)> {
        match self.reserve(&item, wait).await {
            Ok(permit) => permit.send(item),
            Err(refused) => return Err((item, refused)),
        }
        Ok(())
    }
}

impl<T> Permit<'_, T> {
    pub fn send(self, item: T) {
        _ = self.0.send(item);
    }
}

impl<T: Item> Receiver<T> {
    pub async fn recv(&mut self) -> Option<T> {
        self.0.recv().await
    }
    pub async fn recv_in_time(&mut self, takes: Duration) -> Option<Result<T, T>> {
        let item = self.recv().await?;
        let done = Instant::now().checked_add(takes);
        let in_time = done.is_some_and(|done| done <= item.deadline());
        Some(if in_time { Ok(item) } else { Err(item) })
    }
    pub fn close(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
#[path = "../../tests/backpressure.rs"]
mod tests;
