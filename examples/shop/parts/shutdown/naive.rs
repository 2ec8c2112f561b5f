//! Stops at once: the signal ends the loop, and whatever is at work ends with it.

use std::time::Duration;

use fakes::requests::{Connection, Listener, process};
use tokio::{select, sync::watch, task::JoinSet};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was open.
    Drained,
    /// So many connections were open, and were dropped.
    Aborted(usize),
}

/// Serves the connections of `listener` until the signal.
pub async fn serve(
    mut listener: Listener,
    mut shutdown: watch::Receiver<bool>,
    limit: Duration,
) -> Outcome {
    _ = limit;
    let mut connections = JoinSet::new();
    loop {
        select! {
            biased;
            _ = shutdown.changed() => break,
            Some(_) = connections.join_next() => {}
            connection = listener.accept() => {
                connections.spawn(handle(connection));
            }
        }
    }
    match connections.len() {
        0 => Outcome::Drained,
        open => Outcome::Aborted(open),
    }
}

async fn handle(mut connection: Connection) {
    while let Some(request) = connection.next_request().await {
        let response = process(request).await;
        connection.respond(response);
        connection.flush().await;
    }
}
