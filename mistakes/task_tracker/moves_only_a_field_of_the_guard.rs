//! Mistake: makes the guard outside and sets its flag in an `async move` block;
//!   the block moves in the one field it names, a `bool` that is copied, and the
//!   guard is dropped before the task begins, so that every task counts as stopped.
//! Source: <https://github.com/rust-lang/rust/issues/98865>
//! Breaks: task_tracker.5
//! Caught by: step_5_says_how_they_ended::each_end_counts_as_what_it_was_a_panic_too
//! Hint: Where is the guard when the task runs? The compiler has a warning about
//!   the flag.

use std::{
    fmt,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use tokio::{runtime::Handle, select, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

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
    tasks: TaskTracker,
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
        // Why counted first and asked second: a gate that closes after the question finds
        // the count, one that closed before it gets the answer. In the other order a task
        // can slip in between, and nobody waits for it.
        // Mistake: asks_before_it_counts
        let place = self.tasks.token();
        if self.tasks.is_closed() {
            return Err(Refused(task));
        }

        // Why before the work is made: outside of a runtime this panics, and nothing has
        // been called or counted yet.
        let runtime = Handle::current();

        // Why a child: cancelling it tells nobody else, cancelling the parent tells it.
        // Mistake: hands_out_its_own_token
        let work = task(self.closing.child_token());
        let (stopping, mut tally) = (self.stopping.clone(), self.tally());
        let work = self.tasks.track_future(async move {
            // Mistake: moves_only_a_field_of_the_guard
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

    /// Closes the gate and tells its tasks. Closing it again changes nothing.
    pub fn close(&self) {
        self.tasks.close();
        self.closing.cancel();
    }

    /// Waits until the gate is closed and the last task has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it changes nothing; the next call waits for the same.
    pub async fn wait(&self) -> Outcome {
        self.tasks.wait().await;
        *self.outcome.lock().expect("nobody panics while counting")
    }

    /// Closes the gate, waits at most `grace`, and stops the tasks that are left.
    ///
    /// # Cancel safety
    ///
    /// Dropped before the grace is over, it stops nobody; the gate stays closed.
    pub async fn shutdown(&self, grace: Duration) -> Outcome {
        self.close();
        // Why not a deadline: the grace may be `Duration::MAX`, and no clock goes so far.
        // Mistake: adds_the_grace_to_the_clock
        if let Ok(outcome) = timeout(grace, self.wait()).await {
            return outcome;
        }
        self.stopping.cancel();
        // Why a second wait: telling a task to stop does not stop it, its next poll does.
        // Mistake: stops_and_returns
        self.wait().await
    }
}

/// Counts its task when it is dropped, however that comes about.
struct Tally {
    outcome: Arc<Mutex<Outcome>>,
    finished: bool,
}

impl Drop for Tally {
    // Why on drop: a panic and a stop run no line of the task after the await they end.
    // Mistake: loses_the_panics
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
