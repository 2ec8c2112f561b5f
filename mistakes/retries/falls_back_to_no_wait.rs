//! Mistake: catches the overflow and falls back to the default, and the default of a
//!   duration is zero: after an hour of outage the client becomes a hot loop.
//! Source: <https://github.com/cloudflare/daphne/pull/360>
//! Caught by: step_2_waits_twice_as_long_each_time::every_policy_doubles_until_it_meets_its_cap
//! Hint: What is the default of a duration, and is it on the safe side?

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
    let factor = 2u32.checked_pow(failures - 1);
    let wait = factor.and_then(|factor| policy.base.checked_mul(factor));
    wait.unwrap_or_default().min(policy.cap)
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
