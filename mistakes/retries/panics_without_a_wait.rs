//! Mistake: draws from a range, and the range of a zero wait is empty: whoever sets the
//!   base to zero in a test or a config file gets a panic at the first failure.
//! Source: <https://github.com/NLnetLabs/krill/issues/859>
//! Caught by: step_4_spreads_the_waits::full_jitter_spreads_over_the_whole_wait
//! Hint: Which numbers are there between zero and zero?

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use rand::{RngExt, SeedableRng, rngs::SmallRng};
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
    let mut attempts = 0;
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
        let wait = jitter(backoff(policy, attempts)).min(policy.cap);
        sleep(wait).await;
    }
}

pub fn backoff(policy: &Policy, failures: u32) -> Duration {
    let twice = |wait: Duration, _| wait.saturating_mul(2).min(policy.cap);
    (1..failures).fold(policy.base.min(policy.cap), twice)
}

pub fn full_jitter(wait: Duration, random: f64) -> Duration {
    let mut generator = SmallRng::seed_from_u64(random.to_bits());
    generator.random_range(Duration::ZERO..wait)
}

pub trait Budget: Send + Sync {
    fn earn(&self);
    fn take(&self) -> bool;
    fn give_back(&self);
}

#[cfg(test)]
#[path = "../../tests/retries.rs"]
mod tests;
