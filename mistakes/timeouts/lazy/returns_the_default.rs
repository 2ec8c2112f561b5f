//! Lazy: returns a default where there is one, and a refusal elsewhere, at once.
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
    _check: impl Future<Output = Result<(), E>>,
) -> bool {
    false
}

pub async fn within<T, E>(
    _limit: Duration,
    _work: impl Future<Output = Result<T, E>>,
) -> Result<T, CallError<E>> {
    Err(CallError::TimedOut(Duration::ZERO))
}

pub async fn reply_to<T, E>(
    _id: u64,
    _limit: Duration,
    mut _line: impl AsyncFnMut() -> Result<(u64, T), E>,
) -> Result<T, CallError<E>> {
    Err(CallError::TimedOut(Duration::ZERO))
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
        _work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, CallError<E>> {
        Err(CallError::DeadlineExceeded)
    }
}

pub async fn in_a_task<T: Send + 'static>(
    _work: impl Future<Output = T> + Send + 'static,
) -> T {
    _work.await
}

pub async fn in_pieces(_pieces: usize, mut _work: impl FnMut(usize)) {}

#[cfg(test)]
#[path = "../../../tests/timeouts.rs"]
mod tests;
