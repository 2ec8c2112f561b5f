//! Mistake: joins before it asks whether anything is there; the day the list is
//!   empty, the job that has nothing to do is the one that panics.
//! Source: <https://github.com/nomad-xyz/rust/pull/211>
//! Caught by: step_1_answers_in_the_order_of_the_items::without_items_the_answer_comes_at_once
//! Hint: Go through the code with an empty list: which line is the first to be
//!   surprised?

use std::{
    any::Any,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use tokio::task::JoinSet;

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
    let mut items = items.into_iter().fuse().peekable();
    let mut values = Vec::new();
    let mut running = JoinSet::new();
    let mut free = limit.get();

    let stop = 'run: loop {
        while free > 0 {
            // Why caught: a panic here would unwind past `running`, and dropping a JoinSet
            // asks its tasks to stop without waiting for them.
            // Mistake: leaves_the_call_unguarded
            let begun = || items.next().map(&mut operation);
            match catch_unwind(AssertUnwindSafe(begun)) {
                Ok(None) => break,
                Ok(Some(work)) => {
                    // Why the index travels with the work: a set hands out what ends first.
                    // Mistake: collects_in_the_order_of_completion
                    let index = values.len();
                    values.push(None);
                    running.spawn(async move { (index, work.await) });
                    free -= 1;
                }
                Err(payload) => break 'run Stop::Panic(payload),
            }
        }
        let joined = running.join_next().await;
        match joined.expect("an operation is in flight") {
            Ok((index, Ok(value))) => values[index] = Some(value),
            Ok((_, Err(error))) => break Stop::Error(error),
            Err(end) => break Stop::Panic(end.into_panic()),
        }
        free += 1;
        if running.is_empty() && items.peek().is_none() {
            return Ok(values.into_iter().flatten().collect());
        }
    };

    // Why one way out for errors and panics: both owe the caller the same, that nothing is
    // left. To abort is to ask; only the joining knows that a task is gone.
    // Mistake: aborts_and_returns
    running.shutdown().await;
    match stop {
        Stop::Error(error) => Err(error),
        Stop::Panic(payload) => resume_unwind(payload),
    }
}

#[cfg(test)]
#[path = "../../tests/joinset.rs"]
mod tests;
