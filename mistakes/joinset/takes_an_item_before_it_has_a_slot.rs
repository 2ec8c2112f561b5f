//! Mistake: takes an item, then waits for a slot; a queue message or a row lease
//!   is held by a local variable meanwhile, and a failed run loses it.
//! Source: <https://github.com/rust-lang/wg-async/pull/172>
//! Caught by: step_5_takes_items_as_it_needs_them::an_item_is_taken_when_its_operation_begins
//! Hint: Two steps stand at the top of the loop. Which of them can wait?

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
    let mut values = Vec::new();
    let mut running = JoinSet::new();
    let mut items = items.into_iter().fuse();
    let stop = loop {
        let item = items.next();
        if running.len() == limit.get() || item.is_none() {
            match running.join_next().await {
                None => return Ok(values.into_iter().flatten().collect()),
                Some(Ok((index, Ok(value)))) => values[index] = Some(value),
                Some(Ok((_, Err(error)))) => break Stop::Error(error),
                Some(Err(end)) => break Stop::Panic(end.into_panic()),
            }
        }
        let Some(item) = item else { continue };
        match catch_unwind(AssertUnwindSafe(|| operation(item))) {
            Ok(work) => {
                let index = values.len();
                values.push(None);
                running.spawn(async move { (index, work.await) });
            }
            Err(payload) => break Stop::Panic(payload),
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
