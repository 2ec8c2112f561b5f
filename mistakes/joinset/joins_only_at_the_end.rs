//! Mistake: bounds the tasks with a semaphore and joins them after the last item;
//!   ended tasks keep their memory until then, and an error of item 1 is seen
//!   when all items are done.
//! Source: <https://github.com/hickory-dns/hickory-dns/issues/1809>
//! Caught by: step_3_ends_with_the_first_error::after_the_first_error_nothing_begins
//! Hint: While the code waits for a free slot, who looks at what the ended tasks
//!   returned?

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
    // Why fused: each end asks for the next item, and an iterator that has said `None`
    // may have more a moment later.
    // Mistake: asks_again_after_the_end
    let mut items = items.into_iter().fuse();
    let mut running = JoinSet::new();
    let mut values = Vec::new();
    loop {
        let slot = slots.clone().acquire_owned().await;
        let Some(item) = items.next() else { break };
        let (index, work) = (values.len(), operation(item));
        values.push(None);
        running.spawn(async move {
            let result = work.await;
            drop(slot);
            (index, result)
        });
    }
    while let Some(joined) = running.join_next().await {
        match joined {
            Ok((index, Ok(value))) => values[index] = Some(value),
            Ok((_, Err(error))) => {
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
