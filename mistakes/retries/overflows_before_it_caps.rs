//! Mistake: takes the power first and cuts afterwards: the thirty-third failure of a long
//!   outage panics in a debug build, and in a release build the power wraps to zero and the
//!   client retries without any wait.
//! Source: <https://github.com/theelderbeever/mulligan/issues/31>
//! Caught by: step_2_waits_twice_as_long_each_time::every_policy_doubles_until_it_meets_its_cap
//! Hint: How large is the power before the cap sees it?

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
        if attempts == policy.attempts.get() {
            return Err(Error::Exhausted(attempts, source));
        }
        let wait = jitter(backoff(policy, attempts)).min(policy.cap);
        sleep(wait).await;
    }
}

/// The wait of rule 2 after so many failures, 1 or more.
pub fn backoff(policy: &Policy, failures: u32) -> Duration {
    let factor = 2u32.pow(failures - 1);
    policy.base.saturating_mul(factor).min(policy.cap)
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
