//! TaskTracker: tasks of unknown number, and a door that closes.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/task_tracker.md`
//! - Run: `cargo test --test task_tracker`
//! - What every contract takes for granted: book/src/conventions.md
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
#![allow(unused_mut, unused_variables, dead_code)] // for the stub: delete when you are done

use std::{fmt, time::Duration};

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

impl<Task> fmt::Debug for Refused<Task> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Refused").finish_non_exhaustive()
    }
}

/// The way into a service: it lets tasks in, until it is closed. Clones are the same gate.
#[derive(Clone, Default)]
pub struct Gate {
    // step 1: what does a gate have to remember?
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
        todo!("step 1: call `task` with a new token, and spawn what it returns")
    }

    /// Closes the gate and tells its tasks; a token may show it when its task is next polled.
    /// Closing it again changes nothing.
    pub fn close(&self) {
        todo!("step 2: from now on `wait` may end")
    }

    /// Waits until the gate is closed and the last task has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it changes nothing; the next call waits for the same.
    pub async fn wait(&self) -> Outcome {
        todo!("step 2: wait for the close and for the last task")
    }

    /// Closes the gate, waits at most `grace`, and stops the tasks that are left. One that came in
    /// the instant of the stop may be stopped before it has run.
    ///
    /// # Cancel safety
    ///
    /// Dropped before the grace is over, it stops nobody; the gate stays closed.
    pub async fn shutdown(&self, grace: Duration) -> Outcome {
        todo!("step 6: close, wait with a limit, stop the others, wait for them")
    }
}

#[cfg(test)]
#[path = "../tests/task_tracker.rs"]
mod tests;
