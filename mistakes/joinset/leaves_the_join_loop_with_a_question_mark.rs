//! Mistake: lets `?` leave the loop; the set is dropped on the way out, which
//!   asks the other tasks to stop, and the caller goes on while they still hold
//!   what they held.
//! Source: <https://github.com/MystenLabs/sui/pull/27319>
//! Caught by: step_4_leaves_nothing_behind::at_the_return_of_an_error_the_others_are_gone
//! Hint: Follow the error out of the function: what happens to the set, and who
//!   waits for that?

use std::num::NonZeroUsize;

use tokio::task::JoinSet;

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
    loop {
        // Why the slot comes before the item: an item taken while no slot is free waits in
        // a local variable, where a failed run loses it.
        // Mistake: takes_an_item_before_it_has_a_slot
        while running.len() < limit.get() {
            let Some(item) = items.next() else { break };
            let (index, work) = (values.len(), operation(item));
            values.push(None);
            running.spawn(async move { (index, work.await) });
        }
        let Some(joined) = running.join_next().await else {
            return Ok(values.into_iter().flatten().collect());
        };
        let (index, result) = joined.expect("an operation panicked");
        values[index] = Some(result?);
    }
}

#[cfg(test)]
#[path = "../../tests/joinset.rs"]
mod tests;
