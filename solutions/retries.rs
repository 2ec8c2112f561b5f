//! Retries: try again, later each time, and know when to stop.
//!
//! - Read: `book/src/retries.md`
//! - Run: `cargo test --test retries`
//!
//! # The contract
//!
//! 1. The first success is returned at once. Each attempt is told its number: 1, 2, 3.
//! 2. Before each further attempt there is a wait: `base` after the first failure, then
//!    twice the last one, never more than `cap`; for every `base`, every `cap` and any
//!    number of failures.
//! 3. It gives up without another wait: `Permanent` at a permanent failure, `Exhausted`
//!    when the last of `attempts` fails. Dropped, it makes no further attempt.
//! 4. `jitter` is given each wait of rule 2 and returns the one to make instead, which is
//!    cut at `cap`; later waits of rule 2 do not change by it. `full_jitter` is the
//!    fraction `random` of `wait`.
//! 5. An attempt still running after `limits.attempt` is dropped. That is a failure to wait
//!    after if `limits.idempotent` and attempts are left, else it is `TimedOut` at once.
//!    `limits.deadline` counts from the call: an attempt still running then is dropped,
//!    and a wait that would end later is not begun; both are `Deadline` at once.
//! 6. After `RetryAfter` the wait is what the server asked for, however long that is, and
//!    the wait of rule 4 on top.
//! 7. Each call earns once, as it begins. Before each wait it takes a retry; if there is
//!    none it is `OutOfBudget` at once. Dropped in that wait, it gives the retry back.
//!    Nothing is taken when rules 3 and 5 forbid the next attempt anyway.

use std::{mem, num::NonZeroU32, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep, timeout};

/// When to try again, and when to stop.
#[derive(Clone)]
pub struct Policy {
    /// Attempts in all, the first one included.
    pub attempts: NonZeroU32,
    /// The wait after the first failure.
    pub base: Duration,
    /// The longest wait.
    pub cap: Duration,
    /// For steps 5 to 7.
    pub limits: Limits,
}

/// How one attempt fails.
#[derive(Debug)]
pub enum Failure<E> {
    /// Another attempt may succeed: 503, connection refused.
    Transient(E),
    /// Each attempt would fail like this one: 401, a malformed request.
    Permanent(E),
    /// Step 6: another attempt may succeed, after the time the server asked for.
    RetryAfter(Duration, E),
}

/// Why there will be no further attempt; one variant for each thing a caller can do next.
/// `source` is the last error there was.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Error<E> {
    /// Change the request.
    #[error("failed for good")]
    Permanent(#[source] E),
    /// Come back much later.
    #[error("all {attempts} attempts failed")]
    Exhausted { attempts: u32, source: E },
    /// Step 5: find out whether the last attempt took effect, nobody knows.
    #[error("attempt {attempts} got no answer in time")]
    TimedOut { attempts: u32 },
    /// Step 5: ask for less, or give it more time.
    #[error("no time left after {attempts} attempts")]
    Deadline { attempts: u32, source: Option<E> },
    /// Step 7: do without; everybody's attempts are failing.
    #[error("no retries left after {attempts} attempts")]
    OutOfBudget { attempts: u32, source: Option<E> },
}

/// Calls `operation` until it succeeds or `policy` says stop.
///
/// # Cancel safety
///
/// Dropped, it drops the attempt that is running and makes no other.
pub async fn retry<T, E>(
    policy: &Policy,
    mut jitter: impl FnMut(Duration) -> Duration,
    mut operation: impl AsyncFnMut(u32) -> Result<T, Failure<E>>,
) -> Result<T, Error<E>> {
    let (limits, begun) = (&policy.limits, Instant::now());
    let budget = limits.budget.as_deref();
    // Why a length and not an instant: `begun` plus `Duration::MAX` does not exist.
    let total = limits.deadline.unwrap_or(Duration::MAX);
    budget.inspect(|budget| budget.earn());
    let (mut attempts, mut source) = (0, None);
    loop {
        attempts += 1;
        // Why the smaller of the two: an attempt that outlives the deadline has no caller.
        // Mistake: forgets_the_deadline_in_an_attempt
        let left = total.saturating_sub(begun.elapsed());
        let limit = limits.attempt.map_or(left, |attempt| attempt.min(left));
        let (asked, error) = match timeout(limit, operation(attempts)).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(Failure::Permanent(error))) => {
                return Err(Error::Permanent(error));
            }
            Ok(Err(Failure::Transient(error))) => (Duration::ZERO, Some(error)),
            Ok(Err(Failure::RetryAfter(asked, error))) => (asked, Some(error)),
            Err(_) if limit == left => {
                return Err(Error::Deadline { attempts, source });
            }
            Err(_) if limits.idempotent => (Duration::ZERO, None),
            Err(_) => return Err(Error::TimedOut { attempts }),
        };
        if attempts == policy.attempts.get() {
            return Err(match error {
                Some(source) => Error::Exhausted { attempts, source },
                None => Error::TimedOut { attempts },
            });
        }
        source = error.or(source);
        let wait = jitter(backoff(policy, attempts))
            .min(policy.cap)
            .saturating_add(asked);
        if begun.elapsed().saturating_add(wait) > total {
            return Err(Error::Deadline { attempts, source });
        }
        if budget.is_some_and(|budget| !budget.take()) {
            return Err(Error::OutOfBudget { attempts, source });
        }
        let taken = Taken(budget);
        sleep(wait).await;
        taken.is_spent();
    }
}

/// A retry that was taken and not made yet.
struct Taken<'a>(Option<&'a dyn Budget>);

impl Taken<'_> {
    fn is_spent(self) {
        mem::forget(self);
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.0.inspect(|budget| budget.give_back());
    }
}

/// The wait of rule 2 after so many failures, 1 or more.
pub fn backoff(policy: &Policy, failures: u32) -> Duration {
    let mut wait = policy.base.min(policy.cap);
    for _ in 1..failures {
        wait = wait.saturating_mul(2).min(policy.cap);
    }
    wait
}

/// The jitter to use: `random` is in `0.0..1.0`, each number equally likely.
pub fn full_jitter(wait: Duration, random: f64) -> Duration {
    wait.mul_f64(random)
}

/// What else bounds the attempts. By default nothing does.
#[derive(Clone, Default)]
pub struct Limits {
    /// Step 5: the longest one attempt may take.
    pub attempt: Option<Duration>,
    /// Step 5: the longest everything may take, waits included.
    pub deadline: Option<Duration>,
    /// Step 5: whether the operation may take effect twice.
    pub idempotent: bool,
    /// Step 7: the retries that all callers of a server share.
    pub budget: Option<Arc<dyn Budget>>,
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
#[path = "../tests/retries.rs"]
mod tests;
