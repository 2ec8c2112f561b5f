//! Lazy: returns an error: every item comes back.
//! Passes: nothing

use std::{num::NonZeroUsize, time::Duration};
use tokio::time::Instant;

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

pub struct Sender<T>(std::marker::PhantomData<T>);
pub struct Receiver<T>(std::marker::PhantomData<T>);
pub struct Permit<'a, T>(&'a Sender<T>);

pub fn queue<T: Item>(
    _places: NonZeroUsize,
    _bytes: u32,
) -> (Sender<T>, Receiver<T>) {
    (Sender(Default::default()), Receiver(Default::default()))
}

impl<T: Item> Sender<T> {
    pub async fn send(&self, item: T, _wait: Duration) -> Result<(), (T, Refused)> {
        Err((item, Refused::Full))
    }

    pub async fn reserve(
        &self,
        _item: &T,
        _wait: Duration,
    ) -> Result<Permit<'_, T>, Refused> {
        Err(Refused::Full)
    }
}

impl<T> Permit<'_, T> {
    pub fn send(self, _item: T) {}
}

impl<T: Item> Receiver<T> {
    pub async fn recv(&mut self) -> Option<T> {
        None
    }

    pub async fn recv_in_time(&mut self, _takes: Duration) -> Option<Result<T, T>> {
        None
    }

    pub fn close(&mut self) {}
}

#[cfg(test)]
#[path = "../../../tests/backpressure.rs"]
mod tests;
