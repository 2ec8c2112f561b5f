//! Mistake: asks the iterator for more after each end, also when it has said
//!   `None`; with the messages of a channel as items the run never ends while
//!   somebody sends, and what it takes is not in the batch it was given.
//! Source: <https://github.com/rust-lang/rust/issues/37990>
//! Caught by: step_5_takes_items_as_it_needs_them::after_its_end_the_iterator_is_not_asked_again
//! Hint: How often does the loop ask for the next item when there is none? Which
//!   iterators may answer the second time?

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
    let mut items = items.into_iter();
    let mut values = Vec::new();
    let mut running = JoinSet::new();

    let stop = 'run: loop {
        // Why the slot comes before the item: an item taken while no slot is free waits in
        // a local variable, where a failed run loses it.
        // Mistake: takes_an_item_before_it_has_a_slot
        while running.len() < limit.get() {
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
                }
                Err(payload) => break 'run Stop::Panic(payload),
            }
        }
        match running.join_next().await {
            None => return Ok(values.into_iter().flatten().collect()),
            Some(Ok((index, Ok(value)))) => values[index] = Some(value),
            Some(Ok((_, Err(error)))) => break Stop::Error(error),
            // Why never a cancelled task: before `shutdown` nobody aborts one.
            // Mistake: replaces_the_panic
            Some(Err(end)) => break Stop::Panic(end.into_panic()),
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
