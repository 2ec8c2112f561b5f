//! Mistake: looks whether enough bytes are free and waits outside of the line when they are not; small items find some every time, and a large one waits for as long as there are small ones.
//! Source: <https://github.com/smol-rs/async-channel/issues/6>
//! Caught by: step_7_serves_in_the_order_of_asking::a_small_job_does_not_overtake_a_large_one
//! Hint: Two wait. The one that came first does not fit, the other does. Who goes in?

use std::{num::NonZeroUsize, sync::Arc, time::Duration};
use tokio::sync::{Notify, OwnedSemaphorePermit as Share, Semaphore, mpsc};
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
pub struct Receiver<T>(mpsc::Receiver<(T, Share)>, Arc<Semaphore>, Arc<Notify>);
pub struct Sender<T> {
    items: mpsc::Sender<(T, Share)>,
    bytes: Arc<Semaphore>,
    limit: u32,
    freed: Arc<Notify>,
}

pub fn queue<T: Item>(places: NonZeroUsize, limit: u32) -> (Sender<T>, Receiver<T>) {
    let (items, receiver) = mpsc::channel(places.get());
    let bytes = Arc::new(Semaphore::new(limit as usize));
    let freed = Arc::new(Notify::new());
    let receiver = Receiver(receiver, bytes.clone(), freed.clone());
    (Sender { items, bytes, limit, freed }, receiver)
}

impl<T: Item> Sender<T> {
    async fn place(&self, bytes: u32) -> Result<Permit<'_, T>, Refused> {
        let place = self.items.reserve().await.map_err(|_| Refused::Closed)?;
        while self.bytes.available_permits() < bytes as usize
            && !self.bytes.is_closed()
        {
            self.freed.notified().await;
        }
        let share = self.bytes.clone().acquire_many_owned(bytes).await;
        Ok(Permit(place, share.map_err(|_| Refused::Closed)?))
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
        self.0.send((item, self.1));
    }
}
impl<T: Item> Receiver<T> {
    pub async fn recv(&mut self) -> Option<T> {
        let (item, share) = self.0.recv().await?;
        drop(share);
        self.2.notify_waiters();
        Some(item)
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
        self.2.notify_waiters();
    }
}
impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.1.close();
        self.2.notify_waiters();
    }
}

#[cfg(test)]
#[path = "../../tests/backpressure.rs"]
mod tests;
