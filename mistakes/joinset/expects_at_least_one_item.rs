//! Mistake: joins before it asks whether anything is there; the day the list is
//!   empty, the job that has nothing to do is the one that panics.
//! Source: <https://github.com/nomad-xyz/rust/pull/211>
//! Caught by: step_1_answers_in_the_order_of_the_items::without_items_the_answer_comes_at_once
//! Hint: Go through the code with an empty list: which line is the first to be
//!   surprised?

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
    let mut items = items.into_iter().fuse().peekable();
    let mut values = Vec::new();
    let mut running = JoinSet::new();
    let mut free = limit.get();

    let stop = 'run: loop {
        while free > 0 {
            let begun = || items.next().map(&mut operation);
            match catch_unwind(AssertUnwindSafe(begun)) {
                Ok(None) => break,
                Ok(Some(work)) => {
                    let index = values.len();
                    values.push(None);
                    running.spawn(async move { (index, work.await) });
                    free -= 1;
                }
                Err(payload) => break 'run Stop::Panic(payload),
            }
        }
        let joined = running.join_next().await;
        match joined.expect("an operation is in flight") {
            Ok((index, Ok(value))) => values[index] = Some(value),
            Ok((_, Err(error))) => break Stop::Error(error),
            Err(end) => break Stop::Panic(end.into_panic()),
        }
        free += 1;
        if running.is_empty() && items.peek().is_none() {
            return Ok(values.into_iter().flatten().collect());
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
