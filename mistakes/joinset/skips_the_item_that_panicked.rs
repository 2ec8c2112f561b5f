//! Mistake: drops a join error on the floor; the answer is one value short, every
//!   value behind the gap belongs to another item, and nobody is told.
//! Source: <https://github.com/chatmail/core/pull/8686>
//! Caught by: step_7_hands_a_panic_on::a_panic_arrives_when_the_others_are_gone
//! Hint: How many values does the caller get for three items when one of them
//!   panics?

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
            Some(Err(_)) => {}
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
