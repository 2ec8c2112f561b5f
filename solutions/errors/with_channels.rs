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

use std::{error::Error, fmt, time::Duration};

use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinError, JoinHandle},
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

// Why by hand: to see what `thiserror` writes. There is no more to it.
impl fmt::Display for DiagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Mistake: prints_the_cause_and_returns_it
            DiagError::Ipmi(_) => write!(f, "IPMI command failed"),
            DiagError::OverTemp { sensor, value, max } => {
                write!(f, "Sensor {sensor} out of range: {value}°C (max {max}°C)")
            }
            DiagError::Timeout(limit) => {
                write!(f, "Operation timed out after {limit:?}")
            }
            DiagError::Panicked(text) => write!(f, "Task panicked: {text}"),
            DiagError::Cancelled => write!(f, "Task cancelled"),
        }
    }
}

impl Error for DiagError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            DiagError::Ipmi(cause) => Some(cause),
            _ => None,
        }
    }
}

impl From<JoinError> for DiagError {
    fn from(ended: JoinError) -> Self {
        if ended.is_cancelled() {
            return DiagError::Cancelled;
        }
        // Why one by one: `downcast` gives the payload back when it is something else.
        // Mistake: reads_only_literal_panics
        let text = match ended.into_panic().downcast::<String>() {
            Ok(text) => *text,
            Err(payload) => match payload.downcast::<&str>() {
                Ok(text) => (*text).to_owned(),
                Err(_) => "no message".to_owned(),
            },
        };
        DiagError::Panicked(text)
    }
}

/// What became of the task that does the diagnosis `name`. Dropped early, it detaches the task.
pub async fn outcome(
    name: &str,
    task: JoinHandle<Result<(), DiagError>>,
) -> anyhow::Result<()> {
    // Why four arms, written out: four ends, and not one of them can be lost.
    // Mistake: loses_the_inner_error
    let error = match task.await {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => error,
        Err(ended) => ended.into(),
    };
    Err(anyhow::Error::new(error).context(format!("{name} diagnostic failed")))
}

/// Whether another try may help.
pub fn is_retryable(error: &anyhow::Error) -> bool {
    for cause in error.chain() {
        if let Some(IpmiError::Timeout) = cause.downcast_ref() {
            return true;
        }
        if let Some(DiagError::Timeout(_)) = cause.downcast_ref() {
            return true;
        }
    }
    false
}

/// For the log. A line break in a message stays as it is.
pub fn log_line(error: &anyhow::Error) -> String {
    let messages: Vec<String> = error.chain().map(|e| e.to_string()).collect();
    messages.join(": ")
}

/// For the client: a status and a text.
pub fn answer(error: &anyhow::Error) -> (u16, String) {
    if is_retryable(error) {
        return (503, "try again later".to_owned());
    }
    (500, "internal error".to_owned())
}

/// Aborts a task when it is dropped.
struct Stop(AbortHandle);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.abort();
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
    let names: Vec<&str> = checks.iter().map(|(name, _)| *name).collect();
    let (send, mut receive) = mpsc::unbounded_channel();
    let mut guards = vec![];
    for (place, (name, check)) in checks.into_iter().enumerate() {
        let limited = async move {
            // Mistake: detaches_at_the_limit
            let ended = timeout(limit, check).await;
            ended.unwrap_or(Err(DiagError::Timeout(limit)))
        };
        let task = match request {
            // Mistake: forgets_the_request
            Some(request) => tokio::spawn(REQUEST.scope(request, limited)),
            None => tokio::spawn(limited),
        };
        guards.push(Stop(task.abort_handle()));
        let send = send.clone();
        // Why a second task: a panic ends the check's own task, and this one still has something
        // to send.
        // Mistake: stops_at_the_first_failure
        tokio::spawn(async move {
            _ = send.send((place, outcome(name, task).await));
        });
    }
    drop(send);
    let mut outcomes: Vec<_> = names.iter().map(|_| None).collect();
    while let Some((place, outcome)) = receive.recv().await {
        if let Err(error) = &outcome {
            failed(names[place], error);
        }
        outcomes[place] = Some(outcome);
    }
    outcomes.into_iter().flatten().collect()
}

#[cfg(test)]
#[path = "../../tests/errors.rs"]
mod tests;
