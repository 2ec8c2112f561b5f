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
use std::{
    collections::VecDeque, marker::PhantomData, num::NonZeroUsize, time::Duration,
};

use tokio::sync::{Semaphore, mpsc, oneshot};
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

/// An item with its room, which is free in the instant the item is taken out or dropped.
type Entry<T> = (T, Room<T>);

struct State<T> {
    places: usize,
    bytes: u32,
    /// In the order of asking. The head stays until it has taken its room or has left.
    line: VecDeque<Waiter<T>>,
    /// Why unbounded: what is sent has its room already. `None` once nobody may ask any more; a
    /// permit that is out has its own.
    way_in: Option<mpsc::UnboundedSender<Entry<T>>>,
}

struct Waiter<T> {
    number: u64,
    bytes: u32,
    tell: Option<oneshot::Sender<Room<T>>>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    limit: u32,
}

impl<T> Shared<T> {
    fn look(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().expect("nothing panics under the lock")
    }

    /// Takes so much room, if there is.
    fn take(self: &Arc<Self>, state: &mut State<T>, bytes: u32) -> Option<Room<T>> {
        if state.places == 0 || state.bytes < bytes {
            return None;
        }
        state.places -= 1;
        state.bytes -= bytes;
        Some(Room { shared: self.clone(), bytes })
    }

    /// Lets nobody in any more. Whoever waits hears of it, because nobody is left to tell it more.
    fn end(&self) {
        let mut state = self.look();
        state.way_in = None;
        state.line.iter_mut().for_each(|waiter| waiter.tell = None);
    }

    /// Gives free room to the head of the line.
    // Why to the head alone, and to the next when it has come for it: of two who were told, the
    // second could come first.
    fn hand_over(self: &Arc<Self>, state: &mut State<T>) {
        if let Some(Waiter { bytes, tell: Some(_), .. }) = state.line.front()
            && let Some(room) = self.take(state, *bytes)
        {
            // Why it cannot fail: who waits hangs up under this lock, and leaves the line with it.
            let tell = state.line[0].tell.take();
            _ = tell.map(|tell| tell.send(room));
        }
    }
}

/// A place and so many bytes, given back when it is dropped.
struct Room<T> {
    shared: Arc<Shared<T>>,
    bytes: u32,
}

impl<T> Drop for Room<T> {
    fn drop(&mut self) {
        let mut state = self.shared.look();
        state.places += 1;
        state.bytes += self.bytes;
        self.shared.hand_over(&mut state);
    }
}

/// A place in the line. Dropped, served or not, it makes way for the next.
struct Ticket<'a, T> {
    shared: &'a Arc<Shared<T>>,
    number: u64,
    room: oneshot::Receiver<Room<T>>,
}

impl<T> Drop for Ticket<'_, T> {
    fn drop(&mut self) {
        let mut state = self.shared.look();
        self.room.close();
        let unused = self.room.try_recv();
        state.line.retain(|waiter| waiter.number != self.number);
        self.shared.hand_over(&mut state);
        // Why the lock goes first: an unused room takes it again, to go back.
        drop(state);
        drop(unused);
    }
}

pub struct Sender<T>(Arc<Shared<T>>);

pub struct Receiver<T> {
    shared: Arc<Shared<T>>,
    items: mpsc::UnboundedReceiver<Entry<T>>,
}

pub struct Permit<'a, T> {
    room: Room<T>,
    way_in: mpsc::UnboundedSender<Entry<T>>,
    sender: PhantomData<&'a Sender<T>>,
}

pub fn queue<T: Item>(places: NonZeroUsize, bytes: u32) -> (Sender<T>, Receiver<T>) {
    let places = places.get();
    assert!(places <= Semaphore::MAX_PERMITS, "{places} places are too many");
    let (way_in, items) = mpsc::unbounded_channel();
    let (line, way_in) = (VecDeque::new(), Some(way_in));
    let state = Mutex::new(State { places, bytes, line, way_in });
    let shared = Arc::new(Shared { state, limit: bytes });
    (Sender(shared.clone()), Receiver { shared, items })
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
        let (shared, bytes) = (&self.0, item.bytes());
        if bytes > shared.limit {
            return Err(Refused::TooLarge);
        }
        let permit = |room, way_in| Permit { room, way_in, sender: PhantomData };
        let mut ticket = {
            let mut state = shared.look();
            let way_in = state.way_in.clone().ok_or(Refused::Closed)?;
            if state.line.is_empty()
                && let Some(room) = shared.take(&mut state, bytes)
            {
                return Ok(permit(room, way_in));
            }
            if wait.is_zero() {
                return Err(Refused::Full);
            }
            let number = state.line.back().map_or(0, |last| last.number + 1);
            let (tell, room) = oneshot::channel();
            state.line.push_back(Waiter { number, bytes, tell: Some(tell) });
            Ticket { shared, number, room }
        };
        let room = timeout(wait, &mut ticket.room).await;
        let room = room.map_err(|_| Refused::Full)?;
        // Why a look at the way in as well: the queue may have closed since the room was given.
        let way_in = shared.look().way_in.clone();
        match (room, way_in) {
            (Ok(room), Some(way_in)) => Ok(permit(room, way_in)),
            _ => Err(Refused::Closed),
        }
    }
}

impl<T> Permit<'_, T> {
    pub fn send(self, item: T) {
        _ = self.way_in.send((item, self.room));
    }
}

impl<T: Item> Receiver<T> {
    pub async fn recv(&mut self) -> Option<T> {
        let (item, _room) = self.items.recv().await?;
        Some(item)
    }

    pub async fn recv_in_time(&mut self, takes: Duration) -> Option<Result<T, T>> {
        let item = self.recv().await?;
        let done = Instant::now().checked_add(takes);
        let in_time = done.is_some_and(|done| done <= item.deadline());
        Some(if in_time { Ok(item) } else { Err(item) })
    }

    pub fn close(&mut self) {
        self.shared.end();
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.shared.end();
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.end();
    }
}

#[cfg(test)]
#[path = "../../tests/backpressure.rs"]
mod tests;
