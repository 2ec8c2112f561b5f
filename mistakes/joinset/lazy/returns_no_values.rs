//! Lazy: returns the default, at once.
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
    _ = (limit, items.into_iter(), &mut operation);
    Ok(vec![])
}

#[cfg(test)]
#[path = "../../../tests/joinset.rs"]
mod tests;
