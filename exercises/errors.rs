//! Errors: say what happened, keep the cause, and lose nothing where tasks meet.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/errors.md`
//! - Run: `cargo test --test errors`
//! - What every contract takes for granted: book/src/conventions.md
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
#![allow(unused_mut, unused_variables, dead_code)] // for the stub: delete when you are done

use std::{error::Error, fmt, time::Duration};
use tokio::task::{JoinError, JoinHandle};

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

/// Why a diagnosis failed. `thiserror` can write the first two impls; `{:#}` is open.
#[derive(Debug, PartialEq)]
pub enum DiagError {
    /// `IPMI command failed`; its `source` says why.
    Ipmi(IpmiError),
    /// `Sensor gpu0 out of range: 97.5°C (max 90°C)`
    OverTemp {
        /// Its name.
        sensor: String,
        /// What it shows, in °C.
        value: f64,
        /// What it may show.
        max: f64,
    },
    /// `Operation timed out after 30s`
    Timeout(Duration),
    /// `Task panicked: boom`; a text that is empty, or no `&str` or `String`, may count as none.
    Panicked(String),
    /// `Task cancelled`
    Cancelled,
}

impl fmt::Display for DiagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!("step 1: say what happened, one arm for each variant")
    }
}

impl Error for DiagError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        todo!("step 2: hand out the cause, where there is one")
    }
}

impl From<JoinError> for DiagError {
    fn from(ended: JoinError) -> Self {
        todo!("step 3: a task that did not end by itself panicked or was cancelled")
    }
}

/// What became of the task that does the diagnosis `name`. Dropped early, it detaches the task.
pub async fn outcome(
    name: &str,
    task: JoinHandle<Result<(), DiagError>>,
) -> anyhow::Result<()> {
    todo!("step 4: there are two layers of `Result`, and both need the name")
}

/// Whether another try may help.
pub fn is_retryable(error: &anyhow::Error) -> bool {
    todo!("step 5: look for what decides it in the whole chain")
}

/// For the log. A line break in a message stays as it is.
pub fn log_line(error: &anyhow::Error) -> String {
    todo!("step 6: the whole chain in one line")
}

/// For the client: a status and a text.
pub fn answer(error: &anyhow::Error) -> (u16, String) {
    todo!("step 6: what the client may know")
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
    todo!("step 7: spawn them all, and take each as it ends")
}

#[cfg(test)]
#[path = "../tests/errors.rs"]
mod tests;
