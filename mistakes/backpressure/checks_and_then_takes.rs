//! Mistake: looks whether there is a place, waits for the bytes, and then takes the place; while
//!   one sender waits others look at the same place, and more of them go in than there are places.
//! Source: <https://github.com/lakeops-org/queryflux/issues/236>
//! Breaks: backpressure.1
//! Caught by: step_1_a_full_queue_makes_its_senders_wait::three_senders_send_no_more_than_fits
//! Whole: in no right answer is there an await between the look at the places and the taking of
//!   one.
//! Hint: A place is seen at one instant and taken at a later one. What lies between the two?

use std::sync::{Arc, atomic::AtomicUsize, atomic::Ordering::SeqCst};
use std::{num::NonZeroUsize, time::Duration};
use tokio::sync::{Notify, OwnedSemaphorePermit as Share, Semaphore, mpsc};
use tokio::task::coop::unconstrained;
use tokio::time::{Instant, timeout};

/// What a queue has to know about its items.
pub trait Item {
    /// How much of the queue's bytes it takes up.
    fn bytes(&self) -> u32;
    /// When its answer is of no more use.
    fn deadline(&self) -> Instant;
}

/// Why an item came back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refused {
    Full,
    Closed,
    TooLarge,
}

struct Room(AtomicUsize, Notify);
struct Place(Arc<Room>);
impl Drop for Place {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, SeqCst);
        self.0.1.notify_waiters();
    }
}

type Entry<T> = (T, Place, Share);
pub struct Permit<'a, T>(mpsc::Permit<'a, Entry<T>>, Place, Share);
pub struct Receiver<T>(mpsc::Receiver<Entry<T>>, Arc<Semaphore>, Arc<Room>);
pub struct Sender<T>(mpsc::Sender<Entry<T>>, Arc<Room>, Arc<Semaphore>, u32);
pub fn queue<T: Item>(places: NonZeroUsize, limit: u32) -> (Sender<T>, Receiver<T>) {
    let (items, receiver) = mpsc::channel(Semaphore::MAX_PERMITS);
    let room = Arc::new(Room(AtomicUsize::new(places.get()), Notify::new()));
    let bytes = Arc::new(Semaphore::new(limit as usize));
    let receiver = Receiver(receiver, bytes.clone(), room.clone());
    (Sender(items, room, bytes, limit), receiver)
}

impl<T: Item> Sender<T> {
    async fn place(&self, bytes: u32) -> Result<Permit<'_, T>, Refused> {
        while !self.2.is_closed() && self.1.0.load(SeqCst) == 0 {
            self.1.1.notified().await;
        }
        let share = self.2.clone().acquire_many_owned(bytes).await;
        let entry = self.0.try_reserve().map_err(|_| Refused::Closed)?;
        self.1.0.fetch_sub(1, SeqCst);
        let share = share.map_err(|_| Refused::Closed)?;
        Ok(Permit(entry, Place(self.1.clone()), share))
    }
    pub async fn reserve(
        &self,
        item: &T,
        wait: Duration,
    ) -> Result<Permit<'_, T>, Refused> {
        if item.bytes() > self.3 {
            return Err(Refused::TooLarge);
        }
        let place = self.place(item.bytes());
        let place = match wait.is_zero() {
            true => timeout(wait, unconstrained(place)).await,
            false => timeout(wait, place).await,
        };
        place.unwrap_or(Err(Refused::Full))
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
        self.0.send((item, self.1, self.2));
    }
}

impl<T: Item> Receiver<T> {
    /// The next item. `None` when the queue is empty, closed or without a sender, and nobody has a
    /// permit. Dropped while it waits, nothing is lost.
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
        self.2.1.notify_waiters();
    }
}

#[cfg(test)]
#[path = "../../tests/backpressure.rs"]
mod tests;
