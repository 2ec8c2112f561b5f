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

use std::{
    collections::HashMap,
    convert::Infallible,
    io::ErrorKind::{self, ConnectionAborted, ConnectionRefused, ConnectionReset},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, MatchedPath, Path, Request, State},
    http::{StatusCode, header},
    middleware::{Next, from_fn_with_state, map_response},
    response::{IntoResponse, Response},
    routing::get,
};
use fakes_net::{
    Accept, Asks, Database, DbError, Keys, Limits, Line, Log, NewUser, Role, User,
    Visit, Wrong,
};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use tokio::time::{Instant, error::Elapsed, sleep, timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower_http::catch_panic::CatchPanicLayer;

/// What the service works with. Its clones are one service.
#[derive(Clone)]
pub struct App {
    database: Database,
    keys: Keys,
    log: Log,
    limits: Limits,
    /// Why `None` stays: an id is never given twice, and an older read must not bring its user back.
    cache: Arc<Mutex<HashMap<u64, Option<User>>>>,
    tasks: TaskTracker,
    draining: CancellationToken,
    stop: CancellationToken,
}

impl App {
    /// A service that is ready, with an empty cache.
    pub fn new(database: Database, keys: Keys, log: Log, limits: Limits) -> Self {
        let (cache, tasks, draining, stop) = Default::default();
        App { database, keys, log, limits, cache, tasks, draining, stop }
    }
}

/// The service, without a network.
pub fn router(app: App) -> Router {
    let users = Router::new()
        .route("/users", get(list).post(add))
        .route("/users/{id}", get(show).delete(delete))
        // Why not `layer`: that asks for a key on unknown paths, too.
        .route_layer(from_fn_with_state(app.clone(), allowed));
    Router::new()
        .route("/live", get(async || StatusCode::OK))
        .route("/ready", get(ready))
        .merge(users)
        // Why in this order: the last layer is the outermost, and has to see what all others answer.
        .layer(DefaultBodyLimit::max(app.limits.body))
        .layer(from_fn_with_state(app.clone(), in_time))
        .layer(CatchPanicLayer::new())
        .layer(map_response(in_one_form))
        .layer(from_fn_with_state(app.clone(), logged))
        .with_state(app)
}

async fn ready(State(app): State<App>) -> StatusCode {
    let drains = app.draining.is_cancelled();
    if drains { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
}

type Answer<T> = Result<T, StatusCode>;

async fn list(State(app): State<App>) -> Answer<Json<Vec<User>>> {
    app.database.list().await.map(Json).map_err(status_of)
}

async fn add(State(app): State<App>, Json(new): Json<NewUser>) -> Answer<Response> {
    let user = app.database.insert(&new.name).await.map_err(status_of)?;
    let location = [(header::LOCATION, format!("/users/{}", user.id))];
    Ok((StatusCode::CREATED, location, Json(user)).into_response())
}

async fn show(State(app): State<App>, Path(id): Path<u64>) -> Answer<Json<User>> {
    let cached = app.cache.lock().unwrap().get(&id).cloned().flatten();
    if let Some(user) = cached {
        return Ok(Json(user));
    }
    let found = app.database.find(id).await.map_err(status_of)?;
    let user = found.ok_or(StatusCode::NOT_FOUND)?;
    app.cache.lock().unwrap().entry(id).or_insert(Some(user.clone()));
    Ok(Json(user))
}

async fn delete(State(app): State<App>, Path(id): Path<u64>) -> Answer<StatusCode> {
    let App { database, cache, tasks, stop, .. } = app;
    let both_steps = async move {
        let deleted = database.delete(id).await;
        if deleted == Ok(true) {
            cache.lock().unwrap().insert(id, None);
        }
        deleted
    };
    // Why a task: the handler is dropped with its client, between the two steps as well.
    let task = tasks.spawn(stop.run_until_cancelled_owned(both_steps));
    let lost = StatusCode::INTERNAL_SERVER_ERROR;
    let was_there = task.await.ok().flatten().ok_or(lost)?.map_err(status_of)?;
    was_there.then_some(StatusCode::NO_CONTENT).ok_or(StatusCode::NOT_FOUND)
}

fn status_of(error: DbError) -> StatusCode {
    match error {
        DbError::Taken => StatusCode::CONFLICT,
        DbError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        DbError::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Why here: axum's own rejections pass as well, and a body that is replaced cannot leak.
async fn in_one_form(response: Response) -> Response {
    let status = response.status();
    if status.as_u16() < 400 {
        return response;
    }
    let mut headers = response.into_parts().0.headers;
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::CONTENT_TYPE);
    let error = json!({ "error": status.canonical_reason() });
    (status, headers, Json(error)).into_response()
}

async fn allowed(State(app): State<App>, request: Request, next: Next) -> Response {
    let given = request.headers().get(header::AUTHORIZATION);
    let key = given.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let mut known = app.keys.iter();
    match key.and_then(|key| known.find(|(k, _)| k.matches_in_constant_time(key))) {
        Some((_, Role::Reader)) if !request.method().is_safe() => {
            StatusCode::FORBIDDEN.into_response()
        }
        Some(_) => next.run(request).await,
        None => {
            let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
            (StatusCode::UNAUTHORIZED, challenge).into_response()
        }
    }
}

async fn in_time(State(app): State<App>, request: Request, next: Next) -> Response {
    let answer = timeout(app.limits.handler, next.run(request)).await;
    answer.unwrap_or_else(|_| StatusCode::GATEWAY_TIMEOUT.into_response())
}

struct Entry(Log, Line, Instant);

/// Why in a destructor: a request whose client leaves is dropped, and runs no other line.
impl Drop for Entry {
    fn drop(&mut self) {
        let Entry(log, line, came) = self;
        line.ms = came.elapsed().as_millis() as u64;
        log.write(line.clone());
    }
}

async fn logged(
    State(app): State<App>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let route = route.as_ref().map_or("-", MatchedPath::as_str).to_owned();
    let line = Line { method: request.method().clone(), route, status: None, ms: 0 };
    let mut entry = Entry(app.log, line, Instant::now());
    let response = next.run(request).await;
    entry.1.status = Some(response.status());
    response
}

/// Serves the [`router`] on what `listener` accepts until `shutdown` ends, and drains it.
///
/// # Errors
///
/// The drain has taken longer than it may.
///
/// # Cancel safety
///
/// Dropped, it drains nothing: what it has started is dropped.
pub async fn serve(
    listener: impl Accept,
    app: App,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Elapsed> {
    let _stops_all = app.stop.clone().drop_guard();
    tokio::select! {
        biased;
        () = shutdown => {}
        never = accept(listener, &app) => match never {},
    }
    app.draining.cancel();
    app.tasks.close();
    let drained = timeout(app.limits.drain, app.tasks.wait()).await;
    app.stop.cancel();
    app.tasks.wait().await;
    drained
}

const OF_ONE_CONNECTION: [ErrorKind; 3] =
    [ConnectionAborted, ConnectionRefused, ConnectionReset];

async fn accept(mut listener: impl Accept, app: &App) -> Infallible {
    let service = TowerToHyperService::new(router(app.clone()));
    let mut http = http1::Builder::new();
    // Why at most a century: hyper adds it to the current instant, and `Duration::MAX` is too much.
    let header = app.limits.header.min(Duration::from_secs(100 * 365 * 86_400));
    http.timer(TokioTimer::new()).header_read_timeout(header);
    let mut pause = Duration::from_millis(10);
    loop {
        match listener.accept().await {
            Ok(stream) => {
                pause = Duration::from_millis(10);
                let (stream, service) = (TokioIo::new(stream), service.clone());
                let mut serving = Box::pin(http.serve_connection(stream, service));
                let (draining, stop) = (app.draining.clone(), app.stop.clone());
                let connection = async move {
                    tokio::select! {
                        biased;
                        () = draining.cancelled() => serving.as_mut().graceful_shutdown(),
                        _ = serving.as_mut() => return,
                    }
                    _ = serving.await; // How it ends matters to its client alone.
                };
                app.tasks.spawn(stop.run_until_cancelled_owned(connection));
            }
            Err(error) if OF_ONE_CONNECTION.contains(&error.kind()) => {}
            Err(_) => {
                // Why a pause: open files stay too many until a connection closes.
                sleep(pause).await;
                pause = Duration::from_secs(1).min(pause * 2);
            }
        }
    }
}

/// Visits that expose this service, which is wrong in one way.
pub fn exposes(wrong: Wrong) -> Vec<Visit> {
    let show = |at_ms| Visit::new(at_ms, Asks::Get("/users/1"));
    let delete = |at_ms| Visit::new(at_ms, Asks::Delete("/users/1"));
    match wrong {
        Wrong::Hoards => vec![show(0).takes(100), delete(10), show(200)],
        Wrong::Forgets => vec![Visit { key: None, ..show(0) }],
        Wrong::Clings => vec![delete(0).takes(50).stays(10)],
    }
}

#[cfg(test)]
#[path = "../tests/http.rs"]
mod tests;
