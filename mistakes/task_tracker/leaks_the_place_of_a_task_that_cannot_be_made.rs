//! Mistake: counts, calls, spawns, and counts down when the task ends; if the
//!   call panics there is no task, and the count stays one too high until the
//!   process is killed.
//! Source: <https://github.com/dfinity/ic/pull/6912>
//! Caught by: step_7_has_no_third_way::a_task_that_cannot_be_made_is_not_counted
//! Hint: Between the counting up and the spawn stands a call. What if it does not
//!   return?

use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use tokio::{runtime::Handle, select, sync::Notify, time::timeout};
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
    inside: Arc<AtomicUsize>,
    closed: Arc<AtomicBool>,
    changed: Arc<Notify>,
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
        self.inside.fetch_add(1, SeqCst);
        if self.closed.load(SeqCst) {
            self.inside.fetch_sub(1, SeqCst);
            return Err(Refused(task));
        }
        let runtime = Handle::current();
        let work = task(self.closing.child_token());
        let (stopping, tally) = (self.stopping.clone(), self.tally());
        let work = async move {
            let mut tally = tally;
            select! {
                biased;
                () = work => tally.finished = true,
                () = stopping.cancelled() => {}
            }
        };
        runtime.spawn(work);
        Ok(())
    }

    fn tally(&self) -> Tally {
        Tally { gate: self.clone(), finished: false }
    }

    pub fn close(&self) {
        self.closed.store(true, SeqCst);
        self.closing.cancel();
        self.changed.notify_waiters();
    }

    pub async fn wait(&self) -> Outcome {
        loop {
            let changed = self.changed.notified();
            if self.closed.load(SeqCst) && self.inside.load(SeqCst) == 0 {
                break;
            }
            changed.await;
        }
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
    gate: Gate,
    finished: bool,
}

impl Drop for Tally {
    fn drop(&mut self) {
        let mut outcome = self.gate.outcome.lock().unwrap();
        let count = match (self.finished, thread::panicking()) {
            (true, _) => &mut outcome.finished,
            (false, true) => &mut outcome.panicked,
            (false, false) => &mut outcome.stopped,
        };
        *count += 1;
        self.gate.inside.fetch_sub(1, SeqCst);
        self.gate.changed.notify_waiters();
    }
}

#[cfg(test)]
#[path = "../../tests/task_tracker.rs"]
mod tests;
