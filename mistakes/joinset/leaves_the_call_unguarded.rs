//! Mistake: guards against panics of the tasks and not against the call that
//!   makes one; that panic unwinds past the set, and the tasks are still there
//!   when it arrives.
//! Source: <https://github.com/matter-labs/era-consensus/pull/16>
//! Caught by: step_7_hands_a_panic_on::a_panic_in_the_call_for_an_operation_arrives_too
//! Hint: Whose code runs inside your function, not in a task of its own? What if
//!   it panics?

use std::{any::Any, num::NonZeroUsize, panic::resume_unwind};

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
    // Why fused: each end asks for the next item, and an iterator that has said `None`
    // may have more a moment later.
    // Mistake: asks_again_after_the_end
    let mut items = items.into_iter().fuse();
    let mut values = Vec::new();
    let mut running = JoinSet::new();
    let stop = loop {
        // Why the slot comes before the item: an item taken while no slot is free waits in
        // a local variable, where a failed run loses it.
        // Mistake: takes_an_item_before_it_has_a_slot
        while running.len() < limit.get() {
            let Some(item) = items.next() else { break };
            let (index, work) = (values.len(), operation(item));
            values.push(None);
            running.spawn(async move { (index, work.await) });
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
