//! Mistake: loops until it has as many values as it began operations; one panic
//!   gives no value, the set runs empty, and an empty set is ready with `None` at
//!   once, for ever.
//! Source: <https://github.com/bitcoin-dev-project/sim-ln/issues/182>
//! Caught by: step_7_hands_a_panic_on::a_panic_arrives_when_the_others_are_gone
//! Hint: What does the set give when nothing is left in it, and how long does it
//!   take to say so?
//! Hangs: an empty set never waits, so the loop keeps the thread, and only the
//!   watchdog ends it.

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
    let mut received = 0;

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
        if received == values.len() {
            return Ok(values.into_iter().flatten().collect());
        }
        match running.join_next().await {
            Some(Ok((index, Ok(value)))) => {
                values[index] = Some(value);
                received += 1;
            }
            Some(Ok((_, Err(error)))) => break Stop::Error(error),
            Some(Err(_)) | None => {}
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
