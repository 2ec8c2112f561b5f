//! Mistake: charges an item that is larger than the queue for the whole queue and lets it in; it always works, and the bound on memory is whatever the largest item is.
//! Source: <https://github.com/pola-rs/polars/pull/27924>
//! Caught by: step_6_counts_bytes_as_well::bytes_of_what_does_not_fit_stay_free
//! Hint: How many bytes are in the queue after the largest item has come in?

use std::{num::NonZeroUsize, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit as Share, Semaphore, mpsc};
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
pub struct Permit<'a, T>(mpsc::Permit<'a, (T, Share)>, Share);
pub struct Receiver<T>(mpsc::Receiver<(T, Share)>, Arc<Semaphore>);
pub struct Sender<T> {
    items: mpsc::Sender<(T, Share)>,
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
        let share = self.bytes.clone().acquire_many_owned(bytes).await;
        Ok(Permit(place, share.map_err(|_| Refused::Closed)?))
    }
    pub async fn reserve(
        &self,
        item: &T,
        wait: Duration,
    ) -> Result<Permit<'_, T>, Refused> {
        let place = unconstrained(self.place(item.bytes().min(self.limit)));
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
        self.0.send((item, self.1));
    }
}

impl<T: Item> Receiver<T> {
    pub async fn recv(&mut self) -> Option<T> {
        Some(self.0.recv().await?.0)
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
