//! Mistake: keeps plain join handles and stops them on an error and on a panic; a
//!   caller that times out drops the future, the handles are dropped, and the
//!   tasks run on detached.
//! Source: <https://github.com/tailcallhq/forgecode/pull/2996>
//! Caught by: step_6_ends_with_its_caller::at_the_drop_those_in_flight_are_gone
//! Hint: List the ways in which this future can end. At which of them does none
//!   of your lines run?

use std::{
    any::Any,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};
use tokio::sync::mpsc;

/// Why a run ends early.
enum Stop<E> {
    Error(E),
    Panic(Box<dyn Any + Send>),
}

/// Runs `operation` on every item, at most `limit` at the same time.
///
/// # Errors
///
/// The first error; no other operation is in flight when it arrives.
///
/// # Panics
///
/// When an operation, the call that makes one or the iterator panics, with the same
/// payload.
///
/// # Cancel safety
///
/// Dropped, it stops its operations wherever they wait, and takes no further item.
pub async fn map_bounded<I, T, E, Operation>(
    limit: NonZeroUsize,
    items: impl IntoIterator<Item = I>,
    mut operation: impl FnMut(I) -> Operation,
) -> Result<Vec<T>, E>
where
    T: Send + 'static,
    E: Send + 'static,
    Operation: Future<Output = Result<T, E>> + Send + 'static,
{
    // Why fused: each end asks for the next item, and an iterator that has said `None`
    // may have more a moment later.
    // Mistake: asks_again_after_the_end
    let mut items = items.into_iter().fuse();
    let mut values = Vec::new();
    let mut tasks = Vec::new();
    let mut in_flight = 0;
    let (report, mut ended) = mpsc::unbounded_channel();

    let stop = 'run: loop {
        while in_flight < limit.get() {
            // Why caught: a panic here would unwind past `running`, and dropping a JoinSet
            // asks its tasks to stop without waiting for them.
            // Mistake: leaves_the_call_unguarded
            let begun = || items.next().map(&mut operation);
            match catch_unwind(AssertUnwindSafe(begun)) {
                Ok(None) => break,
                Ok(Some(work)) => {
                    let (index, report) = (values.len(), report.clone());
                    values.push(None);
                    in_flight += 1;
                    let task = tokio::spawn(work);
                    tasks.push(task.abort_handle());
                    tokio::spawn(async move { report.send((index, task.await)) });
                }
                Err(payload) => break 'run Stop::Panic(payload),
            }
        }
        if in_flight == 0 {
            return Ok(values.into_iter().flatten().collect());
        }
        in_flight -= 1;
        match ended.recv().await {
            Some((index, Ok(Ok(value)))) => values[index] = Some(value),
            Some((_, Ok(Err(error)))) => break Stop::Error(error),
            Some((_, Err(end))) => break Stop::Panic(end.into_panic()),
            None => unreachable!("a sender is alive"),
        }
    };
    drop(report);
    tasks.iter().for_each(|task| task.abort());
    while ended.recv().await.is_some() {}

    match stop {
        Stop::Error(error) => Err(error),
        Stop::Panic(payload) => resume_unwind(payload),
    }
}

#[cfg(test)]
#[path = "../../tests/joinset.rs"]
mod tests;
