//! Waits for ever: the limit was a parameter of the interface, and nobody came to it.

use std::time::Duration;

/// Why there is no answer: one variant for each thing a caller can do about it.
#[derive(Debug)]
pub enum CallError<E> {
    /// The work failed by itself.
    Failed(E),
    /// This took too long.
    TimedOut(Duration),
    /// No time is left for the whole request.
    DeadlineExceeded,
}

/// Does `work`, however long it takes.
pub async fn within<T, E>(
    limit: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, CallError<E>> {
    _ = limit;
    work.await.map_err(CallError::Failed)
}
