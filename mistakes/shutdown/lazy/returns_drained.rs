//! Lazy: returns `Drained`, at once.
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
    _shutdown: watch::Receiver<bool>,
    _limit: Duration,
) -> Outcome {
    Outcome::Drained
}

#[cfg(test)]
#[path = "../../../tests/shutdown.rs"]
mod tests;
