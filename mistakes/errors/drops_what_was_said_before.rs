//! Mistake: leaves a cause out when the message above holds its words, to print no cause twice; a
//!   short text like "timeout" is in many messages, and the line ends before the cause.
//! Source: <https://github.com/foundry-rs/foundry/pull/9481>; <https://github.com/tphakala/birda/pull/317>
//! Caught by: step_6_tells_the_log_more_than_the_client::the_log_tells_of_each_error_even_in_the_same_words
//! Hint: Are two errors with one text one error?

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
    let mut line = error.to_string();
    let mut last = line.clone();
    for cause in error.chain().skip(1) {
        let text = cause.to_string();
        if !last.contains(&text) {
            line = format!("{line}: {text}");
        }
        last = text;
    }
    line
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
