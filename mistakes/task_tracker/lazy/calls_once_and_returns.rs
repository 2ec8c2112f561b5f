//! Lazy: spawns what it is handed, and waits for nothing.
//! Passes: step 1

use std::{fmt, time::Duration};

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
pub struct Gate;

impl Gate {
    pub fn new() -> Self {
        Self
    }

    pub fn spawn<Task, Work>(&self, task: Task) -> Result<(), Refused<Task>>
    where
        Task: FnOnce(CancellationToken) -> Work,
        Work: Future<Output = ()> + Send + 'static,
    {
        tokio::spawn(task(CancellationToken::new()));
        Ok(())
    }

    pub fn close(&self) {}

    pub async fn wait(&self) -> Outcome {
        Outcome::default()
    }

    pub async fn shutdown(&self, _grace: Duration) -> Outcome {
        Outcome::default()
    }
}

#[cfg(test)]
#[path = "../../../tests/task_tracker.rs"]
mod tests;
