//! Mistake: prefers a free slot over an ended task; the slot of the failed
//!   operation is used again before its error is read, and each failed run takes
//!   one item more, for nothing.
//! Source: <https://docs.rs/tokio/1.54.1/tokio/macro.select.html#fairness>
//! Caught by: step_5_takes_items_as_it_needs_them::an_item_is_taken_when_its_operation_begins
//! Hint: Two things are ready at 150 ms: a slot and a result. Which one does the
//!   code take first?

use std::{
    any::Any,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::Arc,
};

use tokio::{select, sync::Semaphore, task::JoinSet};

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
    // Why a minimum: a caller without a limit of its own passes `usize::MAX`, and a
    // semaphore panics when it is given more than it can hold.
    // Mistake: gives_the_semaphore_too_many_permits
    let slots = Arc::new(Semaphore::new(limit.get().min(Semaphore::MAX_PERMITS)));
    let mut items = items.into_iter();
    let mut values = Vec::new();
    let mut running = JoinSet::new();
    let mut more = true;

    let stop = loop {
        select! {
            // Why the results first: an error that is already there must be seen before
            // the slot it freed is used again.
            // Mistake: fills_the_slot_before_it_looks
            biased;
            slot = slots.clone().acquire_owned(), if more => {
                let begun = || items.next().map(&mut operation);
                match catch_unwind(AssertUnwindSafe(begun)) {
                    Ok(None) => more = false,
                    Ok(Some(work)) => {
                        let index = values.len();
                        values.push(None);
                        running.spawn(async move {
                            let result = work.await;
                            drop(slot);
                            (index, result)
                        });
                    }
                    Err(payload) => break Stop::Panic(payload),
                }
            }
            Some(end) = running.join_next() => match end {
                Ok((index, Ok(value))) => values[index] = Some(value),
                Ok((_, Err(error))) => break Stop::Error(error),
                Err(end) => break Stop::Panic(end.into_panic()),
            },
            else => return Ok(values.into_iter().flatten().collect()),
        }
    };

    running.shutdown().await;
    match stop {
        Stop::Error(error) => Err(error),
        Stop::Panic(payload) => resume_unwind(payload),
    }
}

#[cfg(test)]
#[path = "../../tests/joinset.rs"]
mod tests;
