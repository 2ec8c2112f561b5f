//! Mistake: keeps the order by waiting for the oldest task first; while that one
//!   is slow, ended ones hold their slots, no new one begins, and an error behind
//!   it is not seen.
//! Source: <https://github.com/near/nearcore/pull/16299>
//! Caught by: step_2_keeps_as_many_in_flight_as_it_may::as_one_operation_ends_the_next_begins
//! Hint: Item 1 has ended. Who would have to know that, so that the next one can
//!   begin?

use std::{collections::VecDeque, num::NonZeroUsize, panic::resume_unwind};
use tokio_util::task::AbortOnDropHandle;

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
    let mut running = VecDeque::new();
    loop {
        // Why the slot comes before the item: an item taken while no slot is free waits in
        // a local variable, where a failed run loses it.
        // Mistake: takes_an_item_before_it_has_a_slot
        while running.len() < limit.get() {
            let Some(item) = items.next() else { break };
            running.push_back(AbortOnDropHandle::new(tokio::spawn(operation(item))));
        }
        let Some(oldest) = running.pop_front() else {
            return Ok(values);
        };
        match oldest.await {
            Ok(Ok(value)) => values.push(value),
            Ok(Err(error)) => {
                for task in running {
                    task.abort();
                    _ = task.await;
                }
                return Err(error);
            }
            Err(end) => resume_unwind(end.into_panic()),
        }
    }
}

#[cfg(test)]
#[path = "../../tests/joinset.rs"]
mod tests;
