//! JoinSet: many operations at once, a bound, one answer.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/joinset.md`
//! - Run: `cargo test --test joinset`
//! - What every contract takes for granted: book/src/conventions.md
//!
//! # The contract
//!
//! 1. The answer holds one value per item, in the order of the items, whichever operation ends
//!    first. With no items the answer is empty, and it is there at once.
//! 2. An operation begins when `operation` is called. The first `limit` begin at once. While items
//!    are left, the next one begins in the instant another ends. The answer is there in the instant
//!    the last one ends.
//! 3. The error that comes first, by the clock, ends the run: the call returns it in that instant,
//!    and no operation begins after it.
//! 4. A call that returns leaves nothing behind: operations in flight at an error are stopped, and
//!    before the call returns the futures of all operations are gone, of those that ended too.
//! 5. An item is taken from the iterator in the instant its operation begins, not earlier. So items
//!    that a failed run did not begin are still in the iterator. After its first `None` the
//!    iterator is not asked again.
//! 6. Dropping the returned future stops everything. From that instant on no operation begins, and
//!    those in flight are gone before time moves on.
//! 7. A panic ends the run like an error, be it in an operation, in the call that makes one or in
//!    the iterator. The caller gets the panic in that instant, with its own payload, and nothing is
//!    left behind then. Of all errors and panics the caller gets the first.
#![allow(unused_mut, unused_variables, dead_code)] // for the stub: delete when you are done

use std::num::NonZeroUsize;

/// Runs `operation` on every item, at most `limit` at the same time.
/// It may give way before it answers, also without items.
///
/// # Errors
///
/// The first error; no other operation is in flight when it arrives.
///
/// # Panics
///
/// When an operation, the call that makes one or the iterator panics, with the same
/// payload.
///
/// # Cancel safety
///
/// Dropped, it stops its operations wherever they wait, and takes no further item.
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
    todo!(
        "step 1: run `operation` on one item after the other and collect the values"
    )
}

#[cfg(test)]
#[path = "../tests/joinset.rs"]
mod tests;
