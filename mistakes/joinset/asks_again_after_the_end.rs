//! Mistake: asks the iterator for more after each end, also when it has said
//!   `None`; with the messages of a channel as items the run never ends while
//!   somebody sends, and what it takes is not in the batch it was given.
//! Source: <https://github.com/rust-lang/rust/issues/37990>
//! Caught by: step_5_takes_items_as_it_needs_them::after_its_end_the_iterator_is_not_asked_again
//! Hint: How often does the loop ask for the next item when there is none? Which
//!   iterators may answer the second time?

use std::{
    any::Any,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use tokio::task::JoinSet;

/// Why a run ends early.
enum Stop<E> {
    Error(E),
    Panic(Box<dyn Any + Send>),
}

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
    let mut items = items.into_iter();
    let mut values = Vec::new();
    let mut running = JoinSet::new();

    let stop = 'run: loop {
        while running.len() < limit.get() {
            let begun = || items.next().map(&mut operation);
            match catch_unwind(AssertUnwindSafe(begun)) {
                Ok(None) => break,
                Ok(Some(work)) => {
                    let index = values.len();
                    values.push(None);
                    running.spawn(async move { (index, work.await) });
                }
                Err(payload) => break 'run Stop::Panic(payload),
            }
        }
        match running.join_next().await {
            None => return Ok(values.into_iter().flatten().collect()),
            Some(Ok((index, Ok(value)))) => values[index] = Some(value),
            Some(Ok((_, Err(error)))) => break Stop::Error(error),
            Some(Err(end)) => break Stop::Panic(end.into_panic()),
        }
    };

    running.shutdown().await;
    match stop {
        Stop::Error(error) => Err(error),
        Stop::Panic(payload) => resume_unwind(payload),
    }
}

#[cfg(test)]
#[path = "../../tests/joinset.rs"]
mod tests;
