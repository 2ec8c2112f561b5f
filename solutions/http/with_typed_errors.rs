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

use std::collections::HashMap;
use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{DefaultBodyLimit, MatchedPath, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing::get};
use fakes_net::{
    Accept, Asks, Database, DbError, Keys, Limits, Line, Log, NewUser, Role, User,
    Visit, Wrong,
};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use tokio::time::{Instant, error::Elapsed, timeout};
use tokio::{sync::watch, task::JoinHandle};
use tower_http::catch_panic::CatchPanicLayer;

/// Why a type of its own: an error that is none of these has no way to a client.
struct Error(StatusCode);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let reason = self.0.canonical_reason();
        (self.0, Json(json!({ "error": reason }))).into_response()
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        Error(match error {
            DbError::Taken => StatusCode::CONFLICT,
            DbError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            DbError::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        })
    }
}

fn rejected(rejection: impl IntoResponse) -> Error {
    Error(rejection.into_response().status())
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Serves,
    Drains,
    Stops,
}

/// What the service works with. Its clones are one service.
#[derive(Clone)]
pub struct App {
    database: Database,
    keys: Keys,
    log: Log,
    limits: Limits,
    /// Why `None` stays: no id is given twice, and an older read must not bring its user back.
    cache: Arc<Mutex<HashMap<u64, Option<User>>>>,
    phase: watch::Sender<Phase>,
}

impl App {
    /// A service that is ready, with an empty cache.
    pub fn new(database: Database, keys: Keys, log: Log, limits: Limits) -> Self {
        let (cache, phase) = (Arc::default(), watch::Sender::new(Phase::Serves));
        App { database, keys, log, limits, cache, phase }
    }

    /// In a task that ends with the service. Its receiver is what a drain waits for.
    fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<Option<T>> {
        let mut phase = self.phase.subscribe();
        tokio::spawn(async move {
            tokio::select! {
                done = work => Some(done),
                _ = phase.wait_for(|phase| *phase == Phase::Stops) => None,
            }
        })
    }
}

/// The service, without a network.
pub fn router(app: App) -> Router {
    let no_method = async || Error(StatusCode::METHOD_NOT_ALLOWED);
    let panics = |_| Error(StatusCode::INTERNAL_SERVER_ERROR).into_response();
    let users = Router::new()
        .route("/users", get(list).post(create))
        .route("/users/{id}", get(show).delete(delete))
        .method_not_allowed_fallback(no_method)
        .route_layer(from_fn_with_state(app.clone(), allowed));
    Router::new()
        .route("/live", get(StatusCode::OK))
        .route("/ready", get(ready))
        .merge(users)
        .method_not_allowed_fallback(no_method)
        .fallback(async || Error(StatusCode::NOT_FOUND))
        .layer(DefaultBodyLimit::max(app.limits.body))
        .layer(CatchPanicLayer::custom(panics))
        .layer(from_fn_with_state(app.clone(), logs))
        .with_state(app)
}

async fn ready(State(app): State<App>) -> Result<(), Error> {
    let serves = *app.phase.borrow() == Phase::Serves;
    serves.then_some(()).ok_or(Error(StatusCode::SERVICE_UNAVAILABLE))
}

async fn list(State(app): State<App>) -> Result<Json<Vec<User>>, Error> {
    Ok(Json(app.database.list().await?))
}

async fn create(
    State(app): State<App>,
    new: Result<Json<NewUser>, JsonRejection>,
) -> Result<impl IntoResponse, Error> {
    let user = app.database.insert(&new.map_err(rejected)?.name).await?;
    let location = [(header::LOCATION, format!("/users/{}", user.id))];
    Ok((StatusCode::CREATED, location, Json(user)))
}

type Id = Result<Path<u64>, PathRejection>;

async fn show(State(app): State<App>, id: Id) -> Result<Json<User>, Error> {
    let Path(id) = id.map_err(rejected)?;
    let cached = app.cache.lock().unwrap().get(&id).cloned().flatten();
    let found =
        if cached.is_some() { cached } else { app.database.find(id).await? };
    let user = found.ok_or(Error(StatusCode::NOT_FOUND))?;
    app.cache.lock().unwrap().entry(id).or_insert(Some(user.clone()));
    Ok(Json(user))
}

async fn delete(State(app): State<App>, id: Id) -> Result<StatusCode, Error> {
    let Path(id) = id.map_err(rejected)?;
    let App { database, cache, .. } = app.clone();
    let task = app.spawn(async move {
        let deleted = database.delete(id).await;
        if deleted == Ok(true) {
            cache.lock().unwrap().insert(id, None);
        }
        deleted
    });
    let lost = Error(StatusCode::INTERNAL_SERVER_ERROR);
    let was_there = task.await.ok().flatten().ok_or(lost)??;
    was_there.then_some(StatusCode::NO_CONTENT).ok_or(Error(StatusCode::NOT_FOUND))
}

async fn allowed(State(app): State<App>, request: Request, next: Next) -> Response {
    let given = request.headers().get(header::AUTHORIZATION);
    let key = given.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let mut keys = app.keys.iter();
    match key.and_then(|key| keys.find(|(own, _)| own.matches_in_constant_time(key)))
    {
        Some((_, Role::Reader)) if !request.method().is_safe() => {
            Error(StatusCode::FORBIDDEN).into_response()
        }
        Some(_) => next.run(request).await,
        None => {
            let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
            (challenge, Error(StatusCode::UNAUTHORIZED)).into_response()
        }
    }
}

struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        self.0();
    }
}

async fn logs(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("-", |route| route.as_str()).to_owned();
    let (method, came) = (request.method().clone(), Instant::now());
    let line = Line { method, route, status: None, ms: 0 };
    let write = |status| {
        let ms = came.elapsed().as_millis() as u64;
        app.log.write(Line { status, ms, ..line.clone() });
    };
    let leaves = OnDrop(|| write(None));
    let response = timeout(app.limits.handler, next.run(request)).await;
    std::mem::forget(leaves);
    let late = Error(StatusCode::GATEWAY_TIMEOUT);
    let response = response.unwrap_or_else(|_| late.into_response());
    write(Some(response.status()));
    response
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
    let stop = app.phase.clone();
    let _stops = OnDrop(move || _ = stop.send_replace(Phase::Stops));
    let service = TowerToHyperService::new(router(app.clone()));
    let header = app.limits.header.min(Duration::from_secs(u32::MAX.into()));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(header);
    let mut shutdown = std::pin::pin!(shutdown);
    let mut errors = 0;
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        let kind = accepted.as_ref().err().map(|error| error.kind());
        match (accepted, kind) {
            (Ok(stream), _) => {
                errors = 0;
                let (stream, service) = (TokioIo::new(stream), service.clone());
                let mut serving = Box::pin(http.serve_connection(stream, service));
                let mut phase = app.phase.subscribe();
                app.spawn(async move {
                    let drains = phase.wait_for(|phase| *phase != Phase::Serves);
                    tokio::select! {
                        _ = drains => serving.as_mut().graceful_shutdown(),
                        _ = serving.as_mut() => return,
                    }
                    _ = serving.await;
                });
            }
            (_, Some(ConnectionAborted | ConnectionRefused | ConnectionReset)) => {}
            (Err(_), _) => {
                let pause = Duration::from_millis(1_000.min(10 << errors.min(7)));
                errors += 1;
                if timeout(pause, &mut shutdown).await.is_ok() {
                    break;
                }
            }
        }
    }
    drop(listener);
    app.phase.send_replace(Phase::Drains);
    let drained = timeout(app.limits.drain, app.phase.closed()).await;
    app.phase.send_replace(Phase::Stops);
    app.phase.closed().await;
    drained
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
#[path = "../../tests/http.rs"]
mod tests;
