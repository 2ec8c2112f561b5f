//! A caller that leaves in the middle of a call.

use std::future::Future;

use tokio::time::timeout;

use crate::{World, ms, require};

/// Polls `call` for so long, and drops it, as a caller with a limit of its own does. What a test says about a
/// dropped call is said of one that was dropped.
///
/// # Panics
///
/// Ends the test if the call has ended by then.
pub async fn leave(world: &World, after_ms: u64, call: impl Future) {
    let has_ended = timeout(ms(after_ms), call).await.is_ok();
    world.lane("caller").log(if has_ended { "has an answer" } else { "leaves" });
    require(!has_ended, "a call with more to do goes on until its caller leaves");
}
