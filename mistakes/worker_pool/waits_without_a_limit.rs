//! Mistake: waits for every item however long it takes; one stuck item holds the
//!   process until it is killed, and with it everything else.
//! Source: <https://github.com/fedimint/fedimint/pull/1422>
//! Caught by: step_6_stops_waiting_at_the_limit::a_drain_of_zero_ends_at_once
//! Hint: Which line looks at `drain`?

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinError, JoinHandle, JoinSet},
    time::{Sleep, sleep},
};

pub struct Pool<T> {
    handle: Handle<T>,
    stop: oneshot::Sender<Sleep>,
    manager: JoinHandle<Report<T>>,
}

pub struct Handle<T> {
    sender: mpsc::Sender<T>,
    open: Arc<Mutex<bool>>,
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
        let manager = Manager {
            workers: workers.get(),
            queue,
            handler: Arc::new(handler),
            running: JoinSet::new(),
            report: Report { done: 0, panicked: 0, aborted: 0, unstarted: vec![] },
        };
        let manager = tokio::spawn(manager.run(stopped));
        let handle = Handle { sender, open: Arc::new(Mutex::new(true)) };
        Pool { handle, stop, manager }
    }

    pub fn handle(&self) -> Handle<T> {
        self.handle.clone()
    }

    pub async fn shutdown(self, drain: Duration) -> Report<T> {
        *self.handle.open() = false;
        _ = self.stop.send(sleep(drain));
        self.manager.await.expect("the manager runs no code of others")
    }
}

impl<T> Handle<T> {
    pub async fn send(&self, item: T) -> Result<(), T> {
        let Ok(permit) = self.sender.reserve().await else {
            return Err(item);
        };
        let open = self.open();
        if !*open {
            return Err(item);
        }
        permit.send(item);
        Ok(())
    }

    fn open(&self) -> MutexGuard<'_, bool> {
        self.open.lock().expect("nothing panics while it holds the lock")
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Handle { sender: self.sender.clone(), open: self.open.clone() }
    }
}

struct Manager<T, F> {
    workers: usize,
    queue: mpsc::Receiver<T>,
    handler: Arc<F>,
    running: JoinSet<()>,
    report: Report<T>,
}

impl<T, F, Fut> Manager<T, F>
where
    T: Send + 'static,
    F: Fn(T) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    async fn run(mut self, stopped: oneshot::Receiver<Sleep>) -> Report<T> {
        let limit = tokio::select! {
            biased;
            Ok(limit) = stopped => limit,
            () = self.work() => {
                self.drain().await;
                return self.report;
            }
        };
        self.queue.close();
        _ = limit;
        self.drain().await;
        self.report
    }

    async fn work(&mut self) {
        loop {
            let free = self.running.len() < self.workers;
            tokio::select! {
                biased;
                Some(ended) = self.running.join_next() => self.count(ended),
                item = self.queue.recv(), if free => match item {
                    Some(item) => self.start(item),
                    None => return,
                },
            }
        }
    }

    async fn drain(&mut self) {
        loop {
            while self.running.len() < self.workers
                && let Ok(item) = self.queue.try_recv()
            {
                self.start(item);
            }
            let Some(ended) = self.running.join_next().await else {
                return;
            };
            self.count(ended);
        }
    }

    fn start(&mut self, item: T) {
        let handler = self.handler.clone();
        self.running.spawn(async move { handler(item).await });
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
