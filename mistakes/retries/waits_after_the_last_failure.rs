//! Mistake: waits first and counts later: the error that is final reaches the user one wait
//!   late, the longest of them.
//! Source: <https://github.com/apache/pinot/pull/9158>
//! Caught by: step_3_knows_when_to_stop::no_wait_follows_the_last_attempt
//! Hint: What is the wait after the last attempt for?

use std::{num::NonZeroU32, sync::Arc, time::Duration};
use tokio::time::sleep;

pub struct Policy {
    /// Attempts in all, the first one included.
    pub attempts: NonZeroU32,
    /// The wait after the first failure.
    pub base: Duration,
    /// The longest wait.
    pub cap: Duration,
    /// Step 5: the longest one attempt may take.
    pub attempt_limit: Option<Duration>,
    /// Step 5: the longest everything may take, waits included.
    pub deadline: Option<Duration>,
    /// Step 5: whether the operation may take effect twice.
    pub idempotent: bool,
    /// Step 7: the retries that all callers of a server share.
    pub budget: Option<Arc<dyn Budget>>,
}

pub enum Failure<E> {
    /// Another attempt may succeed: 503, connection refused.
    Transient(E),
    /// Each attempt would fail like this one: 401, a malformed request.
    Permanent(E),
    /// Step 6: another attempt may succeed, after the time the server asked for.
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

/// Calls `operation` until it succeeds or `policy` says stop.
///
/// # Cancel safety
///
/// Dropped, it drops the attempt that runs, or the wait, and nothing more happens.
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
        let wait = jitter(backoff(policy, attempts)).min(policy.cap);
        sleep(wait).await;
        if attempts == policy.attempts.get() {
            return Err(Error::Exhausted(attempts, source));
        }
    }
}

/// The wait of rule 2 after so many failures, 1 or more.
pub fn backoff(policy: &Policy, failures: u32) -> Duration {
    // Why doubling step by step, cut each time: kept small it stays small, and saturating
    // because the cap may be the longest duration there is.
    // Mistake: overflows_before_it_caps, falls_back_to_no_wait, stops_doubling_at_32_bits
    let twice = |wait: Duration, _| wait.saturating_mul(2).min(policy.cap);
    (1..failures).fold(policy.base.min(policy.cap), twice)
}

/// The jitter to use: `random` is in `0.0..1.0`, each number equally likely.
pub fn full_jitter(wait: Duration, random: f64) -> Duration {
    // Why all of the wait: what is fixed in it, clients have in common.
    // Mistake: adds_a_quarter_at_most, keeps_half_of_the_wait
    wait.mul_f64(random)
}

/// A store of retries. Calls fill it a little; retries empty it.
pub trait Budget: Send + Sync {
    /// A call begins.
    fn earn(&self);
    /// Takes one retry, if there is one.
    fn take(&self) -> bool;
    /// Puts back a retry that was taken and not made.
    fn give_back(&self);
}

#[cfg(test)]
#[path = "../../tests/retries.rs"]
mod tests;
