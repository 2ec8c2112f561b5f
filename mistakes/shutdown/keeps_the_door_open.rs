//! Mistake: stops accepting, but the listener lives to the end of the function; new clients are
//!   connected by the kernel, wait the whole drain long, and are reset.
//! Source: <https://github.com/programatik29/axum-server/pull/111>
//! Breaks: shutdown.1
//! Caught by: step_1_stops_accepting_at_the_signal::who_comes_after_the_signal_is_refused
//! Hint: Who owns the listener while the connections are drained, and what does a listener do
//!   that nobody polls?

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
