//! An unbounded queue: there is always room for one more.

use std::{num::NonZeroUsize, time::Duration};
use tokio::{sync::mpsc, time::Instant};

/// What a queue has to know about its items.
pub trait Item {
    /// How much of the queue's bytes it takes up.
    fn bytes(&self) -> u32;
    /// When its answer is of no more use.
    fn deadline(&self) -> Instant;
}

/// Why an item came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Never said: there is always room.
    Full,
    /// Nobody will receive it.
    Closed,
    /// Never said.
    TooLarge,
}

/// The end that sends.
pub struct Sender<T> {
    items: mpsc::UnboundedSender<T>,
}

/// The end that receives.
pub struct Receiver<T> {
    items: mpsc::UnboundedReceiver<T>,
}

/// Opens a queue of any number of places.
pub fn queue<T: Item>(places: NonZeroUsize, bytes: u32) -> (Sender<T>, Receiver<T>) {
    _ = (places, bytes);
    let (sender, receiver) = mpsc::unbounded_channel();
    (Sender { items: sender }, Receiver { items: receiver })
}

impl<T: Item> Sender<T> {
    /// Sends `item`, whatever is in front of it.
    pub async fn send(&self, item: T, wait: Duration) -> Result<(), (T, Refused)> {
        _ = wait;
        self.items.send(item).map_err(|back| (back.0, Refused::Closed))
    }
}

impl<T: Item> Receiver<T> {
    /// The next item. Whether it can be done in time is not asked.
    pub async fn recv_in_time(&mut self, takes: Duration) -> Option<Result<T, T>> {
        _ = takes;
        self.items.recv().await.map(Ok)
    }

    /// Lets no more items in.
    pub fn close(&mut self) {
        self.items.close();
    }
}
