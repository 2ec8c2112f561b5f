//! Tries again at once: a `for` loop around the call.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

/// When to try again, and when to stop.
#[derive(Clone)]
pub struct Policy {
    /// Attempts in all, the first one included.
    pub attempts: NonZeroU32,
    /// Not looked at.
    pub base: Duration,
    /// Not looked at.
    pub cap: Duration,
    /// Not looked at.
    pub attempt_limit: Option<Duration>,
    /// Not looked at.
    pub deadline: Option<Duration>,
    /// Not looked at.
    pub idempotent: bool,
    /// Not looked at.
    pub budget: Option<Arc<dyn Budget>>,
}

/// How one attempt fails.
#[derive(Debug)]
pub enum Failure<E> {
    /// Another attempt may succeed.
    Transient(E),
    /// Each attempt would fail like this one.
    Permanent(E),
    /// Another attempt may succeed, after the time the server asked for.
    RetryAfter(Duration, E),
}

/// Why it gave up.
#[derive(Debug)]
pub enum Error<E> {
    /// Change the request.
    Permanent(E),
    /// Come back much later.
    Exhausted(u32, E),
    /// The last attempt got no answer.
    TimedOut(u32),
    /// No time left.
    Deadline(u32, Option<E>),
    /// No retries left.
    OutOfBudget(u32, Option<E>),
}

/// Calls `operation` until it succeeds, so many times at most, one call right after the other.
pub async fn retry<T, E>(
    policy: &Policy,
    jitter: impl FnMut(Duration) -> Duration,
    mut operation: impl AsyncFnMut(u32) -> Result<T, Failure<E>>,
) -> Result<T, Error<E>> {
    drop(jitter);
    let mut attempt = 1;
    loop {
        match operation(attempt).await {
            Ok(value) => return Ok(value),
            Err(Failure::Permanent(error)) => return Err(Error::Permanent(error)),
            Err(Failure::Transient(error) | Failure::RetryAfter(_, error)) => {
                if attempt == policy.attempts.get() {
                    return Err(Error::Exhausted(attempt, error));
                }
            }
        }
        attempt += 1;
    }
}

/// No jitter: there is no wait that could have any.
pub fn full_jitter(wait: Duration, random: f64) -> Duration {
    _ = random;
    wait
}

/// A store of retries.
pub trait Budget: Send + Sync {
    /// A call begins.
    fn earn(&self);
    /// Takes one retry, if there is one.
    fn take(&self) -> bool;
    /// Puts back a retry that was taken and not made.
    fn give_back(&self);
}
