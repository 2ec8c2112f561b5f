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
    time::Duration,
};

use tokio::{runtime::Handle, select, sync::watch, task::JoinHandle, time::timeout};
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
    // Why a channel on which nothing is sent: it knows when its last receiver is gone, and a
    // receiver is a place that cannot be given back twice.
    places: Arc<watch::Sender<()>>,
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
        let place = self.places.subscribe();
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

    /// Closes the gate and tells its tasks; a token may show it when its task is next polled.
    /// Closing it again changes nothing.
    pub fn close(&self) {
        self.closing.cancel();
    }

    /// Waits until the gate is closed and the last task has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it changes nothing; the next call waits for the same.
    pub async fn wait(&self) -> Outcome {
        self.closing.cancelled().await;
        self.places.closed().await;
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
