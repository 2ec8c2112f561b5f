//! Mistake: asks the clock before the work; an answer that came in the last millisecond is thrown away, and the work behind it is paid for again.
//! Source: <https://github.com/tokio-rs/tokio/pull/8214> (the documentation of `timeout` itself described this order until 2026)
//! Caught by: step_2_stops_waiting_at_the_limit::an_answer_at_the_limit_is_in_time
//! Hint: At 5000 ms two things are ready. Which of them does the code look at first?

use std::{panic::resume_unwind, time::Duration};

use thiserror::Error;
use tokio::time::{Instant, sleep, timeout, timeout_at};
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
    tokio::select! {
        biased;
        () = sleep(limit) => Err(CallError::TimedOut(limit)),
        answer = work => answer.map_err(CallError::Failed),
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
        tokio::task::yield_now().await;
    }
}

#[cfg(test)]
#[path = "../../tests/timeouts.rs"]
mod tests;
