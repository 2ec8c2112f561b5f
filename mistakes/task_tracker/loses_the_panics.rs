//! Mistake: counts a task in the line after its await; a task that panics never
//!   gets there, so the report says that all is well, with one task missing that
//!   nobody misses.
//! Source: <https://github.com/fortanix/rust-sgx/issues/763>
//! Caught by: step_5_says_how_they_ended::each_end_counts_as_what_it_was_a_panic_too
//! Hint: Three tasks went in. Add up the three numbers that came out.

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{runtime::Handle, select, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

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
    tasks: TaskTracker,
    closing: CancellationToken,
    stopping: CancellationToken,
    outcome: Arc<Mutex<Outcome>>,
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
        let place = self.tasks.token();
        if self.tasks.is_closed() {
            return Err(Refused(task));
        }

        let runtime = Handle::current();
        let work = task(self.closing.child_token());
        let (stopping, outcome) = (self.stopping.clone(), self.outcome.clone());
        let work = self.tasks.track_future(async move {
            let finished = select! {
                biased;
                () = work => true,
                () = stopping.cancelled() => false,
            };
            let mut outcome = outcome.lock().unwrap();
            match finished {
                true => outcome.finished += 1,
                false => outcome.stopped += 1,
            }
        });
        runtime.spawn(work);
        drop(place);
        Ok(())
    }

    pub fn close(&self) {
        self.tasks.close();
        self.closing.cancel();
    }

    pub async fn wait(&self) -> Outcome {
        self.tasks.wait().await;
        *self.outcome.lock().expect("nobody panics while counting")
    }

    pub async fn shutdown(&self, grace: Duration) -> Outcome {
        self.close();
        if let Ok(outcome) = timeout(grace, self.wait()).await {
            return outcome;
        }
        self.stopping.cancel();
        self.wait().await
    }
}

#[cfg(test)]
#[path = "../../tests/task_tracker.rs"]
mod tests;
