//! Mistake: draws from a range, and the range of a zero wait is empty: whoever sets the base to
//!   zero in a test or a config file gets a panic at the first failure.
//! Source: <https://github.com/NLnetLabs/krill/issues/859>
//! Breaks: retries.4
//! Caught by: step_4_spreads_the_waits::full_jitter_spreads_over_the_whole_wait
//! Hint: Which numbers are there between zero and zero?

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use rand::{RngExt, SeedableRng, rngs::SmallRng};
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
    /// Step 5: the longest one attempt may take.
    pub attempt_limit: Option<Duration>,
    /// Step 5: the longest everything may take, waits included.
    pub deadline: Option<Duration>,
    /// Step 5: whether the operation may take effect twice.
    pub idempotent: bool,
    /// Step 7: the retries that all callers of a server share.
    pub budget: Option<Arc<dyn Budget>>,
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

/// Why it gave up, by what its caller can do now; with the number of attempts begun and the
/// last error that one returned. An attempt that was dropped returned none.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Error<E> {
    /// Change the request.
    #[error("failed for good")]
    Permanent(#[source] E),
    /// Come back much later.
    #[error("all {0} attempts failed")]
    Exhausted(u32, #[source] E),
    /// Step 5: find out whether the last attempt took effect, nobody knows.
    #[error("attempt {0} got no answer in time")]
    TimedOut(u32),
    /// Step 5: ask for less, or give it more time.
    #[error("no time left after {0} attempts")]
    Deadline(u32, #[source] Option<E>),
    /// Step 7: do without; everybody's attempts are failing.
    #[error("no retries left after {0} attempts")]
    OutOfBudget(u32, #[source] Option<E>),
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
    let mut progress = Progress::new(policy);
    // Why one timeout around all of it: nothing inside can outlive it, not even a mistake.
    let attempts = async {
        loop {
            progress.attempts += 1;
            let limit = policy.attempt_limit.unwrap_or(Duration::MAX);
            let wait = match timeout(limit, operation(progress.attempts)).await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(failure)) => progress.failed(failure)?,
                Err(_) => progress.cut_off()?,
            };
            let planned = jitter(backoff(policy, progress.attempts));
            progress.pause(planned.min(policy.cap), wait).await?;
        }
    };
    let total = policy.deadline.unwrap_or(Duration::MAX);
    match timeout(total, attempts).await {
        Ok(answer) => answer,
        Err(_) => Err(progress.out_of_time()),
    }
}

/// What one call of `retry` remembers.
struct Progress<'a, E> {
    policy: &'a Policy,
    begun: Instant,
    attempts: u32,
    last: Option<E>,
    /// A retry was taken from the budget and is not made yet.
    owed: bool,
}

impl<'a, E> Progress<'a, E> {
    fn new(policy: &'a Policy) -> Self {
        if let Some(budget) = &policy.budget {
            budget.earn();
        }
        Progress {
            policy,
            begun: Instant::now(),
            attempts: 0,
            last: None,
            owed: false,
        }
    }

    fn is_last(&self) -> bool {
        self.attempts >= self.policy.attempts.get()
    }

    fn out_of_time(&mut self) -> Error<E> {
        let (attempts, source) = (self.attempts, self.last.take());
        Error::Deadline(attempts, source)
    }

    /// The wait that the server asks for, if another attempt makes sense.
    fn failed(&mut self, failure: Failure<E>) -> Result<Duration, Error<E>> {
        let (asked, source) = match failure {
            Failure::Permanent(error) => return Err(Error::Permanent(error)),
            Failure::Transient(error) => (Duration::ZERO, error),
            Failure::RetryAfter(asked, error) => (asked, error),
        };
        let attempts = self.attempts;
        if self.is_last() {
            return Err(Error::Exhausted(attempts, source));
        }
        self.last = Some(source);
        Ok(asked)
    }

    fn cut_off(&mut self) -> Result<Duration, Error<E>> {
        let attempts = self.attempts;
        if self.policy.idempotent && !self.is_last() {
            Ok(Duration::ZERO)
        } else {
            Err(Error::TimedOut(attempts))
        }
    }

    async fn pause(
        &mut self,
        wait: Duration,
        asked: Duration,
    ) -> Result<(), Error<E>> {
        let wait = wait.saturating_add(asked);
        let total = self.policy.deadline.unwrap_or(Duration::MAX);
        if self.begun.elapsed().saturating_add(wait) > total {
            return Err(self.out_of_time());
        }
        if let Some(budget) = &self.policy.budget {
            if !budget.take() {
                let (attempts, source) = (self.attempts, self.last.take());
                return Err(Error::OutOfBudget(attempts, source));
            }
            self.owed = true;
        }
        sleep(wait).await;
        self.owed = false;
        Ok(())
    }
}

impl<E> Drop for Progress<'_, E> {
    fn drop(&mut self) {
        if let Some(budget) = self.policy.budget.as_ref().filter(|_| self.owed) {
            budget.give_back();
        }
    }
}

/// The wait of rule 2 after so many failures, 1 or more.
pub fn backoff(policy: &Policy, failures: u32) -> Duration {
    // Why in 128 bits: the longest duration has 94 bits of nanoseconds, so 33 doublings of it
    // fit, and as many of any shorter one as it has bits to spare.
    let (base, cap) = (policy.base.as_nanos(), policy.cap.as_nanos());
    let doublings = failures - 1;
    if base > 0 && doublings >= base.leading_zeros() {
        return policy.cap;
    }
    let wait = base.checked_shl(doublings).unwrap_or(0).min(cap);
    let (seconds, nanos) = (wait / 1_000_000_000, wait % 1_000_000_000);
    Duration::new(seconds as u64, nanos as u32)
}

/// The jitter to use: `random` is in `0.0..1.0`, each number equally likely.
pub fn full_jitter(wait: Duration, random: f64) -> Duration {
    let mut generator = SmallRng::seed_from_u64(random.to_bits());
    generator.random_range(Duration::ZERO..wait)
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
