//! Lazy: returns an error, at once.
//! Passes: nothing

use std::{num::NonZeroU32, sync::Arc, time::Duration};

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
    _policy: &Policy,
    _jitter: impl FnMut(Duration) -> Duration,
    _operation: impl AsyncFnMut(u32) -> Result<T, Failure<E>>,
) -> Result<T, Error<E>> {
    Err(Error::TimedOut(1))
}

pub fn backoff(_policy: &Policy, _failures: u32) -> Duration {
    Duration::ZERO
}

pub fn full_jitter(wait: Duration, _random: f64) -> Duration {
    wait
}

pub trait Budget: Send + Sync {
    fn earn(&self);
    fn take(&self) -> bool;
    fn give_back(&self);
}

#[cfg(test)]
#[path = "../../../tests/retries.rs"]
mod tests;
