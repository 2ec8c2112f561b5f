//! Lazy: does the work once and looks at no clock.
//! Passes: nothing

use std::time::Duration;

use thiserror::Error;
use tokio::time::Instant;

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
    _limit: Duration,
    check: impl Future<Output = Result<(), E>>,
) -> bool {
    check.await.is_ok()
}

pub async fn within<T, E>(
    _limit: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, CallError<E>> {
    work.await.map_err(CallError::Failed)
}

pub async fn reply_to<T, E>(
    _id: u64,
    _limit: Duration,
    mut line: impl AsyncFnMut() -> Result<(u64, T), E>,
) -> Result<T, CallError<E>> {
    let (_, message) = line().await.map_err(CallError::Failed)?;
    Ok(message)
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
        work.await.map_err(CallError::Failed)
    }
}

pub async fn in_a_task<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    tokio::spawn(work).await.unwrap()
}

pub async fn in_pieces(pieces: usize, work: impl FnMut(usize)) {
    (0..pieces).take(1).for_each(work);
}

#[cfg(test)]
#[path = "../../../tests/timeouts.rs"]
mod tests;
