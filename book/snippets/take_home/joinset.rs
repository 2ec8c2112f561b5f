//! What the page "JoinSet" ends with.

#[allow(dead_code)]
#[path = "../../../solutions/joinset.rs"]
mod answer;

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use answer::map_bounded;
use tokio::time::{Instant, sleep};

#[tokio::test(start_paused = true)]
async fn a_failed_run_leaves_nothing_behind() {
    let start = Instant::now();
    let alive = Arc::new(());
    let three = NonZeroUsize::new(3).unwrap();

    let run = map_bounded(three, 0..10_u64, |item| {
        let alive = alive.clone();
        async move {
            let _alive = alive;
            sleep(Duration::from_millis(100 + 50 * item)).await;
            if item == 1 { Err("item 1") } else { Ok(item) }
        }
    });
    let answer = run.await;

    // At 150 ms item 1 fails, and items 2 and 3 are in flight.
    assert_eq!(answer, Err("item 1"));
    assert_eq!(start.elapsed(), Duration::from_millis(150));
    assert_eq!(Arc::strong_count(&alive), 1, "no future outlives the return");
}
