//! Mistake: bounds the whole request and no step of it; the first dependency that hangs eats all the time, and nothing is left for a second one.
//! Source: <https://github.com/chrisbanes/ensemble/issues/176>
//! Caught by: step_4_ends_at_whichever_comes_first::one_step_ends_at_its_own_limit
//! Hint: Where in `step` does the code use the limit it was given?

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
        _limit: Duration,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, CallError<E>> {
        match timeout_at(self.0, work).await {
            Ok(answer) => answer.map_err(CallError::Failed),
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
