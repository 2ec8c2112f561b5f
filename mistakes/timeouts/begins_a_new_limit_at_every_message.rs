//! Mistake: makes the sleep inside the loop, so that each message begins a new one; on a line with
//!   a heartbeat the limit is never reached.
//! Source: <https://github.com/base/base/issues/782>
//! Breaks: timeouts.3
//! Caught by: step_3_has_one_limit_for_the_whole_wait::the_messages_to_others_buy_no_time
//! Hint: Subtract the time of the last heartbeat from the time at which the caller gives up. What
//!   does that number remind you of?

use std::{
    future::{pending, poll_fn},
    panic::resume_unwind,
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
    loop {
        select! {
            biased;
            message = line() => match message.map_err(CallError::Failed)? {
                (to, message) if to == id => return Ok(message),
                _ => {}
            },
            () = sleep(limit) => return Err(CallError::TimedOut(limit)),
        }
        yield_now().await;
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

/// Does `pieces` pieces of work that never awaits, numbered from 0.
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
