//! Mistake: collects the outcomes in the order in which they come; beside the list of checks they are the outcomes of others.
//! Source: <https://github.com/jdx/mise/pull/11532> (a caller that zips the two lists)
//! Caught by: step_7_loses_nothing_where_tasks_meet::one_check_that_fails_ends_no_other
//! Hint: Which check ended first, and where does its outcome stand?

use std::{any::Any, collections::HashMap, time::Duration};

use anyhow::Context;
use tokio::{
    task::{JoinError, JoinHandle, JoinSet},
    time::timeout,
};

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
    let mut outcomes = vec![];
    let mut names = HashMap::new();
    let mut running = JoinSet::new();
    for (name, check) in checks {
        let limited = async move {
            timeout(limit, check).await.unwrap_or(Err(DiagError::Timeout(limit)))
        };
        let task = match request {
            Some(request) => running.spawn(REQUEST.scope(request, limited)),
            None => running.spawn(limited),
        };
        names.insert(task.id(), name);
    }
    while let Some(ended) = running.join_next_with_id().await {
        let (id, end) =
            ended.unwrap_or_else(|ended| (ended.id(), Err(ended.into())));
        let name = names[&id];
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
