//! Mistake: races the next item against the close and lets chance decide when both are ready; what was accepted is dropped in every second shutdown, and the test that ran once was lucky.
//! Source: <https://github.com/eclipse-chariott/chariott/pull/65>
//! Caught by: step_3_says_so_when_nobody_receives::a_close_keeps_nobody_waiting_and_loses_no_job
//! Hint: After a close two things are ready at once. Which of them does this code look at first, every time?

use std::{num::NonZeroUsize, sync::Arc, time::Duration};
use tokio::select;
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
        select! {
            entry = self.0.recv() => Some(entry?.0),
            _ = self.1.acquire(), if self.1.is_closed() => None,
        }
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
