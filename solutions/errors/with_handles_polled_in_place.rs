//! Errors: say what happened, keep the cause, and lose nothing where tasks meet.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/errors.md`
//! - Run: `cargo test --test solutions_errors`
//!
//! # The contract
//!
//! 1. Each `DiagError` prints what its documentation says, numbers as `{}`, durations as `{:?}`.
//! 2. A cause is told once: `source` returns it, and the message above does not repeat it.
//! 3. A `JoinError` becomes `Cancelled`, or `Panicked` with the panic's text or else `no message`.
//! 4. A task ends with a value, an error, a panic or a cancel. `outcome` loses none of them, and
//!    puts `NAME diagnostic failed` on top of each failure, once. Dropped, it lets the task go on.
//! 5. Worth another try is every error with an `IpmiError::Timeout` or a `DiagError::Timeout` in
//!    its chain, however deep, and no other. One that was added as a context does not count.
//! 6. `log_line` is the message of each error in the chain, outermost first, with `: ` between two,
//!    even if two are equal. `answer` names no cause: 503 `try again later` for what is worth
//!    another try, else 500 `internal error`.
//! 7. `run_all` runs all checks at once, each in its own task with the caller's `REQUEST`, if any.
//!    At `limit` a check is dropped and fails with `Timeout(limit)`. Outcomes are as in rule 4, in
//!    the order of the checks. As a check fails, `failed` gets its name and its outcome's error.

use std::{
    error::Error, fmt::Write, future::poll_fn, iter::successors, pin::Pin,
    task::Poll, time::Duration,
};

use anyhow::Context;
use tokio::{
    task::{JoinError, JoinHandle},
    time::timeout,
};

tokio::task_local! {
    /// The request that a task works for. In a destructor it may be missing.
    pub static REQUEST: u64;
}

/// What the management controller answers.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum IpmiError {
    /// It did not answer.
    #[error("timeout")]
    Timeout,
    /// It knows no such sensor.
    #[error("no such sensor")]
    NoSuchSensor,
}

/// Why a diagnosis failed.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum DiagError {
    /// `IPMI command failed`; its `source` says why.
    #[error("IPMI command failed")]
    Ipmi(#[source] IpmiError),
    /// `Sensor gpu0 out of range: 97.5°C (max 90°C)`
    #[error("Sensor {sensor} out of range: {value}°C (max {max}°C)")]
    OverTemp {
        /// Its name.
        sensor: String,
        /// What it shows, in °C.
        value: f64,
        /// What it may show.
        max: f64,
    },
    /// `Operation timed out after 30s`
    #[error("Operation timed out after {0:?}")]
    Timeout(Duration),
    /// `Task panicked: boom`; a text that is empty, or no `&str` or `String`, may count as none.
    #[error("Task panicked: {0}")]
    Panicked(String),
    /// `Task cancelled`
    #[error("Task cancelled")]
    Cancelled,
}

impl From<JoinError> for DiagError {
    fn from(ended: JoinError) -> Self {
        if !ended.is_panic() {
            return DiagError::Cancelled;
        }
        let payload = ended.into_panic();
        if let Some(formatted) = payload.downcast_ref::<String>() {
            return DiagError::Panicked(formatted.clone());
        }
        let literal = payload.downcast_ref().unwrap_or(&"no message");
        DiagError::Panicked((*literal).to_owned())
    }
}

/// How the task ended, in one layer.
async fn ended(task: JoinHandle<Result<(), DiagError>>) -> Result<(), DiagError> {
    // Why two: the first takes off the `JoinError` and makes a `DiagError` of it, the second takes
    // off the error of the task itself.
    // Mistake: loses_the_inner_error
    task.await??;
    Ok(())
}

/// What became of the task that does the diagnosis `name`. Dropped early, it detaches the task.
pub async fn outcome(
    name: &str,
    task: JoinHandle<Result<(), DiagError>>,
) -> anyhow::Result<()> {
    ended(task).await.with_context(|| on_top(name))
}

fn on_top(name: &str) -> String {
    format!("{name} diagnostic failed")
}

/// The error and its causes, outermost first.
fn chain(error: &anyhow::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let outermost: &(dyn Error + 'static) = error.as_ref();
    successors(Some(outermost), |&error| error.source())
}

/// Whether another try may help.
pub fn is_retryable(error: &anyhow::Error) -> bool {
    let late = |cause: &(dyn Error + 'static)| {
        let command = cause.downcast_ref::<IpmiError>();
        let check = cause.downcast_ref::<DiagError>();
        matches!(command, Some(IpmiError::Timeout))
            || matches!(check, Some(DiagError::Timeout(_)))
    };
    chain(error).any(late)
}

/// For the log. A line break in a message stays as it is.
pub fn log_line(error: &anyhow::Error) -> String {
    let mut line = error.to_string();
    for cause in chain(error).skip(1) {
        _ = write!(line, ": {cause}");
    }
    line
}

/// For the client: a status and a text.
pub fn answer(error: &anyhow::Error) -> (u16, String) {
    let (status, text) = if is_retryable(error) {
        (503, "try again later")
    } else {
        (500, "internal error")
    };
    (status, text.to_owned())
}

/// A check in its task. Dropped, it is aborted.
struct Check {
    name: &'static str,
    task: JoinHandle<Result<(), DiagError>>,
    outcome: Option<anyhow::Result<()>>,
}

impl Drop for Check {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Runs all `checks`, each with its name; `limit` runs from the first poll. A drop aborts them.
pub async fn run_all(
    limit: Duration,
    checks: Vec<(
        &'static str,
        impl Future<Output = Result<(), DiagError>> + Send + 'static,
    )>,
    mut failed: impl FnMut(&str, &anyhow::Error),
) -> Vec<anyhow::Result<()>> {
    let request = REQUEST.try_get().ok();
    let spawn = |(name, check)| {
        let limited = async move {
            let in_time = timeout(limit, check).await;
            in_time.map_err(|_| DiagError::Timeout(limit)).flatten()
        };
        let task = match request {
            Some(request) => tokio::spawn(REQUEST.scope(request, limited)),
            None => tokio::spawn(limited),
        };
        Check { name, task, outcome: None }
    };
    let mut running: Vec<Check> = checks.into_iter().map(spawn).collect();
    // Why each handle in each poll: any of them may be the one that has ended.
    // Mistake: tells_the_failures_at_the_end
    poll_fn(|cx| {
        let mut all = Poll::Ready(());
        for check in running.iter_mut().filter(|check| check.outcome.is_none()) {
            let Poll::Ready(end) = Pin::new(&mut check.task).poll(cx) else {
                all = Poll::Pending;
                continue;
            };
            let end = end.unwrap_or_else(|ended| Err(ended.into()));
            let outcome = end.with_context(|| on_top(check.name));
            if let Err(error) = &outcome {
                failed(check.name, error);
            }
            check.outcome = Some(outcome);
        }
        all
    })
    .await;
    running.iter_mut().filter_map(|check| check.outcome.take()).collect()
}

#[cfg(test)]
#[path = "../../tests/errors.rs"]
mod tests;
