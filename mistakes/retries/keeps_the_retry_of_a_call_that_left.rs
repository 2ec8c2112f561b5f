//! Mistake: gives nothing back when it is dropped in a wait: impatient callers empty the
//!   budget without a single retry being made.
//! Source: <https://github.com/trpc-group/trpc-agent-go/pull/2256>
//! Caught by: step_7_shares_a_budget::the_budget_gets_back_what_was_not_used
//! Hint: What runs when a future is dropped at that await?

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
    let (begun, budget) = (Instant::now(), policy.budget.as_deref());
    let total = policy.deadline.unwrap_or(Duration::MAX);
    budget.inspect(|budget| budget.earn());
    let (mut attempts, mut source) = (0, None);
    loop {
        attempts += 1;
        let left = total.saturating_sub(begun.elapsed());
        let limit = policy.attempt_limit.map_or(left, |limit| limit.min(left));
        let (asked, error) = match timeout(limit, operation(attempts)).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(Failure::Permanent(e))) => return Err(Error::Permanent(e)),
            Ok(Err(Failure::Transient(e))) => (Duration::ZERO, Some(e)),
            Ok(Err(Failure::RetryAfter(asked, e))) => (asked, Some(e)),
            Err(_) if limit < left => (Duration::ZERO, None),
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
        let wait = wait.saturating_add(asked);
        if begun.elapsed().saturating_add(wait) > total {
            return Err(Error::Deadline(attempts, source));
        }
        if budget.is_some_and(|budget| !budget.take()) {
            return Err(Error::OutOfBudget(attempts, source));
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
