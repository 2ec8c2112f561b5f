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

use std::{fmt, sync::Arc, thread, time::Duration};

use tokio::{runtime::Handle, select, sync::watch, time::timeout};
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
    // Why a watch channel: its value changes under one lock, and everyone who waits for a
    // state of it is woken by the change that makes it so.
    state: Arc<watch::Sender<State>>,
    closing: CancellationToken,
    stopping: CancellationToken,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    inside: usize,
    outcome: Outcome,
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
        let Some(mut place) = self.enter() else {
            return Err(Refused(task));
        };
        let runtime = Handle::current();
        // Why called outside of the lock: it is foreign code, and may use the gate.
        // Mistake: holds_the_lock_while_it_calls
        let work = task(self.closing.child_token());
        let stopping = self.stopping.clone();
        place.end = End::Stopped;
        runtime.spawn(async move {
            let mut place = place;
            select! {
                biased;
                () = work => place.end = End::Finished,
                () = stopping.cancelled() => {}
            }
        });
        Ok(())
    }

    /// The question and the count, in one step.
    fn enter(&self) -> Option<Place> {
        let mut open = false;
        self.state.send_if_modified(|state| {
            open = !state.closed;
            state.inside += usize::from(open);
            false
        });
        open.then(|| Place { state: self.state.clone(), end: End::NeverBegan })
    }

    /// Closes the gate and tells its tasks; a token may show it when its task is next polled.
    /// Closing it again changes nothing.
    pub fn close(&self) {
        self.state.send_modify(|state| state.closed = true);
        self.closing.cancel();
    }

    /// Waits until the gate is closed and the last task has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it changes nothing; the next call waits for the same.
    pub async fn wait(&self) -> Outcome {
        let mut changes = self.state.subscribe();
        let done = changes.wait_for(|state| state.closed && state.inside == 0);
        done.await.expect("this gate holds a sender").outcome
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

/// A task that is inside, or about to be.
struct Place {
    state: Arc<watch::Sender<State>>,
    end: End,
}

#[derive(Clone, Copy)]
enum End {
    NeverBegan,
    Stopped,
    Finished,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.state.send_modify(|state| {
            state.inside -= 1;
            match self.end {
                End::NeverBegan => {}
                End::Finished => state.outcome.finished += 1,
                End::Stopped if thread::panicking() => state.outcome.panicked += 1,
                End::Stopped => state.outcome.stopped += 1,
            }
        });
    }
}

#[cfg(test)]
#[path = "../../tests/task_tracker.rs"]
mod tests;
