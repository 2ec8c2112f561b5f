//! Mistake: flashes first and counts later; asked for none, it flashes once.
//! Source: x
//! Caught by: step_1_flashes_in_time::not_at_all_when_there_is_nothing_to_signal
//! Hint: What does the code do when `flashes` is zero?

use std::time::Duration;

use tokio::time::sleep;

pub async fn signal(mut lamp: impl FnMut(), flashes: u32, every: Duration) {
    lamp();
    for _ in 1..flashes {
        sleep(every).await;
        lamp();
    }
}

#[cfg(test)]
#[path = "../../tests/first_light.rs"]
mod tests;
