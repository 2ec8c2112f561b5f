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
};

use tokio::task::JoinSet;

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
    // Why fused: each end asks for the next item, and an iterator that has said `None`
    // may have more a moment later.
    // Mistake: asks_again_after_the_end
    let mut items = items.into_iter().fuse();
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
#[path = "../tests/joinset.rs"]
mod tests;
