//! Mistake: waits for the connections without a limit, as the graceful shutdown of most servers
//!   does; one client that never ends holds the process until it is killed.
//! Source: <https://github.com/moadim-io/daemon/issues/342>
//! Breaks: shutdown.5
//! Caught by: step_5_leaves_in_time::at_the_limit_it_returns_and_nothing_is_left
//! Hint: One request needs an hour. When does `serve` return?

use std::time::Duration;

use fakes::requests::{Connection, Listener, process};
use tokio::{select, sync::watch};
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
    _limit: Duration,
) -> Outcome {
    // Why two tokens: a token is cancelled once and stays so, which suits a signal
    // that cannot be taken back. A second signal needs a second token.
    let (stop, now) = (CancellationToken::new(), CancellationToken::new());
    // Why a guard: a tracker that is dropped lets its tasks run on.
    // Mistake: leaves_its_tasks_when_it_is_dropped
    let _guard = now.clone().drop_guard();
    let connections = TaskTracker::new();
    loop {
        select! {
            biased;
            () = stopped(&mut shutdown) => break,
            connection = listener.accept() => {
                let (handling, cut) = (handle(connection, stop.clone()), now.clone());
                connections.spawn(async move {
                    // Why around the whole of it: a tracker cannot abort, so each
                    // connection drops itself.
                    // Mistake: flushes_even_when_it_is_cut
                    select! {
                        biased;
                        () = cut.cancelled() => {}
                        () = handling => {}
                    }
                });
            }
        }
    }
    drop(listener);
    stop.cancel();
    // Why: a tracker that was not closed is never done waiting.
    // Mistake: never_closes_the_tracker
    connections.close();

    let outcome = select! {
        biased;
        () = connections.wait() => Outcome::Drained,
        () = stopped_again(&mut shutdown) => Outcome::Aborted(connections.len()),
    };
    now.cancel();
    connections.wait().await;
    outcome
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
