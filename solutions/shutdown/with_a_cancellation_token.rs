//! Shutdown: stop accepting, finish what was begun, wait for it, and leave in time.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/shutdown.md`
//! - Run: `cargo test --test shutdown`
//!
//! # The contract
//!
//! 1. Until the signal every connection is accepted and its requests are processed, one after the
//!    other. At the signal the listener is dropped: a connection that is not accepted by then never
//!    is, and later ones are refused.
//! 2. At the signal each connection finishes the request it is processing, and closes. Requests
//!    that were sent but not begun are not begun. A connection that is processing none closes at
//!    once.
//! 3. `serve` returns `Drained` in the instant the last connection has closed. A request that
//!    panics closes its own connection and nothing else.
//! 4. The signal is the value `true`, including one sent before `serve` was called, or a sender
//!    that was dropped. The value `false` is no signal.
//! 5. When `limit` has passed since the signal, connections still open are dropped, and `serve`
//!    returns `Aborted` with their number. Whatever it returns, nothing that it started is left.
//! 6. What a connection has answered is flushed before it closes. Only a panic, the limit and rule
//!    7 cut that short.
//! 7. While it drains, a second `true` ends the drain at once, as if the limit had passed. A
//!    `false` or a dropped sender changes nothing then: the signal cannot be taken back.

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
/// drains them for at most `limit`. `Duration::MAX` is a limit that never comes.
///
/// # Cancel safety
///
/// Not promised: a server that is dropped drains nothing.
pub async fn serve(
    mut listener: Listener,
    mut shutdown: watch::Receiver<bool>,
    limit: Duration,
) -> Outcome {
    // Why two tokens: a token is cancelled once and stays so, which suits a signal
    // that cannot be taken back. A second signal needs a second token.
    let (stop, now) = (CancellationToken::new(), CancellationToken::new());
    let connections = TaskTracker::new();
    loop {
        select! {
            biased;
            () = stopped(&mut shutdown) => break,
            connection = listener.accept() => {
                let handling = handle(connection, stop.clone());
                // Why around the whole of it: a tracker cannot abort, so each
                // connection drops itself.
                // Mistake: flushes_even_when_it_is_cut
                let cut = now.clone();
                connections.spawn(cut.run_until_cancelled_owned(handling));
            }
        }
    }
    drop(listener);
    stop.cancel();
    // Why: a tracker that was not closed is never done waiting.
    // Mistake: never_closes_the_tracker
    connections.close();

    let outcome = select! {
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
        let next = stop.run_until_cancelled(connection.next_request()).await;
        let Some(Some(request)) = next else { break };
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
