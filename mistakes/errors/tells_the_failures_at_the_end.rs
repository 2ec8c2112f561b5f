//! Mistake: awaits the checks in their order, one handle after the other; a failure is known when all checks before it have ended, and the alarm rings late.
//! Source: <https://github.com/interlay/interbtc-clients/pull/350>; <https://github.com/AtomaAI/atoma-node/pull/87>
//! Caught by: step_7_loses_nothing_where_tasks_meet::the_failures_are_told_when_they_happen
//! Hint: At which instant did the check fail, and what was the function waiting for then?

use std::{any::Any, time::Duration};

use anyhow::Context;
use tokio::{
    task::{JoinError, JoinHandle},
    time::timeout,
};
use tokio_util::task::AbortOnDropHandle;

tokio::task_local! {
    pub static REQUEST: u64;
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum IpmiError {
    #[error("timeout")]
    Timeout,
    #[error("no such sensor")]
    NoSuchSensor,
}

#[derive(Debug, PartialEq, thiserror::Error)]
pub enum DiagError {
    #[error("IPMI command failed")]
    Ipmi(#[from] IpmiError),
    #[error("Sensor {sensor} out of range: {value}°C (max {max}°C)")]
    OverTemp { sensor: String, value: f64, max: f64 },
    #[error("Operation timed out after {0:?}")]
    Timeout(Duration),
    #[error("Task panicked: {0}")]
    Panicked(String),
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

fn text_of(payload: &(dyn Any + Send)) -> String {
    let literal = payload.downcast_ref::<&str>().copied();
    let formatted = payload.downcast_ref::<String>().map(String::as_str);
    literal.or(formatted).unwrap_or("no message").to_owned()
}

pub async fn outcome(
    name: &str,
    task: JoinHandle<Result<(), DiagError>>,
) -> anyhow::Result<()> {
    label(name, task.await.unwrap_or_else(|ended| Err(ended.into())))
}

fn label(name: &str, end: Result<(), DiagError>) -> anyhow::Result<()> {
    end.with_context(|| format!("{name} diagnostic failed"))
}

pub fn is_retryable(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        matches!(cause.downcast_ref(), Some(IpmiError::Timeout))
            || matches!(cause.downcast_ref(), Some(DiagError::Timeout(_)))
    })
}

pub fn log_line(error: &anyhow::Error) -> String {
    format!("{error:#}")
}

pub fn answer(error: &anyhow::Error) -> (u16, String) {
    if is_retryable(error) {
        (503, "try again later".to_owned())
    } else {
        (500, "internal error".to_owned())
    }
}

pub async fn run_all(
    limit: Duration,
    checks: Vec<(
        &'static str,
        impl Future<Output = Result<(), DiagError>> + Send + 'static,
    )>,
    mut failed: impl FnMut(&str, &anyhow::Error),
) -> Vec<anyhow::Result<()>> {
    let request = REQUEST.try_get().ok();
    let mut running = vec![];
    for (name, check) in checks {
        let limited = async move {
            timeout(limit, check).await.unwrap_or(Err(DiagError::Timeout(limit)))
        };
        let task = match request {
            Some(request) => tokio::spawn(REQUEST.scope(request, limited)),
            None => tokio::spawn(limited),
        };
        running.push((name, AbortOnDropHandle::new(task)));
    }
    let mut outcomes = vec![];
    for (name, task) in running {
        let end = task.await.unwrap_or_else(|ended| Err(ended.into()));
        let outcome = label(name, end);
        if let Err(error) = &outcome {
            failed(name, error);
        }
        outcomes.push(outcome);
    }
    outcomes
}

#[cfg(test)]
#[path = "../../tests/errors.rs"]
mod tests;
