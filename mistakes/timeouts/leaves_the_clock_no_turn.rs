//! Mistake: looks at a plain sleep after the work; work that always goes on has used up what tokio
//!   grants a task for one poll, the sleep is not looked at, and the limit never comes.
//! Source: <https://github.com/tokio-rs/tokio/pull/4314> (tokio's own `timeout`, until 2021)
//! Caught by: step_7_promises_no_time_that_is_not_there::work_that_never_rests_has_one_poll_after_the_deadline
//! Hint: A sleep whose time has passed can be pending all the same. What does it share with the work?

use std::{panic::resume_unwind, time::Duration};

use thiserror::Error;
use tokio::time::{Instant, sleep_until, timeout};
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
        let answer = tokio::select! {
            biased;
            answer = within(limit, work) => answer,
            () = sleep_until(self.0) => Err(CallError::DeadlineExceeded),
        };
        match answer {
            Err(CallError::TimedOut(_)) if self.0 <= Instant::now() => {
                Err(CallError::DeadlineExceeded)
            }
            answer => answer,
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
