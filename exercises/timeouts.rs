//! Timeouts: stop waiting at the right instant, and say what the caller can do about it.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/timeouts.md`
//! - Run: `cargo test --test timeouts`
//!
//! # The contract
//!
//! 1. `is_healthy` is true if the check succeeds within the limit, and false otherwise. It answers
//!    as soon as it knows.
//! 2. `within` returns what the work returns, success or failure, in that instant, up to and
//!    including the limit. If there is nothing by then it returns `TimedOut` at the limit, and the
//!    work is dropped.
//! 3. `reply_to` has one limit for the whole wait, up to and including it: a message to somebody
//!    else is passed over and moves nothing. When the line fails it fails, in that instant.
//! 4. A `Deadline` is one instant for all steps. A step ends with `TimedOut` at its own limit or
//!    with `DeadlineExceeded` at the deadline, whichever comes first.
//! 5. `in_a_task` does the work in a task of its own, which goes on while the caller is busy. When
//!    the call is dropped, by its caller or by a limit, the task is aborted. When the work panics
//!    the call panics, with the same payload.
//! 6. `in_pieces` does one piece a poll, so that others have their turn in between and a drop stops
//!    it there. It takes no time of its own.
//! 7. After the deadline a step polls its work once: what is ready wins, for anything else it
//!    returns `DeadlineExceeded` in that instant. `TimedOut` promises that time is left: where
//!    limit and deadline fall together it is `DeadlineExceeded`.
#![allow(unused_mut, unused_variables, dead_code)] // for the stub: delete when you are done

use std::time::Duration;

use thiserror::Error;
use tokio::time::Instant;

/// Why there is no answer: one variant for each thing a caller can do about it.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CallError<E> {
    /// The work failed by itself, in time. Decide by its own error.
    #[error("the call failed")]
    Failed(#[source] E),
    /// This took too long, and time is left: ask somewhere else.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// No time is left for the whole request: stop.
    #[error("the deadline has passed")]
    DeadlineExceeded,
}

/// Whether `check` succeeds within `limit`.
pub async fn is_healthy<E>(
    limit: Duration,
    check: impl Future<Output = Result<(), E>>,
) -> bool {
    todo!("step 1: wait for the check, but no longer than the limit")
}

/// Does `work` for at most `limit`.
pub async fn within<T, E>(
    limit: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, CallError<E>> {
    todo!("step 2: tell the three ways this can end apart")
}

/// Takes messages from the line, each with the id it is for, until one is for `id`.
pub async fn reply_to<T, E>(
    id: u64,
    limit: Duration,
    mut line: impl AsyncFnMut() -> Result<(u64, T), E>,
) -> Result<T, CallError<E>> {
    todo!("step 3: take messages until one is ours, under one limit")
}

/// The instant at which a whole request must have ended. Pass it down by value.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// The deadline that lies `total` ahead.
    pub fn after(total: Duration) -> Self {
        Deadline(Instant::now() + total)
    }

    /// Does `work` for at most `limit`, and never beyond the deadline.
    pub async fn step<T, E>(
        self,
        limit: Duration,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, CallError<E>> {
        todo!("step 4: find out which of the two comes first")
    }
}

/// Does `work` in a task of its own. If it panics, so does this.
pub async fn in_a_task<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    todo!("step 5: spawn the work, and take care of what a drop leaves behind")
}

/// Does `pieces` pieces of work that never awaits, numbered from 0.
pub async fn in_pieces(pieces: usize, mut work: impl FnMut(usize)) {
    todo!("step 6: between two pieces, give the thread back")
}

#[cfg(test)]
#[path = "../tests/timeouts.rs"]
mod tests;
