//! What the page "First light" sends home: the clock of the suites, in two attributes.

#[allow(dead_code)]
#[path = "../../../solutions/first_light.rs"]
mod answer;

// ANCHOR: imports
use std::time::Duration;

use tokio::time::Instant;
// ANCHOR_END: imports

use answer::signal;

#[tokio::test(start_paused = true)]
async fn the_call_returns_with_the_last_flash() {
    let start = Instant::now();
    let mut flashes = vec![];

    let lamp = || flashes.push(start.elapsed().as_millis());
    signal(lamp, 3, Duration::from_secs(3_600)).await;

    assert_eq!(flashes, [0, 3_600_000, 7_200_000], "an hour apart");
    let returned = start.elapsed().as_millis();
    assert_eq!(returned, 7_200_000, "no hour follows the last flash");
}
