//! Seeing a panic where it arrives.

use std::{
    any::Any,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

/// What `future` gives, or the payload of the panic it ends with.
///
/// The panic is caught in the poll it leaves `future` by, so no other task runs in between, as
/// one would between the end of a spawned task and its join. Say [`crate::World::expect_panics`]
/// for each panic that belongs to the scenario.
///
/// # Errors
///
/// The payload of the panic.
pub async fn caught<T>(
    future: impl Future<Output = T>,
) -> Result<T, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let poll = || future.as_mut().poll(cx);
        match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(answer) => answer.map(Ok),
            Err(payload) => Poll::Ready(Err(payload)),
        }
    })
    .await
}
