//! What the page "Errors" says about printing, downcasting and spawning, run.

use std::{fs, future::pending, time::Duration};

use anyhow::{Context, anyhow};
use thiserror::Error;
use tokio::task::{JoinError, JoinHandle};

#[derive(Debug, Error)]
enum IpmiError {
    #[error("timeout")]
    Timeout,
}

#[derive(Debug, Error)]
enum DiagError {
    #[error("IPMI command failed")]
    Ipmi(#[from] IpmiError),
    #[error("Operation timed out after {0:?}")]
    Timeout(Duration),
}

/// The same with the cause in the text.
#[derive(Debug, Error)]
enum ToldTwice {
    #[error("IPMI command failed: {0}")]
    Ipmi(#[from] IpmiError),
}

/// Another library's error around ours.
#[derive(Debug, Error)]
#[error("host 7 is not well")]
struct HostError(#[source] DiagError);

/// What `{:?}` prints, without the backtrace that the environment may ask for.
fn debugged(error: &anyhow::Error) -> String {
    let text = format!("{error:?}");
    let before = text.split("\n\nStack backtrace").next();
    before.unwrap_or_default().to_owned()
}

#[test]
fn three_ways_to_print() {
    let error = anyhow::Error::new(DiagError::Ipmi(IpmiError::Timeout));
    let error = error.context("GPU diagnostic failed");

    assert_eq!(format!("{error}"), "GPU diagnostic failed");
    assert_eq!(
        format!("{error:#}"),
        "GPU diagnostic failed: IPMI command failed: timeout"
    );
    assert_eq!(
        debugged(&error),
        "GPU diagnostic failed

Caused by:
    0: IPMI command failed
    1: timeout"
    );
}

#[test]
fn with_the_cause_in_the_text() {
    let error = anyhow::Error::new(ToldTwice::Ipmi(IpmiError::Timeout));
    let error = error.context("GPU diagnostic failed");

    assert_eq!(
        format!("{error:#}"),
        "GPU diagnostic failed: IPMI command failed: timeout: timeout"
    );
}

#[test]
fn two_ways_to_look_for_a_type() {
    let error = anyhow::Error::new(HostError(IpmiError::Timeout.into()));
    let error = error.context("GPU diagnostic failed").context("request 7");

    // Through both contexts, to the error they were put on.
    assert!(error.downcast_ref::<HostError>().is_some());
    // Not into the sources of that error.
    assert!(error.downcast_ref::<DiagError>().is_none());
    // The chain has them all.
    assert!(error.chain().any(|cause| cause.is::<DiagError>()));
    assert!(error.chain().any(|cause| cause.is::<IpmiError>()));
}

#[test]
fn a_context_can_be_an_error_itself() {
    let limit = Duration::from_secs(30);
    let error = anyhow!("no answer").context(DiagError::Timeout(limit));

    // Here it is the other way round: anyhow finds it, the chain does not.
    assert!(error.downcast_ref::<DiagError>().is_some());
    assert!(!error.chain().any(|cause| cause.is::<DiagError>()));
}

/// What awaiting a task can fail with: an error of its own, or no end of its own.
#[derive(Debug, Error)]
enum AppError {
    #[error("the diagnosis failed")]
    Diagnosis(#[from] DiagError),
    #[error("the task panicked or was cancelled")]
    Task(#[from] JoinError),
}

type Degrees = JoinHandle<Result<u32, DiagError>>;

async fn both_at_once(task: Degrees) -> Result<u32, AppError> {
    let degrees = task.await??;
    Ok(degrees)
}

async fn one_after_the_other(task: Degrees) -> Result<u32, AppError> {
    // Takes off the `JoinError`, and makes an `AppError::Task` of it.
    let ended: Result<u32, DiagError> = task.await?;
    // Takes off the task's own error, and makes an `AppError::Diagnosis` of it.
    let degrees: u32 = ended?;
    Ok(degrees)
}

#[tokio::test]
async fn each_question_mark_takes_off_a_layer() {
    for one_by_one in [false, true] {
        let end = async |task| {
            if one_by_one {
                one_after_the_other(task).await
            } else {
                both_at_once(task).await
            }
        };
        let good = tokio::spawn(async { Ok(42) });
        let failed = tokio::spawn(async { Err(IpmiError::Timeout.into()) });
        let stopped = tokio::spawn(pending());
        stopped.abort();

        assert!(matches!(end(good).await, Ok(42)));
        assert!(matches!(end(failed).await, Err(AppError::Diagnosis(_))));
        assert!(matches!(end(stopped).await, Err(AppError::Task(_))));
    }
}

#[tokio::test]
async fn a_context_survives_a_spawn() -> anyhow::Result<()> {
    let task = tokio::spawn(async {
        Err::<(), _>(IpmiError::Timeout).context("reading sensor 7")
    });

    let error = task.await?.unwrap_err();

    assert_eq!(format!("{error:#}"), "reading sensor 7: timeout");
    Ok(())
}

#[tokio::test]
async fn a_task_local_does_not() {
    tokio::task_local! {
        static REQUEST: u64;
    }

    let seen = REQUEST.scope(7, async {
        let task = tokio::spawn(async { REQUEST.try_get().ok() });
        (REQUEST.try_get().ok(), task.await.unwrap())
    });

    assert_eq!(seen.await, (Some(7), None));
}

/// The cells of the table. Each is a line of one of these functions; a test below compares.
mod table {
    use super::*;

    pub fn library() -> Result<(), DiagError> {
        Err(DiagError::Timeout(Duration::from_secs(30)))
    }

    pub fn decide_in_a_library(error: &DiagError) -> bool {
        matches!(error, DiagError::Timeout(_))
    }

    pub fn application() -> anyhow::Result<()> {
        fs::read("gpu.toml").context("reading the configuration")?;
        Err(anyhow!("no GPU in slot {}", 3))
    }

    pub fn decide_in_an_application(error: &anyhow::Error) -> bool {
        error.downcast_ref::<DiagError>().is_some()
    }

    pub fn both() -> anyhow::Result<()> {
        library().context("GPU diagnostic failed")
    }

    pub fn decide_with_both(error: &anyhow::Error) -> bool {
        error.chain().any(|cause| cause.is::<DiagError>())
    }
}

#[test]
fn the_examples_of_the_table_do_what_they_say() {
    let library = table::library().unwrap_err();
    let both = table::both().unwrap_err();
    let application = table::application().unwrap_err();

    assert!(table::decide_in_a_library(&library));
    assert!(table::decide_in_an_application(&both));
    assert!(table::decide_with_both(&both));
    assert!(!table::decide_with_both(&application));
    assert_eq!(format!("{application}"), "reading the configuration");
}

#[test]
fn each_cell_of_the_table_is_compiled_here() {
    let (page, source) =
        (include_str!("../src/errors.md"), include_str!("errors.rs"));
    let rows = page.lines().filter(|line| line.starts_with("| **"));
    let cells: Vec<String> = rows
        .flat_map(|row| row.split('`').skip(1).step_by(2))
        .map(|cell| cell.replace("\\|", "|"))
        .collect();

    assert_eq!(cells.len(), 9, "three rows of three examples");
    for cell in cells {
        assert!(source.contains(&cell), "not compiled: {cell}");
    }
}
