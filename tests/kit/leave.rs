//! A caller that leaves in the middle of a call.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    time::Duration,
};

use tokio::time::timeout;

use crate::{World, ms, require};

/// Polls `call` for so long, and drops it, as a caller with a limit of its own does. What a test says about a
/// dropped call is said of one that was dropped.
///
/// # Panics
///
/// Ends the test if the call has ended by then.
pub async fn leave(world: &World, after_ms: u64, call: impl Future) {
    let has_ended = stays(world, ms(after_ms), call).await.is_some();
    world.lane("caller").log(if has_ended { "has an answer" } else { "leaves" });
    require(!has_ended, "a call with more to do goes on until its caller leaves");
}

/// What `call` gives to a caller with so much patience; without an answer by then the caller [`drops`] it.
pub async fn stays<T>(
    world: &World,
    patience: Duration,
    call: impl Future<Output = T>,
) -> Option<T> {
    let mut call = Box::pin(call);
    let answer = timeout(patience, call.as_mut()).await.ok();
    if answer.is_none() {
        drops(world, call);
    }
    answer
}

/// Drops `call`. Where callers must yield, half of them leave by a panic of their own: what they hold is dropped while
/// the thread unwinds.
pub fn drops(world: &World, call: impl Sized) {
    let mut call = Some(call);
    leaves(world, &mut || drop(call.take()));
}

/// How a caller leaves, without the type of what it drops.
fn leaves(world: &World, drops: &mut dyn FnMut()) {
    if !world.weather().yields() || world.pick(2) == 0 {
        return drops();
    }
    let unwinds = || {
        let _drops = AtTheEnd(drops);
        // Why not `panic!`: the hook would count it.
        resume_unwind(Box::new("the caller leaves"))
    };
    _ = catch_unwind::<_, ()>(AssertUnwindSafe(unwinds));
}

struct AtTheEnd<'a>(&'a mut dyn FnMut());

impl Drop for AtTheEnd<'_> {
    fn drop(&mut self) {
        (self.0)();
    }
}
