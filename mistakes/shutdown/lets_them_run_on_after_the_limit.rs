//! Mistake: a timeout around the wait drops the wait, not the work; the log says that the exit
//!   was forced, and the requests go on behind it.
//! Source: <https://github.com/pubky/pubky-nexus/pull/1012>
//! Breaks: shutdown.5
//! Caught by: step_5_leaves_in_time::at_the_limit_it_returns_and_nothing_is_left
//! Hint: The limit has passed. Which line of yours stops the connections?

use std::time::Duration;

use fakes::requests::{Connection, Listener, process};
use tokio::{select, sync::watch, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How a drain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every connection has closed by itself.
    Drained,
    /// So many connections were still open, and were dropped.
    Aborted(usize),
}

/// Serves the connections of `listener` until `shutdown` gives the signal, then
/// drains them for at most `limit`.
///
/// # Cancel safety
///
/// Dropped, it drains nothing: its connections are dropped with it.
pub async fn serve(
    mut listener: Listener,
    mut shutdown: watch::Receiver<bool>,
    limit: Duration,
) -> Outcome {
    let stop = CancellationToken::new();
    let connections = TaskTracker::new();
    loop {
        select! {
            biased;
            () = stopped(&mut shutdown) => break,
            connection = listener.accept() => {
                connections.spawn(handle(connection, stop.clone()));
            }
        }
    }
    drop(listener);
    stop.cancel();
    // Why: a tracker that was not closed is never done waiting.
    // Mistake: never_closes_the_tracker
    connections.close();
    select! {
        drained = timeout(limit, connections.wait()) => match drained {
            Ok(()) => Outcome::Drained,
            Err(_) => Outcome::Aborted(connections.len()),
        },

        () = stopped_again(&mut shutdown) => Outcome::Aborted(connections.len()),
    }
}

/// Takes the requests of one connection, processes them and responds.
async fn handle(mut connection: Connection, stop: CancellationToken) {
    loop {
        // Why not `run_until_cancelled`: it asks for the request first, and takes one
        // that comes in the instant of the signal.
        // Mistake: takes_a_request_that_comes_with_the_signal
        let request = select! {
            biased;
            () = stop.cancelled() => break,
            request = connection.next_request() => request,
        };
        let Some(request) = request else { break };
        let response = process(request).await;
        connection.respond(response);
    }
    connection.flush().await;
}

/// Resolves with the signal.
async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    _ = shutdown.wait_for(|stop| *stop).await;
}

/// Resolves with one more `true` after the signal.
async fn stopped_again(shutdown: &mut watch::Receiver<bool>) {
    while shutdown.changed().await.is_ok() {
        if *shutdown.borrow() {
            return;
        }
    }
    std::future::pending().await
}

#[cfg(test)]
#[path = "../../tests/shutdown.rs"]
mod tests;
