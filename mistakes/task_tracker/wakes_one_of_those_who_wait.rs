//! Mistake: wakes one waiter when the last task ends; the others, say the health
//!   page and the main function, wait for ever.
//! Source: <https://github.com/wheregmis/threadlane/pull/155>
//! Breaks: task_tracker.2
//! Caught by: step_2_waits_for_all::those_who_come_during_a_wait_are_waited_for
//! Hint: Two wait and one goes on. How many does your wake-up reach?

use std::{fmt, sync::Arc, thread, time::Duration};

use tokio::{runtime::Handle, select, sync::Notify, time::timeout};
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
    state: Arc<Shared>,
    closing: CancellationToken,
    stopping: CancellationToken,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    closed: bool,
    inside: usize,
    outcome: Outcome,
}

#[derive(Default)]
struct Shared {
    state: std::sync::Mutex<State>,
    changed: Notify,
}

impl Shared {
    fn modify(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
        self.changed.notify_one();
    }
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
        self.state.modify(|state| {
            open = !state.closed;
            state.inside += usize::from(open);
        });
        open.then(|| Place { state: self.state.clone(), end: End::NeverBegan })
    }

    /// Closes the gate and tells its tasks. Closing it again changes nothing.
    pub fn close(&self) {
        self.state.modify(|state| state.closed = true);
        self.closing.cancel();
    }

    /// Waits until the gate is closed and the last task has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it changes nothing; the next call waits for the same.
    pub async fn wait(&self) -> Outcome {
        loop {
            let state = *self.state.state.lock().unwrap();
            if state.closed && state.inside == 0 {
                return state.outcome;
            }
            self.state.changed.notified().await;
        }
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

/// A task that is inside, or about to be.
struct Place {
    state: Arc<Shared>,
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
        self.state.modify(|state| {
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
