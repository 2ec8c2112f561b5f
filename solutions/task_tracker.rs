//! TaskTracker: tasks of unknown number, and a door that closes.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/task_tracker.md`
//! - Run: `cargo test --test solutions_task_tracker`
//!
//! # The contract
//!
//! 1. A task that the gate lets in begins in that instant. It runs even if nobody waits for it or
//!    has the gate any more.
//! 2. `wait` ends when both are true: the gate is closed, and the last task has ended. Every call
//!    of `wait` ends in that instant, even while another one is kept and not polled. A task that is
//!    let in while somebody waits is waited for as well.
//! 3. From the close on no task is let in: `spawn` gives the task back, uncalled.
//! 4. The close tells every task in that instant, through the token that the task was given. A task
//!    that cancels its own token affects neither another task nor the gate.
//! 5. `wait` returns how many of all tasks ever let in finished, how many panicked and how many
//!    were stopped by rule 6. Each counts once. A later `wait` returns the same numbers.
//! 6. `shutdown` closes the gate at its first poll and waits until the last task has ended, at most
//!    `grace`. Tasks that still run then are stopped in that instant, and gone before it returns.
//!    Of several calls, the one whose grace runs out first stops the tasks. A call that is dropped
//!    stops no task.
//! 7. A task is either refused or let in, and nothing between. One that is being made when the gate
//!    closes is let in, is told, and is waited for. If making or spawning it panics, the panic
//!    reaches the caller of `spawn` with its own payload, and the task was never let in.

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
    /// When `task` panics, with the same payload; and outside of a Tokio runtime, while it is open.
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
        let (stopping, tally) = (self.stopping.clone(), self.tally());
        let work = self.tasks.track_future(async move {
            // Why moved by name: a block that only sets the flag takes a copy of the flag,
            // and the rest is dropped where it stands.
            // Mistake: moves_only_a_field_of_the_guard
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

    /// Closes the gate and tells its tasks; a token may show it when its task is next polled.
    /// Closing it again changes nothing.
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

    /// Closes the gate, waits at most `grace`, and stops the tasks that are left. One that came in
    /// the instant of the stop may be stopped before it has run.
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
#[path = "../tests/task_tracker.rs"]
mod tests;
