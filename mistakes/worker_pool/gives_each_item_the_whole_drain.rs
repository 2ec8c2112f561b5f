//! Mistake: starts the limit anew whenever an item ends; a drain of thirty seconds
//!   takes minutes, and the orchestrator kills the process in the middle.
//! Source: <https://github.com/browseros-ai/BrowserOS/pull/1890>
//! Caught by: step_6_stops_waiting_at_the_limit::in_the_second_round
//! Hint: From which instant does the limit run?

use std::{num::NonZeroUsize, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinError, JoinHandle, JoinSet},
    time::{Instant, timeout},
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
        let drain = deadline - Instant::now();
        while let Ok(true) = timeout(drain, self.step()).await {}
        self.abort().await;
        self.report
    }

    async fn work(&mut self) {
        while self.step().await {}
    }

    async fn step(&mut self) -> bool {
        let free = self.running.len() < self.workers;
        tokio::select! {
            biased;
            Some(ended) = self.running.join_next() => self.count(ended),
            Some(item) = self.queue.recv(), if free => {
                self.running.spawn((self.handler)(item));
            }
            else => return false,
        }
        true
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
            Ok(()) => self.report.done += 1,
            Err(error) if error.is_panic() => self.report.panicked += 1,
            Err(_) => self.report.aborted += 1,
        }
    }
}

#[cfg(test)]
#[path = "../../tests/worker_pool.rs"]
mod tests;
