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

use std::{any::Any, collections::HashMap, time::Duration};

use anyhow::Context;
use tokio::{
    task::{JoinError, JoinHandle, JoinSet},
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
    // Why no `{0}` in the text: `from` makes the field the source, and whoever prints the chain
    // prints that too.
    // Mistake: prints_the_cause_and_returns_it
    #[error("IPMI command failed")]
    Ipmi(#[from] IpmiError),
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
    // Why a text and no `#[from] JoinError`: that one is also what an aborted task leaves.
    // Mistake: calls_every_join_error_a_panic
    #[error("Task panicked: {0}")]
    Panicked(String),
    /// `Task cancelled`
    #[error("Task cancelled")]
    Cancelled,
}

impl From<JoinError> for DiagError {
    fn from(ended: JoinError) -> Self {
        match ended.try_into_panic() {
            Ok(payload) => DiagError::Panicked(text_of(payload.as_ref())),
            Err(_) => DiagError::Cancelled,
        }
    }
}

/// What a panic said.
fn text_of(payload: &(dyn Any + Send)) -> String {
    // Why two types: `panic!` with a plain text leaves a `&str`, with values in it a `String`.
    // Mistake: reads_only_literal_panics
    let literal = payload.downcast_ref::<&str>().copied();
    let formatted = payload.downcast_ref::<String>().map(String::as_str);
    literal.or(formatted).unwrap_or("no message").to_owned()
}

/// What became of the task that does the diagnosis `name`.
///
/// # Errors
///
/// The task's own error, or how it ended without one.
///
/// # Cancel safety
///
/// Dropped before it resolves, it detaches the task.
pub async fn outcome(
    name: &str,
    task: JoinHandle<Result<(), DiagError>>,
) -> anyhow::Result<()> {
    label(name, task.await.unwrap_or_else(|ended| Err(ended.into())))
}

/// The failure of the diagnosis `name`, with its name on top.
fn label(name: &str, end: Result<(), DiagError>) -> anyhow::Result<()> {
    // Why after both layers have become one: a context on the outer one alone would say nothing
    // about the errors of the task itself.
    // Mistake: labels_only_the_join_error
    end.with_context(|| format!("{name} diagnostic failed"))
}

/// Whether another try may help.
pub fn is_retryable(error: &anyhow::Error) -> bool {
    // Why the chain: `downcast_ref` on the whole looks through contexts, not into sources.
    // Mistake: asks_the_outermost_error_only
    error.chain().any(|cause| {
        matches!(cause.downcast_ref(), Some(IpmiError::Timeout))
            || matches!(cause.downcast_ref(), Some(DiagError::Timeout(_)))
    })
}

/// For the log. A line break in a message stays as it is.
pub fn log_line(error: &anyhow::Error) -> String {
    // Why `#`: without it only the outermost context is printed.
    // Mistake: logs_the_outermost_message_only
    format!("{error:#}")
}

/// For the client: a status and a text.
pub fn answer(error: &anyhow::Error) -> (u16, String) {
    // Why texts of our own: what an error says is written for us.
    // Mistake: tells_the_client_the_cause
    if is_retryable(error) {
        (503, "try again later".to_owned())
    } else {
        (500, "internal error".to_owned())
    }
}

/// Runs all `checks`, each with its name.
///
/// # Cancel safety
///
/// Dropped before it resolves, it aborts the checks.
pub async fn run_all(
    limit: Duration,
    checks: Vec<(
        &'static str,
        impl Future<Output = Result<(), DiagError>> + Send + 'static,
    )>,
    mut failed: impl FnMut(&str, &anyhow::Error),
) -> Vec<anyhow::Result<()>> {
    let request = REQUEST.try_get().ok();
    let mut outcomes: Vec<_> = checks.iter().map(|_| None).collect();
    let mut places = HashMap::new();
    // Why a set: it gives the tasks back as they end, and aborts them when it is dropped.
    // Mistake: tells_the_failures_at_the_end
    let mut running = JoinSet::new();
    for (place, (name, check)) in checks.into_iter().enumerate() {
        let limited = async move {
            // Why inside the task: there the limit drops the check itself, not a handle of it.
            // Mistake: detaches_at_the_limit
            timeout(limit, check).await.unwrap_or(Err(DiagError::Timeout(limit)))
        };
        // Why a scope for each: a task does not inherit the task-locals of the one that spawns.
        // Mistake: forgets_the_request
        let task = match request {
            Some(request) => running.spawn(REQUEST.scope(request, limited)),
            None => running.spawn(limited),
        };
        places.insert(task.id(), (place, name));
    }
    while let Some(ended) = running.join_next_with_id().await {
        // Why no `?`: one failure must not lose the others.
        // Mistake: stops_at_the_first_failure
        let (id, end) =
            ended.unwrap_or_else(|ended| (ended.id(), Err(ended.into())));
        let (place, name) = places[&id];
        let outcome = label(name, end);
        if let Err(error) = &outcome {
            failed(name, error);
        }
        outcomes[place] = Some(outcome);
    }
    outcomes.into_iter().flatten().collect()
}

#[cfg(test)]
#[path = "../tests/errors.rs"]
mod tests;
