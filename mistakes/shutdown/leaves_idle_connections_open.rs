//! Mistake: looks at the signal between two requests only; an idle keep-alive connection waits
//!   for a request that never comes, and each deployment takes the whole limit.
//! Source: <https://github.com/hasura/graphql-engine/issues/7785>
//! Breaks: shutdown.2
//! Caught by: step_2_ends_the_current_request_only::a_connection_closes_when_its_request_has_ended
//! Hint: Where does a connection wait while its client says nothing, and does it hear the signal
//!   there?

use std::time::Duration;

use fakes::requests::{Connection, Listener, process};
use tokio::{select, sync::watch, time::sleep};
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
        () = sleep(limit) => Outcome::Aborted(connections.len()),
        () = stopped_again(&mut shutdown) => Outcome::Aborted(connections.len()),
    };
    now.cancel();
    connections.wait().await;
    outcome
}

/// Takes the requests of one connection, processes them and responds.
async fn handle(mut connection: Connection, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let request = connection.next_request().await;
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
