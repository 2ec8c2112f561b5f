//! Mistake: counts every item that is over; the report says all is well while one
//!   item in ten panics.
//! Source: <https://github.com/rust-threadpool/rust-threadpool/issues/13>
//! Caught by: step_4_handles_all_it_accepted::and_tells_the_good_from_the_bad
//! Hint: In how many ways can an item be over?

use std::{num::NonZeroUsize, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinError, JoinHandle, JoinSet},
    time::{Instant, sleep_until},
};

pub struct Pool<T> {
    sender: mpsc::Sender<T>,
    stop: oneshot::Sender<Instant>,
    manager: JoinHandle<Report<T>>,
}

pub struct Handle<T> {
    sender: mpsc::Sender<T>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Report<T> {
    pub done: usize,
    pub panicked: usize,
    pub aborted: usize,
    pub unstarted: Vec<T>,
}

impl<T: Send + 'static> Pool<T> {
    pub fn new<F, Fut>(
        workers: NonZeroUsize,
        capacity: NonZeroUsize,
        handler: F,
    ) -> Self
    where
        F: Fn(T) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let (sender, queue) = mpsc::channel(capacity.get());
        let (stop, stopped) = oneshot::channel();
        let report = Report { done: 0, panicked: 0, aborted: 0, unstarted: vec![] };
        let running = JoinSet::new();
        let manager =
            Manager { workers: workers.get(), queue, handler, running, report };
        Pool { sender, stop, manager: tokio::spawn(manager.run(stopped)) }
    }

    pub fn handle(&self) -> Handle<T> {
        Handle { sender: self.sender.clone() }
    }

    pub async fn shutdown(self, drain: Duration) -> Report<T> {
        _ = self.stop.send(Instant::now() + drain);
        drop(self.sender);
        self.manager.await.expect("the manager does not panic")
    }
}

impl<T> Handle<T> {
    pub async fn send(&self, item: T) -> Result<(), T> {
        self.sender.send(item).await.map_err(|refused| refused.0)
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Handle { sender: self.sender.clone() }
    }
}

struct Manager<T, F> {
    workers: usize,
    queue: mpsc::Receiver<T>,
    handler: F,
    running: JoinSet<()>,
    report: Report<T>,
}

impl<T: Send + 'static, F: Fn(T) -> Fut, Fut: Future<Output = ()> + Send + 'static>
    Manager<T, F>
{
    async fn run(mut self, mut stopped: oneshot::Receiver<Instant>) -> Report<T> {
        let deadline = tokio::select! {
            biased;
            Ok(deadline) = &mut stopped => deadline,
            () = self.work() => return self.report,
        };
        self.queue.close();
        tokio::select! {
            biased;
            () = self.work() => {}
            () = sleep_until(deadline) => self.abort().await,
        }
        self.report
    }

    async fn work(&mut self) {
        loop {
            let free = self.running.len() < self.workers;
            tokio::select! {
                biased;
                Some(ended) = self.running.join_next() => self.count(ended),
                item = self.queue.recv(), if free => match item {
                    Some(item) => _ = self.running.spawn((self.handler)(item)),
                    None => break,
                },
            }
        }
        while let Some(ended) = self.running.join_next().await {
            self.count(ended);
        }
    }

    async fn abort(&mut self) {
        self.running.abort_all();
        while let Some(ended) = self.running.join_next().await {
            self.count(ended);
        }
        while let Ok(item) = self.queue.try_recv() {
            self.report.unstarted.push(item);
        }
    }

    fn count(&mut self, ended: Result<(), JoinError>) {
        match ended {
            Err(error) if error.is_cancelled() => self.report.aborted += 1,
            _ => self.report.done += 1,
        }
    }
}

#[cfg(test)]
#[path = "../../tests/worker_pool.rs"]
mod tests;
