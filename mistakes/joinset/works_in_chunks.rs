//! Mistake: runs the items in chunks of `limit`; each chunk takes as long as its
//!   slowest item, and all other slots stand idle meanwhile.
//! Source: <https://github.com/ethereum/glados/pull/142>
//! Caught by: step_2_keeps_as_many_in_flight_as_it_may::as_one_operation_ends_the_next_begins
//! Hint: Between the first end and the second beginning, how many operations are
//!   in flight?

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
    // Why fused: each end asks for the next item, and an iterator that has said `None`
    // may have more a moment later.
    // Mistake: asks_again_after_the_end
    let mut items = items.into_iter().fuse();
    let mut values = Vec::new();
    loop {
        let mut chunk = JoinSet::new();
        for item in items.by_ref().take(limit.get()) {
            let (index, work) = (values.len(), operation(item));
            values.push(None);
            chunk.spawn(async move { (index, work.await) });
        }
        if chunk.is_empty() {
            return Ok(values.into_iter().flatten().collect());
        }
        while let Some(joined) = chunk.join_next().await {
            match joined {
                Ok((index, Ok(value))) => values[index] = Some(value),
                Ok((_, Err(error))) => {
                    chunk.shutdown().await;
                    return Err(error);
                }
                Err(end) => {
                    chunk.shutdown().await;
                    resume_unwind(end.into_panic());
                }
            }
        }
    }
}

#[cfg(test)]
#[path = "../../tests/joinset.rs"]
mod tests;
