//! Mistake: keeps the work in a list and runs it when somebody waits; until the
//!   shutdown begins the service does nothing at all.
//! Source: <https://github.com/rust-lang/futures-rs/issues/2387>
//! Caught by: step_1_starts_what_it_lets_in::a_task_begins_at_once_though_nobody_waits
//! Hint: A future does nothing until it is polled. Who polls yours, and from when
//!   on?

use std::{
    fmt,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use tokio::{select, time::timeout};
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
    queue: Arc<Mutex<Vec<Work>>>,
    waited_for: Arc<AtomicBool>,
}

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

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
        self.queue.lock().unwrap().push(Box::pin(work));
        self.begin_if_somebody_waits();
        drop(place);
        Ok(())
    }

    fn begin_if_somebody_waits(&self) {
        if self.waited_for.load(SeqCst) {
            for work in self.queue.lock().unwrap().drain(..) {
                tokio::spawn(work);
            }
        }
    }

    fn tally(&self) -> Tally {
        Tally { outcome: self.outcome.clone(), finished: false }
    }

    pub fn close(&self) {
        self.tasks.close();
        self.closing.cancel();
    }

    pub async fn wait(&self) -> Outcome {
        self.waited_for.store(true, SeqCst);
        self.begin_if_somebody_waits();
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
