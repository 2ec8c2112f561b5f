//! A dependency that takes time.

use kit::{Lane, World, ms};
use tokio::time::sleep;

/// A dependency that nominally takes `takes_ms`, drawn as `what` on `lane`. Jitter makes it answer
/// after 1 ms to four times as long; yields make its caller give way soon after.
pub async fn upstream(world: &World, lane: &Lane, what: &str, takes_ms: u64) {
    let takes_ms = if world.weather().jitters() {
        1 + takes_ms * world.pick(400) / 100
    } else {
        takes_ms
    };
    let span = lane.span(what);
    sleep(ms(takes_ms)).await;
    span.end();
    if world.weather().yields() {
        world.squeeze().await;
    }
}
