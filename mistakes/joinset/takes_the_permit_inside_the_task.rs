//! Mistake: spawns a task for every item at once and lets each wait for its
//!   permit; the work is bounded, the tasks and their memory are not, and the
//!   input is read to its end.
//! Source: <https://github.com/MystenLabs/sui/pull/3572>
//! Caught by: step_5_takes_items_as_it_needs_them::an_item_is_taken_when_its_operation_begins
//! Hint: Where does the code wait when all slots are taken, and what has it done
//!   by then?

use std::{num::NonZeroUsize, panic::resume_unwind, sync::Arc};
use tokio::{sync::Semaphore, task::JoinSet};

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
    let slots = Arc::new(Semaphore::new(limit.get().min(Semaphore::MAX_PERMITS)));
    let mut running = JoinSet::new();
    let mut values = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let (slots, work) = (slots.clone(), operation(item));
        values.push(None);
        running.spawn(async move {
            let slot = slots.acquire_owned().await;
            (slot, index, work.await)
        });
    }
    while let Some(joined) = running.join_next().await {
        match joined {
            Ok((slot, index, Ok(value))) => {
                drop(slot);
                values[index] = Some(value);
            }
            Ok((_slot, _, Err(error))) => {
                running.shutdown().await;
                return Err(error);
            }
            Err(end) => {
                running.shutdown().await;
                resume_unwind(end.into_panic());
            }
        }
    }
    Ok(values.into_iter().flatten().collect())
}

#[cfg(test)]
#[path = "../../tests/joinset.rs"]
mod tests;
