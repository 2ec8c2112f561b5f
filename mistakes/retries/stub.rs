//! Retries: try again, later each time, and know when to stop.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/retries.md`
//! - Run: `cargo test --test retries`
//! - What every contract takes for granted: book/src/conventions.md
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
#![allow(unused_mut, unused_variables, dead_code)] // for the stub: delete when you are done

use std::{num::NonZeroU32, sync::Arc, time::Duration};

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
    todo!("step 1: call `operation` with 1, 2, 3 and so on until it succeeds")
}

/// The wait of rule 2 after so many failures, 1 or more.
pub fn backoff(policy: &Policy, failures: u32) -> Duration {
    todo!("step 2: `base` after 1 failure, twice that after 2; then wait in `retry`")
}

/// The jitter to use: `random` is in `0.0..1.0`, each number equally likely.
pub fn full_jitter(wait: Duration, random: f64) -> Duration {
    todo!("step 4: a fraction of `wait`; then call `jitter` in `retry`")
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
