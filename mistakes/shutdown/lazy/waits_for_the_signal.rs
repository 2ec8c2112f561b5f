//! Lazy: waits for the signal and returns.
//! Passes: nothing

use std::time::Duration;

use fakes::requests::Listener;
use tokio::sync::watch;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Drained,
    Aborted(usize),
}

pub async fn serve(
    _listener: Listener,
    mut shutdown: watch::Receiver<bool>,
    _limit: Duration,
) -> Outcome {
    _ = shutdown.wait_for(|stop| *stop).await;
    Outcome::Drained
}

#[cfg(test)]
#[path = "../../../tests/shutdown.rs"]
mod tests;
