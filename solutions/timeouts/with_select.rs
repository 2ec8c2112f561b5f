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

use std::{
    future::{pending, poll_fn},
    panic::resume_unwind,
    pin::pin,
    task::Poll,
    time::Duration,
};

use thiserror::Error;
use tokio::{
    select,
    task::{JoinSet, unconstrained, yield_now},
    time::{Instant, sleep, sleep_until},
};

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
    within(limit, check).await.is_ok()
}

/// Does `work` for at most `limit`.
pub async fn within<T, E>(
    limit: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, CallError<E>> {
    select! {
        // Why in this order: an answer that comes at the limit is in time.
        // Mistake: looks_at_the_clock_first
        biased;
        answer = work => answer.map_err(CallError::Failed),
        // Why unconstrained: work that always goes on uses up what tokio grants a task
        // for one poll, and then a plain sleep is pending, whatever the clock says.
        // Mistake: leaves_the_clock_no_turn
        () = unconstrained(sleep(limit)) => Err(CallError::TimedOut(limit)),
    }
}

/// Takes messages from the line, each with the id it is for, until one is for `id`.
pub async fn reply_to<T, E>(
    id: u64,
    limit: Duration,
    mut line: impl AsyncFnMut() -> Result<(u64, T), E>,
) -> Result<T, CallError<E>> {
    // Why before the loop: one sleep for all of its turns.
    // Mistake: begins_a_new_limit_at_every_message
    let mut over = pin!(unconstrained(sleep(limit)));
    loop {
        select! {
            // Why in this order: a message that comes at the limit is in time.
            // Mistake: looks_at_the_clock_first
            biased;
            message = line() => match message.map_err(CallError::Failed)? {
                (to, message) if to == id => return Ok(message),
                _ => {}
            },
            () = &mut over => return Err(CallError::TimedOut(limit)),
        }
        select! {
            // Why once more, and the limit first: on a line that always has a message, the arm
            // above is never reached.
            // Mistake: takes_a_flood_in_one_go
            biased;
            () = &mut over => return Err(CallError::TimedOut(limit)),
            () = yield_now() => {}
        }
    }
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
        let answer = select! {
            biased;
            answer = within(limit, work) => answer,
            () = unconstrained(sleep_until(self.0)) => Err(CallError::DeadlineExceeded),
        };
        match answer {
            // Why ask again: the inner limit is polled first and so wins a tie, and its error
            // would promise time that is not there.
            // Mistake: promises_time_that_is_not_there
            Err(CallError::TimedOut(_)) if Instant::now() >= self.0 => {
                Err(CallError::DeadlineExceeded)
            }
            answer => answer,
        }
    }
}

/// Does `work` in a task of its own. If it panics, so does this.
pub async fn in_a_task<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    // Why a set of one: a set aborts its tasks when it is dropped.
    // Mistake: detaches_the_task
    let mut tasks = JoinSet::new();
    tasks.spawn(work);
    match tasks.join_next().await {
        Some(Ok(answer)) => answer,
        Some(Err(lost)) => match lost.try_into_panic() {
            Ok(payload) => resume_unwind(payload),
            Err(_cancelled) => pending().await,
        },
        None => unreachable!("one task was spawned"),
    }
}

/// Does `pieces` pieces of work that never awaits, numbered from 0. It may take one poll more.
pub async fn in_pieces(pieces: usize, mut work: impl FnMut(usize)) {
    let mut todo = 0..pieces;
    poll_fn(|cx| {
        todo.next().map(&mut work);
        if todo.is_empty() {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

#[cfg(test)]
#[path = "../../tests/timeouts.rs"]
mod tests;
