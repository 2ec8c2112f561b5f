//! Mistake: acquires the bytes and drops them in the same line, because nothing keeps the permit; the semaphore is asked every time and never limits anything.
//! Source: <https://github.com/tokio-rs/tokio/issues/7351>
//! Caught by: step_6_counts_bytes_as_well::a_send_waits_for_its_bytes
//! Hint: The bytes are asked for, and they are given. How long are they held?

use std::{num::NonZeroUsize, sync::Arc, time::Duration};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::coop::unconstrained;
use tokio::time::{Instant, timeout};

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
pub struct Permit<'a, T>(mpsc::Permit<'a, T>);
pub struct Receiver<T>(mpsc::Receiver<T>, Arc<Semaphore>);
pub struct Sender<T> {
    items: mpsc::Sender<T>,
    bytes: Arc<Semaphore>,
    limit: u32,
    turn: Semaphore,
}

pub fn queue<T: Item>(places: NonZeroUsize, limit: u32) -> (Sender<T>, Receiver<T>) {
    let (items, receiver) = mpsc::channel(places.get());
    let bytes = Arc::new(Semaphore::new(limit as usize));
    let receiver = Receiver(receiver, bytes.clone());
    let turn = Semaphore::new(1);
    (Sender { items, bytes, limit, turn }, receiver)
}

impl<T: Item> Sender<T> {
    async fn place(&self, bytes: u32) -> Result<Permit<'_, T>, Refused> {
        if self.items.is_closed() {
            return Err(Refused::Closed);
        }
        let _turn = self.turn.acquire().await;
        let place = self.items.reserve().await.map_err(|_| Refused::Closed)?;
        let _ = self.bytes.acquire_many(bytes).await;
        if self.bytes.is_closed() {
            return Err(Refused::Closed);
        }
        Ok(Permit(place))
    }
    pub async fn reserve(
        &self,
        item: &T,
        wait: Duration,
    ) -> Result<Permit<'_, T>, Refused> {
        if item.bytes() > self.limit {
            return Err(Refused::TooLarge);
        }
        let place = unconstrained(self.place(item.bytes()));
        timeout(wait, place).await.unwrap_or(Err(Refused::Full))
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
        self.0.send(item);
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
        self.1.close();
    }
}
impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.1.close();
    }
}

#[cfg(test)]
#[path = "../../tests/backpressure.rs"]
mod tests;
