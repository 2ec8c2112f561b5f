//! Lazy: awaits the first task or check and passes on what comes, unlabelled.
//! Passes: nothing

use std::{error::Error, fmt, time::Duration};

use tokio::task::{JoinError, JoinHandle};

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

#[derive(Debug, PartialEq)]
pub enum DiagError {
    Ipmi(IpmiError),
    OverTemp { sensor: String, value: f64, max: f64 },
    Timeout(Duration),
    Panicked(String),
    Cancelled,
}

impl fmt::Display for DiagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Error for DiagError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        None
    }
}

impl From<JoinError> for DiagError {
    fn from(_ended: JoinError) -> Self {
        DiagError::Cancelled
    }
}

pub async fn outcome(
    _name: &str,
    task: JoinHandle<Result<(), DiagError>>,
) -> anyhow::Result<()> {
    Ok(task.await??)
}

pub fn is_retryable(_error: &anyhow::Error) -> bool {
    false
}

pub fn log_line(error: &anyhow::Error) -> String {
    error.to_string()
}

pub fn answer(error: &anyhow::Error) -> (u16, String) {
    (500, error.to_string())
}

pub async fn run_all(
    _limit: Duration,
    checks: Vec<(
        &'static str,
        impl Future<Output = Result<(), DiagError>> + Send + 'static,
    )>,
    mut _failed: impl FnMut(&str, &anyhow::Error),
) -> Vec<anyhow::Result<()>> {
    let mut outcomes = vec![];
    for (_, check) in checks.into_iter().take(1) {
        outcomes.push(check.await.map_err(anyhow::Error::from));
    }
    outcomes
}

#[cfg(test)]
#[path = "../../../tests/errors.rs"]
mod tests;
