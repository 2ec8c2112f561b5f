//! Mistake: calls `abort_all` and returns; to abort is to ask, and the tasks are
//!   still there, with their locks and connections, when the caller goes on.
//! Source: <https://github.com/MaterializeInc/materialize/pull/7389>
//! Caught by: step_4_leaves_nothing_behind::at_the_return_of_an_error_the_others_are_gone
//! Hint: The tasks were told to stop. Who has seen that they did?

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
    let mut items = items.into_iter().fuse();
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

    running.abort_all();
    match stop {
        Stop::Error(error) => Err(error),
        Stop::Panic(payload) => {
            while running.join_next().await.is_some() {}
            resume_unwind(payload)
        }
    }
}

#[cfg(test)]
#[path = "../../tests/joinset.rs"]
mod tests;
