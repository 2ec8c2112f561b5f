//! Mistake: counts on drop and asks no further; a panic and a stop are finishes
//!   too, and the dashboard of a service that loses every second task is green.
//! Source: <https://github.com/scylladb/scylla-rust-driver/issues/1436>
//! Caught by: step_5_says_how_they_ended::each_end_counts_as_what_it_was_a_panic_too
//! Hint: A guard runs at each end of a task. How does it know which end it is?

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
        let (stopping, tally) = (self.stopping.clone(), self.tally());
        let work = self.tasks.track_future(async move {
            let _tally = tally;
            select! {
                biased;
                () = work => {},
                () = stopping.cancelled() => {}
            }
        });
        runtime.spawn(work);
        drop(place);
        Ok(())
    }

    fn tally(&self) -> Tally {
        Tally { outcome: self.outcome.clone() }
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

struct Tally {
    outcome: Arc<Mutex<Outcome>>,
}

impl Drop for Tally {
    fn drop(&mut self) {
        let mut outcome = self.outcome.lock().expect("nobody panics while counting");
        outcome.finished += 1;
    }
}

#[cfg(test)]
#[path = "../../tests/task_tracker.rs"]
mod tests;
