//! What the shop asks of `backpressure`. Compiled with the learner's form and with the naive one.

use std::time::Duration;

use super::form::{Item, Receiver, Sender, queue};
use crate::{
    floor::Order,
    part::{Backpressure, Boxed, Entrance, Exit, Part},
};
use tokio::time::Instant;

/// The part.
pub const PART: Backpressure = Backpressure {
    queue: |places, bytes| {
        let (entrance, exit) =
            Part::Backpressure.calls(|| queue::<Order>(places, bytes));
        (Box::new(entrance), Box::new(exit))
    },
};

impl Item for Order {
    fn bytes(&self) -> u32 {
        1
    }

    fn deadline(&self) -> Instant {
        self.due
    }
}

impl Entrance for Sender<Order> {
    fn send(&self, order: Order, wait: Duration) -> Boxed<'_, bool> {
        let sent = async move { Sender::send(self, order, wait).await.is_ok() };
        Part::Backpressure.runs(sent)
    }
}

impl Exit for Receiver<Order> {
    fn next(&mut self, takes: Duration) -> Boxed<'_, Option<Result<Order, Order>>> {
        Part::Backpressure.runs(self.recv_in_time(takes))
    }

    fn close(&mut self) {
        Part::Backpressure.calls(|| Receiver::close(self));
    }
}
