//! Mistake: takes a permit for each task and lets it go at the end of the loop
//!   body, because the task never names it; the semaphore is always free and
//!   bounds nothing.
//! Source: <https://github.com/tokio-rs/tokio/issues/7351>
//! Caught by: step_2_keeps_as_many_in_flight_as_it_may::as_one_operation_ends_the_next_begins
//! Hint: Which variable is the permit in, and when does that variable go out of
//!   scope?

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
        let _permit = slots.clone().acquire_owned().await;
        let work = operation(item);
        values.push(None);
        running.spawn(async move { (index, work.await) });
    }
    while let Some(joined) = running.join_next().await {
        match joined {
            Ok((index, result)) => values[index] = Some(result?),
            Err(end) => resume_unwind(end.into_panic()),
        }
    }
    Ok(values.into_iter().flatten().collect())
}

#[cfg(test)]
#[path = "../../tests/joinset.rs"]
mod tests;
