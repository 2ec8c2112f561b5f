//! Mistake: gives way with the shortest sleep there is; it costs a millisecond of waiting a piece, which is 40 seconds for 40,000 pieces on an idle machine.
//! Source: <https://github.com/jasonish/evebox/pull/342> (reading was over a hundred times faster with a yield)
//! Caught by: step_6_gives_way_where_nothing_waits::giving_way_costs_no_time_and_no_piece
//! Hint: What does the clock say after four pieces that take no time?

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
        tokio::time::sleep(Duration::from_nanos(1)).await;
    }
}

#[cfg(test)]
#[path = "../../tests/timeouts.rs"]
mod tests;
