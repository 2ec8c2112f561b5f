//! What the page "TaskTracker" ends with.

#[allow(dead_code)]
#[path = "../../../solutions/task_tracker.rs"]
mod answer;

use std::{future::pending, time::Duration};

use answer::{Gate, Outcome};
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn a_deaf_task_is_stopped_when_the_grace_is_over() {
    let start = Instant::now();
    let gate = Gate::new();

    gate.spawn(async |token| token.cancelled().await).unwrap();
    gate.spawn(async |_| pending().await).unwrap();
    let outcome = gate.shutdown(Duration::from_secs(30)).await;

    let due = Outcome { finished: 1, panicked: 0, stopped: 1 };
    assert_eq!(outcome, due, "who listens has finished, who is deaf was stopped");
    assert_eq!(start.elapsed(), Duration::from_secs(30));
}
