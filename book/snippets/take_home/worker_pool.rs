//! What the page "Worker pool" sends home: a limit that cuts, on a paused clock.

#[allow(dead_code)]
#[path = "../../../solutions/worker_pool.rs"]
mod answer;

use std::{num::NonZeroUsize, time::Duration};

use tokio::time::{Instant, sleep};

use answer::{Pool, Report};

#[tokio::test(start_paused = true)]
async fn a_report_holds_every_order_that_was_accepted() {
    let ms = Duration::from_millis;
    let pool =
        Pool::new(NonZeroUsize::MIN, NonZeroUsize::MIN, move |_order: u32| {
            sleep(ms(200))
        });
    let handle = pool.handle();
    for order in 1..=3 {
        assert_eq!(handle.send(order).await, Ok(()), "there is room in the end");
    }
    let start = Instant::now();

    let report = pool.shutdown(ms(150)).await;

    // The third has come in at 200 ms, when the first was done and the second began.
    assert_eq!(start.elapsed(), ms(150), "the limit cuts the second");
    let told = Report { done: 1, panicked: 0, aborted: 1, unstarted: vec![3] };
    assert_eq!(report, told);
    assert_eq!(handle.send(4).await, Err(4), "a closed pool gives orders back");
}
