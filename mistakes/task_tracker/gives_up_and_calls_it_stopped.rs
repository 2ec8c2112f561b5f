//! Mistake: waits for the grace and returns; nothing was stopped, a tracker
//!   cannot abort, and the tasks run on while their database is being closed.
//! Source: <https://github.com/pubky/pubky-nexus/pull/1012>
//! Caught by: step_6_stops_those_who_do_not_listen::shutdown_leaves_no_task_at_its_return
//! Hint: After the limit, which line does anything to the tasks that are left?

use std::{
    fmt,
    sync::{Arc, Mutex},
    thread,
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
            let mut tally = tally;
            select! {
                biased;
                () = work => tally.finished = true,
                () = stopping.cancelled() => {}
            }
        });
        runtime.spawn(work);
        drop(place);
        Ok(())
    }

    fn tally(&self) -> Tally {
        Tally { outcome: self.outcome.clone(), finished: false }
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
        let mut outcome = *self.outcome.lock().unwrap();
        outcome.stopped = self.tasks.len();
        outcome
    }
}

struct Tally {
    outcome: Arc<Mutex<Outcome>>,
    finished: bool,
}

impl Drop for Tally {
    fn drop(&mut self) {
        let mut outcome = self.outcome.lock().expect("nobody panics while counting");
        let count = match (self.finished, thread::panicking()) {
            (true, _) => &mut outcome.finished,
            (false, true) => &mut outcome.panicked,
            (false, false) => &mut outcome.stopped,
        };
        *count += 1;
    }
}

#[cfg(test)]
#[path = "../../tests/task_tracker.rs"]
mod tests;
