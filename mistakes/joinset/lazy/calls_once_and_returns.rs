//! Lazy: runs the operation on the first item and returns.
//! Passes: nothing

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
    match items.into_iter().next() {
        Some(item) => Ok(vec![operation(item).await?]),
        None => Ok(vec![]),
    }
}

#[cfg(test)]
#[path = "../../../tests/joinset.rs"]
mod tests;
