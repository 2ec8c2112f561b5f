//! Lazy: waits for ever.
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
    pub async fn send(&self, _item: T, _wait: Duration) -> Result<(), (T, Refused)> {
        std::future::pending().await
    }

    pub async fn reserve(
        &self,
        _item: &T,
        _wait: Duration,
    ) -> Result<Permit<'_, T>, Refused> {
        std::future::pending().await
    }
}

impl<T> Permit<'_, T> {
    pub fn send(self, _item: T) {}
}

impl<T: Item> Receiver<T> {
    pub async fn recv(&mut self) -> Option<T> {
        std::future::pending().await
    }

    pub async fn recv_in_time(&mut self, _takes: Duration) -> Option<Result<T, T>> {
        std::future::pending().await
    }

    pub fn close(&mut self) {}
}

#[cfg(test)]
#[path = "../../../tests/backpressure.rs"]
mod tests;
