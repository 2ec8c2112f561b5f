//! Mistake: hands the limit to a semaphore as it is; a caller that wants no limit
//!   passes `usize::MAX`, the semaphore holds an eighth of that, and its
//!   constructor panics.
//! Source: <https://github.com/tari-project/tari/issues/4400>
//! Caught by: step_2_keeps_as_many_in_flight_as_it_may::operations_run_together_when_there_is_room_for_all
//! Hint: Which numbers may a caller pass as the limit, and which of them does the
//!   semaphore take?

use std::{
    any::Any,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::Arc,
};

use tokio::{select, sync::Semaphore, task::JoinSet};

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
    let slots = Arc::new(Semaphore::new(limit.get()));
    let mut items = items.into_iter();
    let mut values = Vec::new();
    let mut running = JoinSet::new();
    let mut more = true;

    let stop = loop {
        select! {
            biased;
            Some(end) = running.join_next() => match end {
                Ok((_slot, index, Ok(value))) => values[index] = Some(value),
                Ok((_, _, Err(error))) => break Stop::Error(error),
                Err(end) => break Stop::Panic(end.into_panic()),
            },
            slot = slots.clone().acquire_owned(), if more => {
                let slot = slot.expect("nobody closes this semaphore");
                let begun = || items.next().map(&mut operation);
                match catch_unwind(AssertUnwindSafe(begun)) {
                    Ok(None) => more = false,
                    Ok(Some(work)) => {
                        let index = values.len();
                        values.push(None);
                        running.spawn(async move { (slot, index, work.await) });
                    }
                    Err(payload) => break Stop::Panic(payload),
                }
            }
            else => return Ok(values.into_iter().flatten().collect()),
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
