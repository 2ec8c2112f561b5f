//! Timeouts: stop waiting at the right instant, and say what the caller can do about it.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/timeouts.md`
//! - Run: `cargo test --test timeouts`
//! - What every contract takes for granted: book/src/conventions.md
//!
//! # The contract
//!
//! 1. `is_healthy` is true if the check succeeds within the limit, and false if it does not. It
//!    returns as soon as that is known. Here and below a limit runs from the first poll, and what
//!    comes exactly at the limit is in time.
//! 2. `within` returns what the work returns, success or failure, as soon as the work ends. At the
//!    limit it drops the work and returns `TimedOut`. It asks the work before the clock: when the
//!    caller polls it late, work that is ready by then wins.
//! 3. `reply_to` has one limit for the whole wait. A message for another id does not extend it.
//!    After each such message other tasks have their turn, so that the limit is reached even when
//!    messages never stop. When the line fails, `reply_to` fails at once.
//! 4. A `Deadline` is one instant for all steps, counted from `after`. A step ends with `TimedOut`
//!    at its own limit or with `DeadlineExceeded` at the deadline, whichever comes first.
//! 5. `in_a_task` does the work in a task of its own. The task goes on while the caller is busy,
//!    and it is aborted when the call is dropped. When the work panics, the call panics with the
//!    same payload. When the runtime of the task ends before the work does, the call never
//!    resolves.
//! 6. `in_pieces` does one piece a poll. Between two pieces other tasks have their turn, and a drop
//!    stops the work there. It takes no time of its own.
//! 7. `TimedOut` promises that time is left before the deadline. So the first poll of a step at the
//!    deadline or later is its last. It polls the work once: if the work is ready, the step returns
//!    its result; if not, the step ends with `DeadlineExceeded`, even if its own limit came first.
#![allow(unused_mut, unused_variables, dead_code)] // for the stub: delete when you are done

use std::time::Duration;

use thiserror::Error;
use tokio::time::Instant;

/// Why there is no answer: one variant for each thing a caller can do about it.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CallError<E> {
    /// The work failed by itself. Decide by its own error.
    #[error("the call failed")]
    Failed(#[source] E),
    /// This took too long, and time is left: ask somewhere else. It holds the limit.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// No time is left for the whole request: stop.
    #[error("the deadline has passed")]
    DeadlineExceeded,
}

/// Whether `check` succeeds within `limit`. Where a late poll finds it ready, either is right.
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

/// As good as never. No clock reaches as far as the largest duration.
const A_CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// The instant at which a whole request must have ended. Pass it down by value.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// The deadline that lies `total` ahead.
    pub fn after(total: Duration) -> Self {
        Deadline(Instant::now() + total.min(A_CENTURY))
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

/// Does `pieces` pieces of work that never awaits, numbered from 0. It may take one poll more.
pub async fn in_pieces(pieces: usize, mut work: impl FnMut(usize)) {
    todo!("step 6: between two pieces, give the thread back")
}

#[cfg(test)]
#[path = "../tests/timeouts.rs"]
mod tests;
