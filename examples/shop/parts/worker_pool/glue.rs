//! What the shop asks of `worker_pool`. Compiled with the learner's form and with the naive one.

use std::time::Duration;

use super::form::{Handle, Pool};
use crate::{
    floor::Receipt,
    part::{Boxed, Hand, Part, Post, WorkerPool},
};

/// The part.
pub const PART: WorkerPool = WorkerPool {
    open: |workers, capacity, posting| {
        let open = || Pool::new(workers, capacity, move |receipt| posting(receipt));
        Box::new(Part::WorkerPool.calls(open))
    },
};

impl Post for Pool<Receipt> {
    fn handle(&self) -> Box<dyn Hand> {
        Box::new(Part::WorkerPool.calls(|| Pool::handle(self)))
    }

    fn shutdown(self: Box<Self>, drain: Duration) -> Boxed<'static, ()> {
        Part::WorkerPool
            .runs(async move { drop(Pool::shutdown(*self, drain).await) })
    }
}

impl Hand for Handle<Receipt> {
    fn send(&self, receipt: Receipt) -> Boxed<'_, bool> {
        let sent = async move { Handle::send(self, receipt).await.is_ok() };
        Part::WorkerPool.runs(sent)
    }
}
