//! Mistake: sends on a channel of its own and unwraps; with no connection open nobody listens,
//!   `send` fails, and the server panics in the quietest shutdown of all.
//! Source: <https://github.com/tokio-rs/tokio/issues/7228>
//! Breaks: shutdown.3; step 1 fails first because its last test has nobody connected
//!   at the signal, and the panic fails it
//! Caught by: step_1_stops_accepting_at_the_signal::who_waits_at_the_door_at_the_signal_is_not_accepted
//! Hint: Who holds a receiver when there is no connection, and what does `send` say to that?

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
/// Dropped, it drains nothing: its connections are dropped with it.
pub async fn serve(
    mut listener: Listener,
    mut shutdown: watch::Receiver<bool>,
    limit: Duration,
) -> Outcome {
    // Why a channel of our own: `shutdown` only shows its last value. A connection
    // that is busy at the `true` would look too late if a `false` came after it.
    // Mistake: lets_a_false_take_the_signal_back
    let (stop, _) = watch::channel(false);
    let mut connections = JoinSet::new();
    loop {
        select! {
            // Why biased, and the signal first: at the signal other branches are
            // ready too, and a fair choice would accept one more connection every
            // other time.
            // Mistake: flips_a_coin_at_the_door
            biased;
            () = stopped(&mut shutdown) => break,
            // Why here already: a set that nobody joins keeps every connection it
            // ever had.
            Some(_) = connections.join_next() => {}
            connection = listener.accept() => {
                connections.spawn(handle(connection, stop.subscribe()));
            }
        }
    }
    // Why by hand: as a parameter it would live, and collect connections, to the end
    // of the drain.
    // Mistake: keeps_the_door_open
    drop(listener);
    // Mistake: shouts_into_an_empty_room
    stop.send(true).unwrap();

    // Why biased, and the drain first: at the limit a connection may have closed as
    // well, and a fair choice would count it as open every other time.
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
#[path = "../../tests/shutdown.rs"]
mod tests;
