//! Mistake: takes a token of its own for the time of the shutdown, so that the
//!   tracker does not look empty too early; it is not empty until the shutdown
//!   returns, and the shutdown waits for that.
//! Source: <https://docs.rs/tokio-util/0.7.20/tokio_util/task/task_tracker/struct.TaskTracker.html#method.token>
//! Caught by: step_6_stops_those_who_do_not_listen::no_grace_goes_on_after_the_last_task
//! Hint: Who is still inside when all tasks have ended?

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
        let _me = self.tasks.token();
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
