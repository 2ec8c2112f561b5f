//! Mistake: takes the list of tasks when the wait begins and waits for those; a task that
//!   comes later is in no list anybody waits for, and the process ends while it
//!   runs.
//! Source: <https://github.com/stratum-mining/sv2-apps/issues/794>
//! Breaks: task_tracker.2
//! Caught by: step_2_waits_for_all::those_who_come_during_a_wait_are_waited_for
//! Hint: At what instant is decided which tasks are waited for?

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{runtime::Handle, select, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

/// How the tasks of a gate ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Tasks that came to their end, told or not.
    pub finished: usize,
    /// Tasks that panicked.
    pub panicked: usize,
    /// Tasks that were stopped.
    pub stopped: usize,
}

/// A task that came too late, as it was handed over.
pub struct Refused<Task>(pub Task);

// Why by hand: what is derived asks the task for `Debug`, and a closure has none.
impl<Task> fmt::Debug for Refused<Task> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Refused").finish_non_exhaustive()
    }
}

/// The way into a service: it lets tasks in, until it is closed. Clones are the same gate.
#[derive(Clone, Default)]
pub struct Gate {
    places: Arc<Mutex<Vec<CancellationToken>>>,
    closing: CancellationToken,
    stopping: CancellationToken,
    outcome: Arc<Mutex<Outcome>>,
}

impl Gate {
    /// An open gate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the work by calling `task` with a token, and spawns it.
    ///
    /// # Errors
    ///
    /// The gate is closed; `task` comes back.
    ///
    /// # Panics
    ///
    /// When `task` panics, with the same payload, and outside of a Tokio runtime.
    pub fn spawn<Task, Work>(&self, task: Task) -> Result<(), Refused<Task>>
    where
        Task: FnOnce(CancellationToken) -> Work,
        Work: Future<Output = ()> + Send + 'static,
    {
        let left = CancellationToken::new();
        self.places.lock().unwrap().push(left.clone());
        let place = left.drop_guard();
        if self.closing.is_cancelled() {
            return Err(Refused(task));
        }
        let runtime = Handle::current();
        let work = runtime.spawn(task(self.closing.child_token()));
        let gate = self.clone();
        runtime.spawn(async move {
            // Why first: what is declared first is dropped last, when the end is counted.
            let _place = place;
            gate.watch(work).await;
        });
        Ok(())
    }

    /// Waits for the end of `work`, brings it about when the grace is over, and counts it.
    async fn watch(&self, mut work: JoinHandle<()>) {
        let end = select! {
            end = &mut work => end,
            () = self.stopping.cancelled() => {
                work.abort();
                work.await
            }
        };
        let mut outcome = self.outcome.lock().expect("nobody panics while counting");
        // Why no guard: the handle of a task knows how it ended, a panic included.
        match end {
            Ok(()) => outcome.finished += 1,
            Err(end) if end.is_panic() => outcome.panicked += 1,
            Err(_) => outcome.stopped += 1,
        }
    }

    /// Closes the gate and tells its tasks. Closing it again changes nothing.
    pub fn close(&self) {
        self.closing.cancel();
    }

    /// Waits until the gate is closed and the last task has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it changes nothing; the next call waits for the same.
    pub async fn wait(&self) -> Outcome {
        let places = self.places.lock().unwrap().clone();
        self.closing.cancelled().await;
        for left in places {
            left.cancelled().await;
        }
        *self.outcome.lock().expect("nobody panics while counting")
    }

    /// Closes the gate, waits at most `grace`, and stops the tasks that are left.
    ///
    /// # Cancel safety
    ///
    /// Dropped before the grace is over, it stops nobody; the gate stays closed.
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
