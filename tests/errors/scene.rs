//! What the scenarios of `tests/errors.rs` have in common: chains told in words, and checks that are
//! drawn.

use super::super::{DiagError, IpmiError, run_all};

use std::{error::Error, iter::successors, pin::Pin, time::Duration};

use kit::{Lane, ms};
use tokio::time::sleep;

/// Every message of a chain, outermost first, found by `source` alone.
pub fn chain(error: &(dyn Error + 'static)) -> Vec<String> {
    let causes = successors(Some(error), |&e| e.source());
    causes.map(|e| same_in_each_run(e.to_string())).collect()
}

/// Without what differs between two runs: the numbers of tasks, and backtraces.
pub fn same_in_each_run(text: String) -> String {
    let text = text.split("\n\nStack backtrace").next().unwrap_or_default();
    let (mut words, mut after_task) = (vec![], false);
    for word in text.split(' ') {
        words.push(if after_task { "N" } else { word });
        after_task = word.ends_with("task");
    }
    words.join(" ")
}

/// The chain of a failure, or `ok`.
pub fn messages(outcome: &anyhow::Result<()>) -> Vec<String> {
    match outcome {
        Ok(()) => vec!["ok".to_owned()],
        Err(error) => chain(error.as_ref()),
    }
}

/// One line an outcome.
pub fn lines(outcomes: &[anyhow::Result<()>]) -> Vec<String> {
    let texts = outcomes.iter().map(|outcome| messages(outcome).join(" / "));
    texts.map(|text| text.replace(" diagnostic failed", "")).collect()
}

pub type End = Result<(), DiagError>;

/// A task that takes exactly so long and then ends like this; for `Panicked` it does panic.
pub async fn ends(lane: Lane, what: &str, takes_ms: u64, end: End) -> End {
    let span = lane.span(what);
    sleep(ms(takes_ms)).await;
    match end {
        Err(DiagError::Panicked(text)) => {
            span.end_as("panics");
            panic!("{text}")
        }
        Err(error) => {
            span.end_as("fails");
            Err(error)
        }
        Ok(()) => {
            span.end();
            Ok(())
        }
    }
}

pub type Check = (&'static str, Pin<Box<dyn Future<Output = End> + Send>>);

/// The check `name`, drawn on `lane`.
pub fn check_on(lane: &Lane, name: &'static str, takes_ms: u64, end: End) -> Check {
    (name, Box::pin(ends(lane.clone(), name, takes_ms, end)))
}

/// All `checks`, with 1.2 s for each; `failed` hears of each failure.
pub async fn run(
    checks: Vec<Check>,
    failed: &mut dyn FnMut(&str, &anyhow::Error),
) -> Vec<anyhow::Result<()>> {
    run_all(ms(1200), checks, |name, error| failed(name, error)).await
}

/// All `checks`, with as much time as there is.
pub async fn run_without_a_limit(checks: Vec<Check>) -> Vec<anyhow::Result<()>> {
    run_all(Duration::MAX, checks, |_, _| {}).await
}

/// Another library's error around one of ours.
#[derive(Debug, thiserror::Error)]
#[error("host {0} is not well")]
pub struct HostError(pub u32, #[source] pub DiagError);

pub fn no_answer() -> DiagError {
    DiagError::Ipmi(IpmiError::Timeout)
}

pub fn no_sensor() -> DiagError {
    DiagError::Ipmi(IpmiError::NoSuchSensor)
}

pub fn too_hot(value: f64, max: f64) -> DiagError {
    DiagError::OverTemp { sensor: "gpu0".to_owned(), value, max }
}

pub fn panicked(text: &str) -> DiagError {
    DiagError::Panicked(text.to_owned())
}
