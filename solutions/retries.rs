//! Retries: try again, later each time, and know when to stop.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/retries.md`
//! - Run: `cargo test --test solutions_retries`
//!
//! # The contract
//!
//! 1. The first success is returned at once. An attempt begins when `operation` is called, and
//!    `operation` is told the number of the attempt: 1, 2, 3.
//! 2. Before each further attempt there is a wait: `base` before the second, then twice as long
//!    each time, but never more than `cap`.
//! 3. `retry` gives up at once in two cases: with `Permanent` at a permanent failure, even the last
//!    attempt's, and with `Exhausted` when the last of `attempts` returns another failure. An error
//!    has the number of attempts begun, and the last error that any of them returned. Dropped, it
//!    makes no new attempt.
//! 4. `jitter` is given each wait of rule 2 and returns the one to make, which is cut at `cap`.
//!    Later waits of rule 2 do not change by it. `full_jitter` is the fraction `random` of `wait`.
//! 5. An attempt is dropped at `attempt_limit`. With `idempotent` and attempts left, that counts as
//!    one more failure, and a wait follows; otherwise it is `TimedOut`. The `deadline` is counted
//!    from the first poll. At the deadline an attempt is dropped as well: `Deadline`. A wait that
//!    would end later is not begun: `Deadline` at once.
//! 6. After `RetryAfter` the wait is what the server asked for, however long that is, plus the wait
//!    of rule 4.
//! 7. Each call earns once, before its first attempt. Just before each wait, even one of 0 ms, it
//!    takes a retry. If there is none, it ends at once with `OutOfBudget`. A call that is dropped
//!    in the wait gives the retry back. Nothing is taken where rules 3 and 5 forbid another
//!    attempt.

use std::{mem, num::NonZeroU32, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep, timeout};

/// When to try again, and when to stop.
#[derive(Clone)]
pub struct Policy {
    /// Attempts in all, the first one included.
    pub attempts: NonZeroU32,
    /// The wait after the first failure.
    pub base: Duration,
    /// The longest wait of rules 2 and 4.
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
    /// Step 5: ask for less, or give it more time. If a limit is over too, `TimedOut` is as right.
    #[error("no time left after {0} attempts")]
    Deadline(u32, #[source] Option<E>),
    /// Step 7: do without; everybody's attempts are failing.
    #[error("no retries left after {0} attempts")]
    OutOfBudget(u32, #[source] Option<E>),
}

/// Calls `operation` until it succeeds or `policy` says stop. Rule 3 gives up without `jitter`.
/// Of several ends that a late poll finds at once, any may count.
///
/// # Cancel safety
///
/// Dropped, it drops the attempt that runs, or the wait, and gives back a retry it has not made.
pub async fn retry<T, E>(
    policy: &Policy,
    mut jitter: impl FnMut(Duration) -> Duration,
    mut operation: impl AsyncFnMut(u32) -> Result<T, Failure<E>>,
) -> Result<T, Error<E>> {
    let (begun, budget) = (Instant::now(), policy.budget.as_deref());
    // Why a length and not an instant: `begun` plus the longest duration does not exist.
    let total = policy.deadline.unwrap_or(Duration::MAX);
    budget.inspect(|budget| budget.earn());
    let (mut attempts, mut source) = (0, None);
    loop {
        attempts += 1;
        // Why what is left, each time anew: the deadline counts from the call.
        // Mistake: restarts_the_deadline_with_each_attempt
        let left = total.saturating_sub(begun.elapsed());
        let limit = policy.attempt_limit.map_or(left, |limit| limit.min(left));
        let (asked, error) = match timeout(limit, operation(attempts)).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(failure)) => unless_permanent(failure)?,
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
        // Why saturating: a stranger wrote that header.
        // Mistake: panics_at_a_huge_header
        let wait = wait.saturating_add(asked);
        // Why not `wait > total - elapsed`: the longest wait fits into no deadline, not even
        // into one that never comes.
        // Mistake: sets_a_deadline_where_there_is_none
        if begun.elapsed().saturating_add(wait) > total {
            return Err(Error::Deadline(attempts, source));
        }
        if !pause(wait, budget).await {
            return Err(Error::OutOfBudget(attempts, source));
        }
    }
}

/// The wait that the server asks for and the error, if another attempt makes sense.
fn unless_permanent<E>(
    failure: Failure<E>,
) -> Result<(Duration, Option<E>), Error<E>> {
    match failure {
        Failure::Transient(error) => Ok((Duration::ZERO, Some(error))),
        Failure::Permanent(error) => Err(Error::Permanent(error)),
        Failure::RetryAfter(asked, error) => Ok((asked, Some(error))),
    }
}

/// Takes a retry and waits; `false` if there is none.
async fn pause(wait: Duration, budget: Option<&dyn Budget>) -> bool {
    // Why before the wait: a thousand calls in their waits are a thousand retries.
    // Mistake: takes_the_retry_after_the_wait
    if budget.is_some_and(|budget| !budget.take()) {
        return false;
    }
    let taken = Taken(budget);
    sleep(wait).await;
    mem::forget(taken);
    true
}

/// A retry that was taken. Dropped before it is made, it goes back.
// Why a guard: after an await that is dropped no line runs but a `drop`.
// Mistake: keeps_the_retry_of_a_call_that_left
struct Taken<'a>(Option<&'a dyn Budget>);

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.0.inspect(|budget| budget.give_back());
    }
}

/// The wait of rule 2 after so many failures, 1 or more.
pub fn backoff(policy: &Policy, failures: u32) -> Duration {
    // Why doubling step by step, cut each time: kept small it stays small, and saturating
    // because the cap may be the longest duration there is.
    // Mistake: overflows_before_it_caps, falls_back_to_no_wait, stops_doubling_at_32_bits
    let twice = |wait: Duration, _| wait.saturating_mul(2).min(policy.cap);
    // Why 95: a nanosecond that is doubled 94 times is the longest duration there is.
    (1..failures.min(95)).fold(policy.base.min(policy.cap), twice)
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
#[path = "../tests/retries.rs"]
mod tests;
