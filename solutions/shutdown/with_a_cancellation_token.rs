//! Shutdown: stop accepting, finish what was begun, wait for it, and leave in time.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/shutdown.md`
//! - Run: `cargo test --test solutions_shutdown`
//!
//! # The contract
//!
//! 1. Until the signal every connection is accepted, and its requests are processed one after the
//!    other. When its client has hung up, a connection answers what was sent, and closes. At the
//!    signal the listener is dropped: a client that is not accepted by then, or that comes later,
//!    is refused.
//! 2. At the signal each connection finishes the request it is processing, and closes. A connection
//!    that is processing none closes at once. No other request begins: neither one that waits in
//!    the pipe, nor one that is sent after the signal, even in the same instant.
//! 3. `serve` returns `Drained` in the instant the last connection has closed. A request that
//!    panics closes its own connection and nothing else.
//! 4. The signal is the value `true`, even if it was sent before `serve` was called. A sender that
//!    was dropped is the signal as well. The value `false` is no signal. A value that is replaced
//!    before `serve` could see it was never sent.
//! 5. When `limit` has passed since the signal, connections still open are dropped, and `serve`
//!    returns `Aborted` with their number, or `Drained` if there are none. When `serve` returns,
//!    nothing that it started is left. When `serve` is dropped, everything it started is dropped or
//!    aborted.
//! 6. Answers are flushed as soon as no request waits behind them or is processed, and before the
//!    connection closes. Only a panic and rules 5 and 7 cut that short.
//! 7. While it drains, one more `true` ends the drain at once, as if the limit had passed. A
//!    `false` or a dropped sender changes nothing during the drain: the signal cannot be taken
//!    back.

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
/// Dropped, it drains nothing: its connections are aborted.
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
