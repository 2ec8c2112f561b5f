//! Mistake: hands the limit to a semaphore as it is; a caller that wants no limit
//!   passes `usize::MAX`, the semaphore holds an eighth of that, and its
//!   constructor panics.
//! Source: <https://github.com/tari-project/tari/issues/4400>
//! Caught by: step_2_keeps_as_many_in_flight_as_it_may::operations_run_together_when_there_is_room_for_all
//! Hint: Which numbers may a caller pass as the limit, and which of them does the
//!   semaphore take?

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
    let slots = Arc::new(Semaphore::new(limit.get()));
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
            // Why `Some`: an empty set is ready with `None` at once and for ever, and
            // would win every turn of this loop. So it disables the branch.
            Some(end) = running.join_next() => match end {
                Ok((_slot, index, Ok(value))) => values[index] = Some(value),
                Ok((_, _, Err(error))) => break Stop::Error(error),
                Err(end) => break Stop::Panic(end.into_panic()),
            },
            slot = slots.clone().acquire_owned(), if more => {
                // Why the permit comes before the item: taken inside the task, it would
                // bound the work but not the tasks.
                // Mistake: takes_the_permit_inside_the_task
                let slot = slot.expect("nobody closes this semaphore");
                let begun = || items.next().map(&mut operation);
                match catch_unwind(AssertUnwindSafe(begun)) {
                    Ok(None) => more = false,
                    Ok(Some(work)) => {
                        let index = values.len();
                        values.push(None);
                        // Why the permit comes back with the result: a slot is free when
                        // its result has been seen, not before.
                        running.spawn(async move { (slot, index, work.await) });
                    }
                    Err(payload) => break Stop::Panic(payload),
                }
            }
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
