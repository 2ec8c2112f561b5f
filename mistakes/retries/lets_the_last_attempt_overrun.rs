//! Mistake: gives each attempt its full limit although less is left: the last one outlives
//!   the deadline and works for a caller who is gone.
//! Source: <https://github.com/yandex-cloud/yandex-ai-studio-sdk/pull/235>
//! Caught by: step_5_keeps_to_its_time::the_last_attempt_has_what_is_left_of_the_time
//! Hint: How much time does the last attempt have, and how much does it take?

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep, timeout};

pub struct Policy {
    pub attempts: NonZeroU32,
    pub base: Duration,
    pub cap: Duration,
    pub attempt_limit: Option<Duration>,
    pub deadline: Option<Duration>,
    pub idempotent: bool,
    pub budget: Option<Arc<dyn Budget>>,
}

pub enum Failure<E> {
    Transient(E),
    Permanent(E),
    RetryAfter(Duration, E),
}

#[derive(Debug, PartialEq)]
pub enum Error<E> {
    Permanent(E),
    Exhausted(u32, E),
    TimedOut(u32),
    Deadline(u32, Option<E>),
    OutOfBudget(u32, Option<E>),
}

pub async fn retry<T, E>(
    policy: &Policy,
    mut jitter: impl FnMut(Duration) -> Duration,
    mut operation: impl AsyncFnMut(u32) -> Result<T, Failure<E>>,
) -> Result<T, Error<E>> {
    let begun = Instant::now();
    let total = policy.deadline.unwrap_or(Duration::MAX);
    let (mut attempts, mut source) = (0, None);
    loop {
        attempts += 1;
        let left = total.saturating_sub(begun.elapsed());
        let limit = policy.attempt_limit.unwrap_or(left);
        let error = match timeout(limit, operation(attempts)).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(Failure::Permanent(e))) => return Err(Error::Permanent(e)),
            Ok(Err(Failure::Transient(e) | Failure::RetryAfter(_, e))) => Some(e),
            Err(_) if policy.attempt_limit.is_some() => None,
            Err(_) => return Err(Error::Deadline(attempts, source)),
        };
        let repeatable = error.is_some() || policy.idempotent;
        if attempts == policy.attempts.get() || !repeatable {
            return Err(match error {
                Some(source) => Error::Exhausted(attempts, source),
                None => Error::TimedOut(attempts),
            });
        }
        source = error.or(source);
        let wait = jitter(backoff(policy, attempts)).min(policy.cap);
        if begun.elapsed().saturating_add(wait) > total {
            return Err(Error::Deadline(attempts, source));
        }
        sleep(wait).await;
    }
}

pub fn backoff(policy: &Policy, failures: u32) -> Duration {
    let twice = |wait: Duration, _| wait.saturating_mul(2).min(policy.cap);
    (1..failures).fold(policy.base.min(policy.cap), twice)
}

pub fn full_jitter(wait: Duration, random: f64) -> Duration {
    wait.mul_f64(random)
}

pub trait Budget: Send + Sync {
    fn earn(&self);
    fn take(&self) -> bool;
    fn give_back(&self);
}

#[cfg(test)]
#[path = "../../tests/retries.rs"]
mod tests;
