//! Mistake: aborts the task when nobody waits for its outcome any more; a client that hangs up while
//!   it waits ends the diagnosis that everybody else wanted.
//! Source: <https://github.com/matrix-org/matrix-rust-sdk/pull/4572>
//! Caught by: step_4_tells_four_ends_apart::who_leaves_early_leaves_the_task_at_work
//! Hint: Who spawned the task, and who is about to leave?

use std::{any::Any, collections::HashMap, time::Duration};

use anyhow::Context;
use tokio::{
    task::{JoinError, JoinHandle, JoinSet},
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
    let task = AbortOnDropHandle::new(task);
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
    let mut outcomes: Vec<_> = checks.iter().map(|_| None).collect();
    let mut places = HashMap::new();
    let mut running = JoinSet::new();
    for (place, (name, check)) in checks.into_iter().enumerate() {
        let limited = async move {
            timeout(limit, check).await.unwrap_or(Err(DiagError::Timeout(limit)))
        };
        let task = match request {
            Some(request) => running.spawn(REQUEST.scope(request, limited)),
            None => running.spawn(limited),
        };
        places.insert(task.id(), (place, name));
    }
    while let Some(ended) = running.join_next_with_id().await {
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
#[path = "../../tests/errors.rs"]
mod tests;
