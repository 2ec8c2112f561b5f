//! Timeouts: stop waiting at the right instant, and say what the caller can do about it.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/timeouts.md`
//! - Run: `cargo test --test solutions_timeouts`
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

use std::{future::pending, panic::resume_unwind, time::Duration};

use thiserror::Error;
use tokio::{
    task::yield_now,
    time::{Instant, timeout, timeout_at},
};
use tokio_util::task::AbortOnDropHandle;

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
///
/// # Cancel safety
///
/// Dropped before it resolves, it drops the check.
pub async fn is_healthy<E>(
    limit: Duration,
    check: impl Future<Output = Result<(), E>>,
) -> bool {
    // Why both layers by name: the outer `Ok` says that there was an answer, and only the inner
    // one that it was good.
    // Mistake: takes_any_answer_for_health
    matches!(timeout(limit, check).await, Ok(Ok(())))
}

/// Does `work` for at most `limit`.
///
/// # Errors
///
/// `Failed` with the error of the work, or `TimedOut`.
///
/// # Cancel safety
///
/// Dropped before it resolves, it drops the work.
pub async fn within<T, E>(
    limit: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, CallError<E>> {
    // Why `timeout` and not a `select!` with a sleep: it polls the work first, so that an answer
    // at the limit is in time.
    // Mistake: looks_at_the_clock_first
    match timeout(limit, work).await {
        // Why an arm of its own: a failure that falls into `_` becomes a timeout.
        // Mistake: calls_every_failure_a_timeout
        Ok(answer) => answer.map_err(CallError::Failed),
        Err(_) => Err(CallError::TimedOut(limit)),
    }
}

/// Takes messages from the line, each with the id it is for, until one is for `id`.
///
/// # Errors
///
/// `Failed` with the error of the line, or `TimedOut`.
///
/// # Cancel safety
///
/// As safe as one call of `line`: between two calls nothing is held.
pub async fn reply_to<T, E>(
    id: u64,
    limit: Duration,
    mut line: impl AsyncFnMut() -> Result<(u64, T), E>,
) -> Result<T, CallError<E>> {
    let ours = async {
        loop {
            // Why `?`: a line that fails once fails at every call, and such a loop never waits.
            // Mistake: passes_over_failures
            let (to, message) = line().await?;
            if to == id {
                return Ok(message);
            }
            // Why give way: a line that always has a message for somebody else is never waited
            // for, and then nobody looks at the limit.
            // Mistake: takes_a_flood_in_one_go
            yield_now().await;
        }
    };
    // Why the limit is around the loop: inside of it, each message would begin a new one.
    // Mistake: begins_a_new_limit_at_every_message
    within(limit, ours).await
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
    ///
    /// # Errors
    ///
    /// `Failed` with the error of the work, `TimedOut` or `DeadlineExceeded`.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it resolves, it drops the work.
    pub async fn step<T, E>(
        self,
        limit: Duration,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, CallError<E>> {
        // Why no check for a deadline that has passed: `timeout_at` polls the work before it
        // looks at the clock, and so an answer that is there is not thrown away.
        // Mistake: refuses_what_is_ready
        match timeout_at(self.0, within(limit, work)).await {
            // Why ask the clock: both may end together, or the limit first and the caller late,
            // and then the limit speaks of time that is not there.
            // Mistake: promises_time_that_is_not_there
            Ok(Err(CallError::TimedOut(_))) if self.0 <= Instant::now() => {
                Err(CallError::DeadlineExceeded)
            }
            Ok(answer) => answer,
            Err(_) => Err(CallError::DeadlineExceeded),
        }
    }
}

/// Does `work` in a task of its own. If it panics, so does this.
///
/// # Cancel safety
///
/// Dropped before it resolves, it aborts the task.
///
/// # Panics
///
/// When the work panics, with the same payload. When the runtime ends before the work, it does not
/// panic, but never resolves: a caller that lives elsewhere puts a limit around it.
pub async fn in_a_task<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    // Why not the plain handle: dropping that one detaches the task, and then nobody can stop it.
    // Mistake: detaches_the_task
    let task = AbortOnDropHandle::new(tokio::spawn(work));
    match task.await {
        Ok(answer) => answer,
        // Why not `unwrap`: that is a panic of its own, and the first one's payload is gone.
        // Mistake: unwraps_the_join
        Err(lost) => match lost.try_into_panic() {
            Ok(payload) => resume_unwind(payload),
            // Why wait for ever: nobody aborted the task, so its runtime is going down, and the
            // caller with it. A panic here would be a false alarm at each shutdown.
            // Mistake: takes_each_lost_task_for_a_panic
            Err(_cancelled) => pending().await,
        },
    }
}

/// Does `pieces` pieces of work that never awaits, numbered from 0. It may take one poll more.
///
/// # Cancel safety
///
/// Dropped between two pieces, it does no further one. No piece is cut in two.
pub async fn in_pieces(pieces: usize, mut work: impl FnMut(usize)) {
    for piece in 0..pieces {
        work(piece);
        // Why not a short sleep: on the clock a yield costs nothing, a short sleep 1 ms or more.
        // Mistake: sleeps_between_pieces
        yield_now().await;
    }
}

#[cfg(test)]
#[path = "../tests/timeouts.rs"]
mod tests;
