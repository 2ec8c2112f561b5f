//! Mistake: doubles the wait that jitter returned instead of the planned one: a few lucky
//!   draws in a row and the backoff never grows.
//! Source: <https://github.com/slackhq/EitherNet/pull/60>
//! Caught by: step_4_spreads_the_waits::a_wait_is_what_jitter_makes_of_it
//! Hint: What is doubled after the first wait, and where does it come from?

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use tokio::time::sleep;

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
    let (mut attempts, mut wait) = (0, backoff(policy, 1));
    loop {
        attempts += 1;
        let source = match operation(attempts).await {
            Ok(value) => return Ok(value),
            Err(Failure::Permanent(error)) => return Err(Error::Permanent(error)),
            Err(Failure::Transient(error) | Failure::RetryAfter(_, error)) => error,
        };
        if attempts == policy.attempts.get() {
            return Err(Error::Exhausted(attempts, source));
        }
        wait = jitter(wait).min(policy.cap);
        sleep(wait).await;
        wait = wait.saturating_mul(2).min(policy.cap);
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
