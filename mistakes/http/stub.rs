//! An HTTP service: users behind axum, on a server that lets nobody hold it up.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/http.md`
//! - Run: `cargo test --test http`
//! - What every contract takes for granted: book/src/conventions.md
//!
//! # The contract
//!
//! 1. `GET /users` lists all users, `GET /users/{id}` shows one, `POST /users` with a `name`
//!    creates one (201, and `Location: /users/{id}`), `DELETE /users/{id}` deletes one (204).
//!    `/live` and `/ready` are 200. Every error is `{"error": REASON}` as JSON, with the
//!    `canonical_reason` of its status, and tells nothing else: 400 for what is no JSON or no id,
//!    404 (no such path or user), 405, 409 (the name is taken), 415, 422 for JSON without a name,
//!    503 when the database is unavailable, 500. A request with two faults may have the status of
//!    either, but rule 2 comes first. No request waits for another or asks the database twice.
//! 2. A route of users asks for `Authorization: Bearer KEY` before anything else, and reads no body
//!    before. Without a known key it is 401, with `WWW-Authenticate: Bearer`. A reader may use safe
//!    methods only, the rest is 403. Other paths ask for no key. Keys are compared in constant
//!    time.
//! 3. Every request that comes to the router is logged once: when the head of its answer is ready,
//!    or when it is dropped before that, because its client has left or `serve` has ended. The line
//!    has the method, the template of the route or `-`, the status or none without an answer, and
//!    the whole milliseconds since the request came.
//! 4. `POST /users` with a body of more than `limits.body` bytes is 413. A request without an
//!    answer `limits.handler` after it came is 504. A panic is 500, and nobody else notices. Once
//!    `GET /users/{id}` has found a user, the next such GET does not ask the database; this ends
//!    when a DELETE of the user asks it. While a DELETE runs, a GET may show the user or not. Once
//!    the database has said that the user is deleted, no GET that comes then shows the user, even
//!    if an older GET had read the user before. Nothing else of the users comes from memory, except
//!    that a deleted user is gone: no id comes back. A DELETE that has asked the database goes on
//!    when its client has left or its time is over.
//! 5. `serve` accepts every connection at once. After it was accepted, and after each answer, a
//!    connection has `limits.header` to send a whole head; if it does not, it is closed. When
//!    `accept` fails for one connection (refused, reset, aborted), `serve` accepts on. After any
//!    other error it waits before it accepts again: 10 ms after the first, twice as long after each
//!    further one in a row, at most 1 s. Meanwhile the other connections are served.
//! 6. When `shutdown` ends, the listener is dropped and `/ready` is 503 in the same instant.
//!    Requests that have come to the router are answered, and their connections close; idle ones
//!    close at once; one with a part of a head closes at once, or is served under rule 5 until its
//!    request is answered. `serve` returns `Ok` in the instant in which all connections have closed
//!    and all DELETEs have ended. After `limits.drain` it drops what is left and returns `Err`.
//!    When it returns or is dropped, nothing that it started is left.
//! 7. For each `Wrong` service, `exposes` returns at most six visits: with them a right service
//!    does what rules 1 to 4 say, and the wrong one does something else.
#![allow(unused_mut, unused_variables, dead_code)] // for the stub: delete when you are done

use axum::Router;
use fakes_net::{Accept, Database, Keys, Limits, Log, Visit, Wrong};
use tokio::time::error::Elapsed;

/// What the service works with. Its clones are one service.
#[derive(Clone)]
pub struct App {
    database: Database,
    keys: Keys,
    log: Log,
    limits: Limits,
}

impl App {
    /// A service that is ready, with an empty cache.
    pub fn new(database: Database, keys: Keys, log: Log, limits: Limits) -> Self {
        App { database, keys, log, limits }
    }
}

/// The service, without a network.
pub fn router(app: App) -> Router {
    todo!("step 1: the routes, with one form for every error")
}

/// Serves the [`router`] of `app` on what `listener` accepts until `shutdown` ends,
/// and drains it then.
///
/// # Errors
///
/// The drain has taken longer than it may.
///
/// # Cancel safety
///
/// Dropped, it drains nothing: what it has started is dropped.
pub async fn serve(
    mut listener: impl Accept,
    app: App,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Elapsed> {
    todo!("step 5: accept connections, and serve each in a task")
}

/// Visits that expose this service, which is wrong in one way. What is wrong with each, and what
/// makes a visit, is in `tests/fakes_net/visit.rs` and on the page.
pub fn exposes(wrong: Wrong) -> Vec<Visit> {
    todo!("step 7: for each of them the visits that show what it does wrongly")
}

#[cfg(test)]
#[path = "../../tests/http.rs"]
mod tests;
