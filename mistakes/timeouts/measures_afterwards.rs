//! Mistake: lets the work end and then asks how long it took; the error is right and late, and work that hangs is waited for.
//! Source: <https://github.com/macanderson/stella/issues/6460> (a budget that was checked after each call: 17 of 32 failures were killed from outside)
//! Caught by: step_2_stops_waiting_at_the_limit::one_millisecond_after_the_limit_is_too_late
//! Hint: At which instant does the code look at the clock, and what has happened by then?

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
    let started = Instant::now();
    let answer = work.await;
    if started.elapsed() > limit {
        return Err(CallError::TimedOut(limit));
    }
    answer.map_err(CallError::Failed)
}

pub async fn reply_to<T, E>(
    id: u64,
    limit: Duration,
    mut line: impl AsyncFnMut() -> Result<(u64, T), E>,
) -> Result<T, CallError<E>> {
    let ours = async {
        loop {
            let (to, message) = line().await?;
            if to == id {
                return Ok(message);
            }
            tokio::task::yield_now().await;
        }
    };
    within(limit, ours).await
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
