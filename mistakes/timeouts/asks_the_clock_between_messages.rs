//! Mistake: looks at the clock each time a message arrives; the limit is as late as the next message, and on a line gone quiet nobody ever looks.
//! Source: <https://github.com/paradigmxyz/reth/pull/18797> (a ping timeout that was read only when something else woke the task)
//! Caught by: step_3_has_one_limit_for_the_whole_wait::the_messages_to_others_buy_no_time
//! Hint: What is the last thing that happened before the caller gave up, and what if it had not happened?

use std::{panic::resume_unwind, time::Duration};

use thiserror::Error;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::task::AbortOnDropHandle;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum CallError<E> {
    #[error("the call failed")]
    Failed(#[source] E),
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    #[error("the deadline has passed")]
    DeadlineExceeded,
}

pub async fn is_healthy<E>(
    limit: Duration,
    check: impl Future<Output = Result<(), E>>,
) -> bool {
    matches!(timeout(limit, check).await, Ok(Ok(())))
}

pub async fn within<T, E>(
    limit: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, CallError<E>> {
    match timeout(limit, work).await {
        Ok(answer) => answer.map_err(CallError::Failed),
        Err(_) => Err(CallError::TimedOut(limit)),
    }
}

pub async fn reply_to<T, E>(
    id: u64,
    limit: Duration,
    mut line: impl AsyncFnMut() -> Result<(u64, T), E>,
) -> Result<T, CallError<E>> {
    let started = Instant::now();
    while started.elapsed() < limit {
        let (to, message) = line().await.map_err(CallError::Failed)?;
        if to == id {
            return Ok(message);
        }
        tokio::task::yield_now().await;
    }
    Err(CallError::TimedOut(limit))
}

const A_CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    pub fn after(total: Duration) -> Self {
        Deadline(Instant::now() + total.min(A_CENTURY))
    }

    pub async fn step<T, E>(
        self,
        limit: Duration,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, CallError<E>> {
        match timeout_at(self.0, within(limit, work)).await {
            Ok(Err(CallError::TimedOut(_))) if self.0 <= Instant::now() => {
                Err(CallError::DeadlineExceeded)
            }
            Ok(answer) => answer,
            Err(_) => Err(CallError::DeadlineExceeded),
        }
    }
}

pub async fn in_a_task<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    let task = AbortOnDropHandle::new(tokio::spawn(work));
    match task.await {
        Ok(answer) => answer,
        Err(lost) => match lost.try_into_panic() {
            Ok(payload) => resume_unwind(payload),
            Err(_cancelled) => std::future::pending().await,
        },
    }
}

pub async fn in_pieces(pieces: usize, mut work: impl FnMut(usize)) {
    for piece in 0..pieces {
        work(piece);
        tokio::task::yield_now().await;
    }
}

#[cfg(test)]
#[path = "../../tests/timeouts.rs"]
mod tests;
