//! One after the other: a `for` loop with an `await` in it.

use std::num::NonZeroUsize;

/// Runs `operation` on every item, each when the one before has ended.
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
    _ = limit;
    let mut values = vec![];
    for item in items {
        values.push(operation(item).await?);
    }
    Ok(values)
}
