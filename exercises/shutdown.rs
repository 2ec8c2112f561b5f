//! Shutdown: stop accepting, finish what was begun, wait for it, and leave in time.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/shutdown.md`
//! - Run: `cargo test --test shutdown`
//! - What every contract takes for granted: book/src/conventions.md
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
#![allow(unused_mut, unused_variables, dead_code)] // for the stub: delete when you are done

use std::time::Duration;

use fakes::requests::{Connection, Listener};
use tokio::sync::watch;

/// How a drain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every connection has closed by itself.
    Drained,
    /// So many connections were still open, and were dropped. With a limit of zero those that were
    /// idle may count or not.
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
    todo!("step 1: accept connections and `handle` each in a task, until the signal")
}

/// Takes the requests of one connection, gives each to [`fakes::requests::process`]
/// and responds.
async fn handle(mut connection: Connection, mut shutdown: watch::Receiver<bool>) {
    todo!("step 1: process each request and respond, until the client hangs up")
}

#[cfg(test)]
#[path = "../tests/shutdown.rs"]
mod tests;
