//! Mistake: keeps the join handles in a list and awaits one after the other; an
//!   error of item 1 waits behind an hour of item 0, and all tasks behind it run
//!   on, owned by nobody.
//! Source: <https://github.com/near/mpc/pull/4157>
//! Caught by: step_3_ends_with_the_first_error::after_the_first_error_nothing_begins
//! Hint: Which handle is the code waiting on while item 1 fails?

use std::{num::NonZeroUsize, panic::resume_unwind, sync::Arc};
use tokio::sync::Semaphore;

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
    let mut handles = Vec::new();
    loop {
        let slot = slots.clone().acquire_owned().await;
        let Some(item) = items.next() else { break };
        let work = operation(item);
        handles.push(tokio::spawn(async move {
            let result = work.await;
            drop(slot);
            result
        }));
    }
    let mut values = Vec::new();
    for handle in handles {
        match handle.await {
            Ok(result) => values.push(result?),
            Err(end) => resume_unwind(end.into_panic()),
        }
    }
    Ok(values)
}

#[cfg(test)]
#[path = "../../tests/joinset.rs"]
mod tests;
