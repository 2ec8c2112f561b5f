//! Mistake: takes the list of handles when the wait begins and joins those; a
//!   task that comes later is in no list anybody waits for, and a second waiter
//!   finds an empty one.
//! Source: <https://github.com/stratum-mining/sv2-apps/issues/794>
//! Caught by: step_2_waits_for_all::those_who_come_during_a_wait_are_waited_for
//! Hint: At what instant is decided which tasks are waited for?

use std::{
    fmt, mem,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub finished: usize,
    pub panicked: usize,
    pub stopped: usize,
}

pub struct Refused<Task>(pub Task);

impl<Task> fmt::Debug for Refused<Task> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Refused").finish_non_exhaustive()
    }
}

#[derive(Clone, Default)]
pub struct Gate {
    tasks: Arc<Mutex<Vec<JoinHandle<()>>>>,
    closing: CancellationToken,
}

impl Gate {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn spawn<Task, Work>(&self, task: Task) -> Result<(), Refused<Task>>
    where
        Task: FnOnce(CancellationToken) -> Work,
        Work: Future<Output = ()> + Send + 'static,
    {
        if self.closing.is_cancelled() {
            return Err(Refused(task));
        }
        let handle = tokio::spawn(task(self.closing.child_token()));
        self.tasks.lock().unwrap().push(handle);
        Ok(())
    }

    pub fn close(&self) {
        self.closing.cancel();
    }

    pub async fn wait(&self) -> Outcome {
        self.closing.cancelled().await;
        self.join_all().await
    }

    async fn join_all(&self) -> Outcome {
        let mut outcome = Outcome::default();
        let tasks = mem::take(&mut *self.tasks.lock().unwrap());
        for task in tasks {
            match task.await {
                Ok(()) => outcome.finished += 1,
                Err(end) if end.is_panic() => outcome.panicked += 1,
                Err(_) => outcome.stopped += 1,
            }
        }
        outcome
    }

    pub async fn shutdown(&self, grace: Duration) -> Outcome {
        self.close();
        if let Ok(outcome) = timeout(grace, self.wait()).await {
            return outcome;
        }
        for task in self.tasks.lock().unwrap().iter() {
            task.abort();
        }
        self.join_all().await
    }
}

#[cfg(test)]
#[path = "../../tests/task_tracker.rs"]
mod tests;
