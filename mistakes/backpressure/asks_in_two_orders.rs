//! Mistake: takes first the place and then the bytes in one function, first the bytes and then the place in the other; sooner or later one caller of each holds what the other waits for, and the queue stands still.
//! Source: <https://github.com/versatica/mediasoup/pull/1605>
//! Caught by: step_7_serves_in_the_order_of_asking::all_are_served_when_both_bounds_are_full
//! Hint: One sender holds a place, another holds bytes. What does each of them wait for?

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
}

pub fn queue<T: Item>(places: NonZeroUsize, limit: u32) -> (Sender<T>, Receiver<T>) {
    let (items, receiver) = mpsc::channel(places.get());
    let bytes = Arc::new(Semaphore::new(limit as usize));
    let receiver = Receiver(receiver, bytes.clone());
    (Sender { items, bytes, limit }, receiver)
}

impl<T: Item> Sender<T> {
    async fn place(&self, bytes: u32) -> Result<Permit<'_, T>, Refused> {
        let place = self.items.reserve().await.map_err(|_| Refused::Closed)?;
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
        if item.bytes() > self.limit {
            return Err((item, Refused::TooLarge));
        }
        let entering = async {
            let share = self.bytes.clone().acquire_many_owned(item.bytes()).await;
            (share.ok(), self.items.reserve().await.ok())
        };
        match timeout(wait, unconstrained(entering)).await {
            Ok((Some(share), Some(place))) => place.send((item, share)),
            Ok(_) => return Err((item, Refused::Closed)),
            Err(_) => return Err((item, Refused::Full)),
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
