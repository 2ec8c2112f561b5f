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
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use thiserror::Error;
use tokio::{
    sync::oneshot,
    task::{AbortHandle, unconstrained},
    time::{Instant, sleep_until},
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

/// Polls `work`, and after it the clock, until one of them is done: what the work gave, or `None`
/// at `end`. The other functions are made of this one.
async fn until<T>(end: Option<Instant>, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut over = pin!(unconstrained(async {
        match end {
            Some(end) => sleep_until(end).await,
            None => pending().await,
        }
    }));
    poll_fn(|cx| match work.as_mut().poll(cx) {
        // Why the work first: an answer that comes at the limit is in time.
        // Mistake: looks_at_the_clock_first
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => over.as_mut().poll(cx).map(|()| None),
    })
    .await
}

/// The instant that lies `limit` ahead, or `None`: never.
fn ahead(limit: Duration) -> Option<Instant> {
    Instant::now().checked_add(limit)
}

/// Whether `check` succeeds within `limit`. Where a late poll finds it ready, either is right.
pub async fn is_healthy<E>(
    limit: Duration,
    check: impl Future<Output = Result<(), E>>,
) -> bool {
    let answer = until(ahead(limit), check).await;
    answer.is_some_and(|check| check.is_ok())
}

/// Does `work` for at most `limit`.
pub async fn within<T, E>(
    limit: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, CallError<E>> {
    let answer = until(ahead(limit), work).await;
    answer.ok_or(CallError::TimedOut(limit))?.map_err(CallError::Failed)
}

/// Takes messages from the line, each with the id it is for, until one is for `id`.
pub async fn reply_to<T, E>(
    id: u64,
    limit: Duration,
    mut line: impl AsyncFnMut() -> Result<(u64, T), E>,
) -> Result<T, CallError<E>> {
    let end = ahead(limit);
    loop {
        let message = until(end, line()).await.ok_or(CallError::TimedOut(limit))?;
        let (to, message) = message.map_err(CallError::Failed)?;
        if to == id {
            return Ok(message);
        }
        // Why after each message: one that is there wins over the clock, and in a flood there is
        // always one.
        // Mistake: takes_a_flood_in_one_go
        if end.is_some_and(|end| end <= Instant::now()) {
            return Err(CallError::TimedOut(limit));
        }
        give_way().await;
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
        let end = ahead(limit).unwrap_or(self.0).min(self.0);
        match until(Some(end), work).await {
            Some(answer) => answer.map_err(CallError::Failed),
            // Why the clock and not `end`: nobody may have looked when the limit was over.
            // Mistake: says_at_the_start_how_it_will_end
            None if Instant::now() < self.0 => Err(CallError::TimedOut(limit)),
            None => Err(CallError::DeadlineExceeded),
        }
    }
}

/// Does `work` in a task of its own. If it panics, so does this.
pub async fn in_a_task<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    let (tell, told) = oneshot::channel();
    let task = tokio::spawn(async move {
        let mut work = pin!(work);
        let ended = poll_fn(|cx| caught(work.as_mut(), cx)).await;
        _ = tell.send(ended);
    });
    let _task = Aborted(task.abort_handle());
    match told.await {
        Ok(Ok(answer)) => answer,
        Ok(Err(payload)) => resume_unwind(payload),
        // Why wait: the task is gone unheard, and only its runtime can have taken it.
        // Mistake: takes_each_lost_task_for_a_panic
        Err(_gone) => pending().await,
    }
}

/// Aborts a task when it is dropped, at whichever await that is.
struct Aborted(AbortHandle);

impl Drop for Aborted {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// One poll of `work`, with the payload of its panic if it panics.
fn caught<T>(
    work: Pin<&mut impl Future<Output = T>>,
    cx: &mut Context<'_>,
) -> Poll<std::thread::Result<T>> {
    match catch_unwind(AssertUnwindSafe(|| work.poll(cx))) {
        Ok(polled) => polled.map(Ok),
        Err(payload) => Poll::Ready(Err(payload)),
    }
}

/// Does `pieces` pieces of work that never awaits, numbered from 0. It may take one poll more.
pub async fn in_pieces(pieces: usize, mut work: impl FnMut(usize)) {
    for piece in 0..pieces {
        if piece > 0 {
            give_way().await;
        }
        work(piece);
    }
}

/// Is pending once, and asks to be polled again.
async fn give_way() {
    let mut gave_way = false;
    poll_fn(|cx| {
        if gave_way {
            return Poll::Ready(());
        }
        gave_way = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

#[cfg(test)]
#[path = "../../tests/timeouts.rs"]
mod tests;
