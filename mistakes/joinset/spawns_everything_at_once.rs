//! Mistake: hands every item to the set before it joins the first; `limit` bounds
//!   nothing, and ten thousand items are ten thousand open connections.
//! Source: <https://github.com/linera-io/linera-protocol/pull/4666>
//! Caught by: step_2_keeps_as_many_in_flight_as_it_may::as_one_operation_ends_the_next_begins
//! Hint: Where in the code does `limit` stop anything from happening?

use std::{num::NonZeroUsize, panic::resume_unwind};

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
    let mut running = JoinSet::new();
    let mut values = Vec::with_capacity(limit.get());
    for (index, item) in items.into_iter().enumerate() {
        let work = operation(item);
        values.push(None);
        running.spawn(async move { (index, work.await) });
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
