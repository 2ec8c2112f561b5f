//! Lazy: waits for ever.
//! Passes: nothing

use std::{future::pending, time::Duration};

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
    pending().await
}

pub async fn within<T, E>(
    _limit: Duration,
    _work: impl Future<Output = Result<T, E>>,
) -> Result<T, CallError<E>> {
    pending().await
}

pub async fn reply_to<T, E>(
    _id: u64,
    _limit: Duration,
    mut _line: impl AsyncFnMut() -> Result<(u64, T), E>,
) -> Result<T, CallError<E>> {
    pending().await
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
        pending().await
    }
}

pub async fn in_a_task<T: Send + 'static>(
    _work: impl Future<Output = T> + Send + 'static,
) -> T {
    pending().await
}

pub async fn in_pieces(_pieces: usize, mut _work: impl FnMut(usize)) {
    pending().await
}

#[cfg(test)]
#[path = "../../../tests/timeouts.rs"]
mod tests;
