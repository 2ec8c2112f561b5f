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

use std::{convert::Infallible, time::Duration};

use fakes::requests::{Connection, Listener, process};
use tokio::{
    select,
    sync::{mpsc, watch},
    time::sleep,
};

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
    // Why channels that carry nothing: only their ends matter. `stop` and `cut`
    // speak by being dropped, and `gone` ends when the last task has dropped its
    // `alive`.
    let (stop, stopping) = watch::channel(());
    let (cut, cutting) = watch::channel(());
    let (alive, mut gone) = mpsc::channel::<Infallible>(1);
    loop {
        select! {
            biased;
            () = stopped(&mut shutdown) => break,
            connection = listener.accept() => {
                let (alive, mut cut) = (alive.clone(), cutting.clone());
                let handling = handle(connection, stopping.clone());
                tokio::spawn(async move {
                    // Why a name: `_` alone would drop it here and now.
                    let _alive = alive;
                    select! {
                        biased;
                        _ = cut.changed() => {}
                        () = handling => {}
                    }
                });
            }
        }
    }
    drop(listener);
    drop(stop);
    // Why: with a sender of our own in hand, `gone` never ends.
    let open = alive.downgrade();
    drop(alive);

    let outcome = select! {
        biased;
        _ = gone.recv() => Outcome::Drained,
        () = sleep(limit) => Outcome::Aborted(open.strong_count()),
        () = stopped_again(&mut shutdown) => Outcome::Aborted(open.strong_count()),
    };
    drop(cut);
    _ = gone.recv().await;
    outcome
}

/// Takes the requests of one connection, processes them and responds.
async fn handle(mut connection: Connection, mut stop: watch::Receiver<()>) {
    loop {
        let request = select! {
            biased;
            _ = stop.changed() => break,
            request = connection.next_request() => request,
        };
        let Some(request) = request else { break };
        let response = process(request).await;
        connection.respond(response);
        // Why after each answer: then there is never anything in the buffer to
        // forget, and a pipe full of requests pays with a flush for each.
        connection.flush().await;
    }
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
