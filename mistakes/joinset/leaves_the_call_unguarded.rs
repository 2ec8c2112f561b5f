//! Mistake: guards against panics of the tasks and not against the call that
//!   makes one; that panic unwinds past the set, and the tasks are still there
//!   when it arrives.
//! Source: <https://github.com/matter-labs/era-consensus/pull/16>
//! Caught by: step_7_hands_a_panic_on::a_panic_in_the_call_for_an_operation_arrives_too
//! Hint: Whose code runs inside your function, not in a task of its own? What if
//!   it panics?

use std::{any::Any, num::NonZeroUsize, panic::resume_unwind};

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

    let stop = loop {
        while running.len() < limit.get() {
            let Some(item) = items.next() else { break };
            let (index, work) = (values.len(), operation(item));
            values.push(None);
            running.spawn(async move { (index, work.await) });
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
