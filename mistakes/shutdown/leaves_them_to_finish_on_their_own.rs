//! Mistake: spawns the connections and returns at the signal; nobody waits for them, main
//!   returns, and every request in process dies with the runtime while the log says
//!   "gracefully".
//! Source: <https://github.com/anza-xyz/agave/issues/8086>
//! Breaks: shutdown.3
//! Caught by: step_3_waits_for_everyone::a_drain_ends_with_the_last_connection
//! Hint: Who knows that a connection is still at work when `serve` returns?

use std::time::Duration;

use fakes::requests::{Connection, Listener, process};
use tokio::{select, sync::watch};

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
    loop {
        select! {
            // Why biased, and the signal first: at the signal other branches are
            // ready too, and a fair choice would accept one more connection every
            // other time.
            // Mistake: flips_a_coin_at_the_door
            biased;
            () = stopped(&mut shutdown) => break,
            connection = listener.accept() => {
                tokio::spawn(handle(connection, shutdown.clone()));
            }
        }
    }
    Outcome::Drained
}

/// Takes the requests of one connection, processes them and responds.
async fn handle(mut connection: Connection, mut shutdown: watch::Receiver<bool>) {
    loop {
        // Why only the wait for a request: what stands in a branch is dropped when
        // another one wins, and `process` must not be.
        // Mistake: abandons_the_current_request
        let request = select! {
            biased;
            () = stopped(&mut shutdown) => break,
            request = connection.next_request() => request,
        };
        let Some(request) = request else { break };
        let response = process(request).await;
        connection.respond(response);
    }
    // Why here, where all ways out meet: also an idle connection may have answers in
    // its buffer.
    // Mistake: flushes_only_what_it_has_just_answered
    connection.flush().await;
}

/// Resolves with the signal.
async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    // Why `wait_for`: it looks at the value that is there before it waits for a
    // change. Its error is a sender that is gone, which is the signal as well.
    // Mistake: waits_for_a_change_that_has_happened
    _ = shutdown.wait_for(|stop| *stop).await;
}

#[cfg(test)]
#[path = "../../tests/shutdown.rs"]
mod tests;
