//! JoinSet: many operations at once, a bound, one answer.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/joinset.md`
//! - Run: `cargo test --test solutions_joinset`
//!
//! # The contract
//!
//! 1. The answer holds one value per item, in the order of the items, whichever operation ends
//!    first. With no items the answer is empty, and it is there at once.
//! 2. An operation begins when `operation` is called. The first `limit` begin at once. While items
//!    are left, the next one begins in the instant another ends. The answer is there in the instant
//!    the last one ends.
//! 3. The error that comes first, by the clock, ends the run: the call returns it in that instant,
//!    and no operation begins after it.
//! 4. A call that returns leaves nothing behind: operations in flight at an error are stopped, and
//!    before the call returns the futures of all operations are gone, of those that ended too.
//! 5. An item is taken from the iterator in the instant its operation begins, not earlier. So items
//!    that a failed run did not begin are still in the iterator. After its first `None` the
//!    iterator is not asked again.
//! 6. Dropping the returned future stops everything. From that instant on no operation begins, and
//!    those in flight are gone before time moves on.
//! 7. A panic ends the run like an error, be it in an operation, in the call that makes one or in
//!    the iterator. The caller gets the panic in that instant, with its own payload, and nothing is
//!    left behind then. Of all errors and panics the caller gets the first.

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
/// It may give way before it answers, also without items.
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
