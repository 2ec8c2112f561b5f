//! Shutdown: stop accepting, finish what was begun, wait for it, and leave in time.
//!
//! - Read: `book/src/shutdown.md`
//! - Run: `cargo test --test shutdown`
//!
//! # The contract
//!
//! 1. Until the signal every connection is accepted and its requests are processed, one after
//!    the other. With the signal the listener is dropped: a connection that waits in it is not
//!    accepted, and who comes later is refused.
//! 2. With the signal each connection ends the request that is in process and closes. Requests
//!    that wait in its pipe are not begun. A connection without a request in process closes at
//!    once.
//! 3. `serve` returns `Drained` in the instant the last connection has closed. A request that
//!    panics closes its own connection and nothing else.
//! 4. The signal is the value `true`, also one that was sent before `serve` was called, or a
//!    sender that is gone. The value `false` is no signal.
//! 5. `limit` after the signal the connections that are still open are dropped, and `serve`
//!    returns `Aborted` with their number. Whatever it returns, nothing that it started is left.
//! 6. What a connection has answered is flushed before it closes. Only a panic, the limit and
//!    rule 7 cut that short.
//! 7. While it drains, one more `true` means now: as if the limit had come. A `false` or a sender
//!    that is gone changes nothing then; the signal cannot be taken back.
#![allow(unused_mut, unused_variables, dead_code)] // for the stub: delete when you are done

use std::time::Duration;

use kit::requests::{Connection, Listener};
use tokio::sync::watch;

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
    todo!("step 1: accept connections and `handle` each in a task, until the signal")
}

/// Takes the requests of one connection, gives each to [`kit::requests::process`]
/// and responds.
async fn handle(mut connection: Connection, mut shutdown: watch::Receiver<bool>) {
    todo!("step 1: process each request and respond, until the client hangs up")
}

#[cfg(test)]
#[path = "../../tests/shutdown.rs"]
mod tests;
