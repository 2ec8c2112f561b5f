//! Lazy: serves one request and returns.
//! Passes: nothing

use std::time::Duration;

use fakes::requests::{Listener, process};
use tokio::sync::watch;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Drained,
    Aborted(usize),
}

pub async fn serve(
    mut listener: Listener,
    _shutdown: watch::Receiver<bool>,
    _limit: Duration,
) -> Outcome {
    let mut connection = listener.accept().await;
    if let Some(request) = connection.next_request().await {
        let response = process(request).await;
        connection.respond(response);
        connection.flush().await;
    }
    Outcome::Drained
}

#[cfg(test)]
#[path = "../../../tests/shutdown.rs"]
mod tests;
