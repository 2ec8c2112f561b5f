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
use tokio::{select, sync::watch, task::JoinSet, time::sleep};

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
    // Why a channel of our own: `shutdown` only shows its last value. A connection
    // that is busy at the `true` would look too late if a `false` came after it.
    // Mistake: lets_a_false_take_the_signal_back
    let (stop, stopping) = watch::channel(false);
    let mut connections = JoinSet::new();
    loop {
        select! {
            // Why biased, and the signal first: at the signal other branches are
            // ready too, and a choice by chance would now and then accept one more
            // connection.
            // Mistake: flips_a_coin_at_the_door
            biased;
            () = stopped(&mut shutdown) => break,
            // Why here already: a set that nobody joins keeps every connection it
            // ever had.
            Some(_) = connections.join_next() => {}
            connection = listener.accept() => {
                connections.spawn(handle(connection, stopping.clone()));
            }
        }
    }
    // Why by hand: as a parameter it would live, and collect connections, to the end
    // of the drain.
    // Mistake: keeps_the_door_open
    drop(listener);
    // Why `send_replace`: `send` fails, and stores nothing, when nobody listens.
    // Mistake: shouts_into_an_empty_room
    stop.send_replace(true);

    // Why biased, and the drain first: at the limit a connection may have closed as
    // well, and a choice by chance would now and then count it as open.
    // Mistake: tosses_a_coin_at_the_limit
    let outcome = select! {
        biased;
        () = drained(&mut connections) => Outcome::Drained,
        () = sleep(limit) => Outcome::Aborted(connections.len()),
        () = stopped_again(&mut shutdown) => Outcome::Aborted(connections.len()),
    };
    // Why wait again: an abort is a request. The tasks are gone when they have been
    // joined.
    // Mistake: takes_an_abort_for_the_end
    connections.shutdown().await;
    outcome
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

/// Resolves with one more `true` after the signal.
async fn stopped_again(shutdown: &mut watch::Receiver<bool>) {
    // Why `changed`: the value is `true` already, so only its next version says
    // something.
    // Mistake: asks_for_what_is_already_true
    while shutdown.changed().await.is_ok() {
        if *shutdown.borrow() {
            return;
        }
    }
    // Why wait for ever: a sender that is gone now says nothing, and it says it at
    // once.
    // Mistake: takes_a_lost_sender_for_the_second_signal
    std::future::pending().await
}

/// Resolves when every connection has closed, however it did.
async fn drained(connections: &mut JoinSet<()>) {
    // Why the result is ignored: it is an error for the one whose request panicked,
    // and the others are still at work.
    // Mistake: stops_waiting_at_the_first_panic
    while connections.join_next().await.is_some() {}
}

#[cfg(test)]
#[path = "../tests/shutdown.rs"]
mod tests;
