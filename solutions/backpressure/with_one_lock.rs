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

use std::sync::{Arc, Mutex, MutexGuard};
use std::{collections::VecDeque, num::NonZeroUsize, pin::pin, time::Duration};

use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, timeout};

pub trait Item {
    fn bytes(&self) -> u32;
    fn deadline(&self) -> Instant;
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the queue is full")]
    Full,
    #[error("the queue is closed")]
    Closed,
    #[error("the item is larger than the queue")]
    TooLarge,
}

// Why one lock over all of it: whoever looks sees one instant. No await happens under it.
struct State<T> {
    items: VecDeque<(T, u32)>,
    free_places: usize,
    free_bytes: u32,
    line: VecDeque<u64>,
    permits: usize,
    closed: bool,
    sender_gone: bool,
}

impl<T> State<T> {
    fn give_back(&mut self, bytes: u32) {
        self.free_places += 1;
        self.free_bytes += bytes;
    }

    fn queue_up(&mut self) -> u64 {
        let number = self.line.back().map_or(0, |last| last + 1);
        self.line.push_back(number);
        number
    }
}

struct Shared<T> {
    state: Mutex<State<T>>,
    changed: Notify,
    limit: u32,
}

impl<T> Shared<T> {
    fn change<R>(&self, change: impl FnOnce(&mut State<T>) -> R) -> R {
        let answer = change(&mut self.look());
        self.changed.notify_waiters();
        answer
    }

    fn look(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().expect("nothing panics under the lock")
    }

    fn place(
        &self,
        bytes: u32,
        ticket: Option<u64>,
    ) -> Option<Result<Permit<'_, T>, Refused>> {
        let state = &mut *self.look();
        if state.closed {
            return Some(Err(Refused::Closed));
        }
        let first = state.line.front().copied() == ticket;
        if !first || state.free_places == 0 || state.free_bytes < bytes {
            return None;
        }
        state.free_places -= 1;
        state.free_bytes -= bytes;
        state.permits += 1;
        Some(Ok(Permit { shared: self, bytes, item: None }))
    }

    async fn until<R>(&self, mut attempt: impl FnMut() -> Option<R>) -> R {
        loop {
            // Why the ear before the look: a change between the two would go unheard.
            let mut change = pin!(self.changed.notified());
            change.as_mut().enable();
            if let Some(answer) = attempt() {
                return answer;
            }
            change.await;
        }
    }
}

pub struct Sender<T>(Arc<Shared<T>>);
pub struct Receiver<T>(Arc<Shared<T>>);

pub struct Permit<'a, T> {
    shared: &'a Shared<T>,
    bytes: u32,
    item: Option<T>,
}

pub fn queue<T: Item>(places: NonZeroUsize, bytes: u32) -> (Sender<T>, Receiver<T>) {
    let places = places.get();
    assert!(places <= Semaphore::MAX_PERMITS, "{places} places are too many");
    let state = State {
        items: VecDeque::new(),
        free_places: places,
        free_bytes: bytes,
        line: VecDeque::new(),
        permits: 0,
        closed: false,
        sender_gone: false,
    };
    let (state, changed, limit) = (Mutex::new(state), Notify::new(), bytes);
    let shared = Arc::new(Shared { state, changed, limit });
    (Sender(shared.clone()), Receiver(shared))
}

// Why a guard: whoever leaves the line, served or not, makes room for the next.
struct Ticket<'a, T>(&'a Shared<T>, u64);

impl<T> Drop for Ticket<'_, T> {
    fn drop(&mut self) {
        self.0.change(|state| state.line.retain(|n| *n != self.1));
    }
}

impl<T: Item> Sender<T> {
    pub async fn send(&self, item: T, wait: Duration) -> Result<(), (T, Refused)> {
        match self.reserve(&item, wait).await {
            Ok(permit) => permit.send(item),
            Err(refused) => return Err((item, refused)),
        }
        Ok(())
    }

    pub async fn reserve(
        &self,
        item: &T,
        wait: Duration,
    ) -> Result<Permit<'_, T>, Refused> {
        let (shared, bytes) = (&*self.0, item.bytes());
        if bytes > shared.limit {
            return Err(Refused::TooLarge);
        }
        match shared.place(bytes, None) {
            Some(answer) => return answer,
            None if wait.is_zero() => return Err(Refused::Full),
            None => {}
        }
        let ticket = Ticket(shared, shared.look().queue_up());
        let place = shared.until(|| shared.place(bytes, Some(ticket.1)));
        timeout(wait, place).await.unwrap_or(Err(Refused::Full))
    }
}

impl<T> Permit<'_, T> {
    pub fn send(mut self, item: T) {
        self.item = Some(item);
    }
}

// Why all of it happens in the drop: used or not, a permit ends here, and only once.
impl<T> Drop for Permit<'_, T> {
    fn drop(&mut self) {
        self.shared.change(|state| {
            state.permits -= 1;
            match self.item.take() {
                Some(item) => state.items.push_back((item, self.bytes)),
                None => state.give_back(self.bytes),
            }
        });
    }
}

impl<T: Item> Receiver<T> {
    pub async fn recv(&mut self) -> Option<T> {
        let shared = &*self.0;
        let next = || {
            let mut state = shared.look();
            let ended = (state.closed || state.sender_gone) && state.permits == 0;
            let item = state.items.pop_front();
            (item.is_some() || ended).then_some(item)
        };
        let (item, bytes) = shared.until(next).await?;
        shared.change(|state| state.give_back(bytes));
        Some(item)
    }

    pub async fn recv_in_time(&mut self, takes: Duration) -> Option<Result<T, T>> {
        let item = self.recv().await?;
        let done = Instant::now().checked_add(takes);
        let in_time = done.is_some_and(|done| done <= item.deadline());
        Some(if in_time { Ok(item) } else { Err(item) })
    }

    pub fn close(&mut self) {
        self.0.change(|state| state.closed = true);
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        // Why the items go outside of the lock: they are somebody else's, and may do anything.
        let _items = self.0.change(|state| {
            state.closed = true;
            std::mem::take(&mut state.items)
        });
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.change(|state| state.sender_gone = true);
    }
}

#[cfg(test)]
#[path = "../../tests/backpressure.rs"]
mod tests;
