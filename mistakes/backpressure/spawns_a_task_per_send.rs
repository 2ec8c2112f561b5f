//! Mistake: hands each send that would wait to a task of its own, so that the caller can go on; the channel is bounded and the tasks that wait for it are not, so memory grows as if it were unbounded.
//! Source: <https://github.com/MystenLabs/sui/pull/3572>
//! Caught by: step_1_a_full_queue_makes_its_senders_wait::one_place_holds_one_job_and_no_more
//! Hint: The queue holds as many jobs as it may. Where are the others, and who made them wait there?

use std::{num::NonZeroUsize, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit as Share, Semaphore, mpsc};
use tokio::task::coop::unconstrained;
use tokio::time::{Instant, timeout};

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
pub struct Permit<'a, T>(mpsc::Permit<'a, (T, Share)>, Share);
pub struct Receiver<T>(mpsc::Receiver<(T, Share)>, Arc<Semaphore>);

/// The end that sends. Share it to have several senders.
pub struct Sender<T> {
    items: mpsc::Sender<(T, Share)>,
    bytes: Arc<Semaphore>,
    /// All the bytes there are.
    limit: u32,
    /// One for both bounds: the head of the line holds it, the others wait for it.
    turn: Semaphore,
}
pub fn queue<T: Item>(places: NonZeroUsize, limit: u32) -> (Sender<T>, Receiver<T>) {
    let (items, receiver) = mpsc::channel(places.get());
    let bytes = Arc::new(Semaphore::new(limit as usize));
    let receiver = Receiver(receiver, bytes.clone());
    let turn = Semaphore::new(1);
    (Sender { items, bytes, limit, turn }, receiver)
}
impl<T: Item + Send + 'static> Sender<T> {
    async fn place(&self, bytes: u32) -> Result<Permit<'_, T>, Refused> {
        if self.items.is_closed() {
            return Err(Refused::Closed);
        }
        let _turn = self.turn.acquire().await;
        let place = self.items.reserve().await.map_err(|_| Refused::Closed)?;
        let share = self.bytes.clone().acquire_many_owned(bytes).await;
        Ok(Permit(place, share.map_err(|_| Refused::Closed)?))
    }

    /// A place for `item`, which stays with the caller, or the reason why not. Dropped while it
    /// waits, it has taken nothing.
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
        let place = unconstrained(self.place(item.bytes()));
        timeout(wait, place).await.unwrap_or(Err(Refused::Full))
    }
    pub async fn send(&self, item: T, wait: Duration) -> Result<(), (T, Refused)> {
        if wait == Duration::MAX && !self.items.is_closed() {
            let (items, bytes) = (self.items.clone(), self.bytes.clone());
            tokio::spawn(async move {
                let share = bytes.acquire_many_owned(item.bytes()).await.ok()?;
                items.send((item, share)).await.ok()
            });
            return Ok(());
        }
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
        self.0.send((item, self.1));
    }
}

impl<T: Item> Receiver<T> {
    /// The next item. `None` when the queue is empty, and closed or without its sender. Dropped
    /// while it waits, nothing is lost.
    pub async fn recv(&mut self) -> Option<T> {
        Some(self.0.recv().await?.0)
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
