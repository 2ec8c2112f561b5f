//! Mistake: stops beginning at the first error, but waits for everything in
//!   flight before it says so; the caller learns after an hour what was known
//!   after 150 ms.
//! Source: <https://github.com/conic-apps/launcher/issues/55>
//! Caught by: step_3_ends_with_the_first_error::the_first_error_arrives_when_it_happens
//! Hint: The error is known at 150 ms. What is the code still waiting for?

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
    let mut running = JoinSet::new();
    let mut failure = None;
    loop {
        while failure.is_none() && running.len() < limit.get() {
            let Some(item) = items.next() else { break };
            let (index, work) = (values.len(), operation(item));
            values.push(None);
            running.spawn(async move { (index, work.await) });
        }
        match running.join_next().await {
            None => break,
            Some(Ok((index, Ok(value)))) => values[index] = Some(value),
            Some(Ok((_, Err(error)))) => _ = failure.get_or_insert(error),
            Some(Err(end)) => resume_unwind(end.into_panic()),
        }
    }
    match failure {
        Some(error) => Err(error),
        None => Ok(values.into_iter().flatten().collect()),
    }
}

#[cfg(test)]
#[path = "../../tests/joinset.rs"]
mod tests;
