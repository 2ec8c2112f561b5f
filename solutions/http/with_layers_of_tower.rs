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

use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::{collections::HashMap, pin::Pin, time::Duration};

use axum::extract::{DefaultBodyLimit, FromRequestParts, MatchedPath};
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header, request::Parts};
use axum::middleware::{from_extractor_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::{BoxError, Json, Router, error_handling::HandleErrorLayer, routing::get};
use fakes_net::{
    Accept, Asks, Database, DbError, Keys, Limits, Line, Log, NewUser, Role, User,
    Visit, Wrong,
};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::{server::graceful::GracefulShutdown, service::TowerToHyperService};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{Instant, error::Elapsed, sleep_until, timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::{Service, ServiceBuilder, layer::layer_fn, timeout::TimeoutLayer};
use tower_http::catch_panic::CatchPanicLayer;

/// What the service works with. Its clones are one service.
#[derive(Clone)]
pub struct App {
    database: Database,
    keys: Keys,
    log: Log,
    limits: Limits,
    /// Why `None` stays: no id is given twice, and an older read must not bring its user back.
    cache: Arc<Mutex<HashMap<u64, Option<User>>>>,
    drains: CancellationToken,
    deletes: TaskTracker,
    stop: CancellationToken,
}

impl App {
    /// A service that is ready, with an empty cache.
    pub fn new(database: Database, keys: Keys, log: Log, limits: Limits) -> Self {
        let (cache, drains, deletes, stop) = Default::default();
        App { database, keys, log, limits, cache, drains, deletes, stop }
    }
}

/// The service, without a network.
pub fn router(app: App) -> Router {
    let log = app.log.clone();
    // Why a builder: its first layer is the outermost, the first to see a request.
    let layers = ServiceBuilder::new()
        .layer(layer_fn(move |inner| Logged(inner, log.clone())))
        .layer(map_response(in_one_form))
        .layer(CatchPanicLayer::new())
        // Why not that of `tower-http`: it looks at the clock before the answer.
        .layer(HandleErrorLayer::new(async |_: BoxError| {
            StatusCode::GATEWAY_TIMEOUT
        }))
        .layer(TimeoutLayer::new(app.limits.handler))
        .layer(DefaultBodyLimit::max(app.limits.body));
    let users = Router::new()
        .route("/users", get(list).post(add))
        .route("/users/{id}", get(show).delete(delete))
        .route_layer(from_extractor_with_state::<Allowed, App>(app.clone()));
    Router::new()
        .route("/live", get(StatusCode::OK))
        .route("/ready", get(ready))
        .merge(users)
        .layer(layers)
        .with_state(app)
}

async fn ready(State(app): State<App>) -> StatusCode {
    let drains = app.drains.is_cancelled();
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
    let cached = app.cache.lock().unwrap().get(&id).cloned();
    if let Some(user) = cached.flatten() {
        return Ok(Json(user));
    }
    let found = app.database.find(id).await.map_err(status_of)?;
    let user = found.ok_or(StatusCode::NOT_FOUND)?;
    app.cache.lock().unwrap().entry(id).or_insert_with(|| Some(user.clone()));
    Ok(Json(user))
}

async fn delete(State(app): State<App>, Path(id): Path<u64>) -> Answer<StatusCode> {
    let App { database, cache, stop, .. } = app.clone();
    let task = async move {
        let deleted = database.delete(id).await;
        if deleted == Ok(true) {
            cache.lock().unwrap().insert(id, None);
        }
        deleted
    };
    let task = app.deletes.spawn(stop.run_until_cancelled_owned(task));
    let ended =
        task.await.ok().flatten().ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
    let was_there = ended.map_err(status_of)?;
    was_there.then_some(StatusCode::NO_CONTENT).ok_or(StatusCode::NOT_FOUND)
}

fn status_of(error: DbError) -> StatusCode {
    match error {
        DbError::Taken => StatusCode::CONFLICT,
        DbError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        DbError::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn in_one_form(response: impl IntoResponse) -> Response {
    let (head, body) = response.into_response().into_parts();
    let (status, mut headers) = (head.status, head.headers);
    if !status.is_client_error() && !status.is_server_error() {
        return (status, headers, body).into_response();
    }
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::CONTENT_TYPE);
    let error = json!({ "error": status.canonical_reason() });
    (status, headers, Json(error)).into_response()
}

/// An extractor without a value: a request that has it may pass.
struct Allowed;

impl FromRequestParts<App> for Allowed {
    type Rejection = Response;

    async fn from_request_parts(
        of: &mut Parts,
        app: &App,
    ) -> Result<Self, Response> {
        let given = of.headers.get(header::AUTHORIZATION);
        let key = given.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
        let mut keys = app.keys.iter();
        let known =
            |key: &_| keys.find(|(own, _)| own.matches_in_constant_time(key));
        let no = (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]);
        let (_, role) = key.and_then(known).ok_or(no.into_response())?;
        let may = role == Role::Admin || of.method.is_safe();
        may.then_some(Allowed).ok_or(StatusCode::FORBIDDEN.into_response())
    }
}

#[derive(Clone)]
struct Logged<S>(S, Log);

impl<S: Service<Request, Response = Response>> Service<Request> for Logged<S>
where
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let route = request.extensions().get::<MatchedPath>();
        let route = route.map_or("-", MatchedPath::as_str).to_owned();
        let (method, status) = (request.method().clone(), None);
        let line = Line { method, route, status, ms: 0 };
        let entry = Entry(self.1.clone(), line, Instant::now());
        let answer = self.0.call(request);
        Box::pin(async move {
            // Why all of it: a block that names a field alone would leave the rest behind.
            let mut entry = entry;
            let response = answer.await?;
            entry.1.status = Some(response.status());
            Ok(response)
        })
    }
}

struct Entry(Log, Line, Instant);

/// Why in a destructor: a request whose client leaves is dropped, and runs no other line.
impl Drop for Entry {
    fn drop(&mut self) {
        self.1.ms = self.2.elapsed().as_millis() as u64;
        self.0.write(self.1.clone());
    }
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
    let App { limits, drains, deletes, stop, .. } = app.clone();
    let _stops_deletes = stop.clone().drop_guard();
    let service = TowerToHyperService::new(router(app));
    let mut http = http1::Builder::new();
    let header = limits.header.min(Duration::from_secs(u32::MAX.into()));
    http.timer(TokioTimer::new()).header_read_timeout(header);
    // Why a set: a task that nobody holds outlives the service.
    let (graceful, mut connections) = (GracefulShutdown::new(), JoinSet::new());
    let (mut accepts_at, mut pause) = (Instant::now(), Duration::from_millis(10));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accept = async {
            sleep_until(accepts_at).await;
            listener.accept().await
        };
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = accept => accepted,
        };
        // Why: a set holds what has ended until somebody takes it.
        while connections.try_join_next().is_some() {}
        let kind = accepted.as_ref().err().map(|error| error.kind());
        match (accepted, kind) {
            (Ok(stream), _) => {
                pause = Duration::from_millis(10);
                let (stream, service) = (TokioIo::new(stream), service.clone());
                let serving = http.serve_connection(stream, service);
                connections.spawn(graceful.watch(serving));
            }
            (_, Some(ConnectionAborted | ConnectionRefused | ConnectionReset)) => {}
            _ => {
                accepts_at = Instant::now() + pause;
                pause = Duration::from_secs(1).min(pause * 2);
            }
        }
    }
    drop(listener);
    drains.cancel();
    deletes.close();
    // Why in this order: until it closes, a connection can still bring a DELETE.
    let drain = async { (graceful.shutdown().await, deletes.wait().await) };
    let drained = timeout(limits.drain, drain).await;
    stop.cancel();
    connections.shutdown().await;
    deletes.wait().await;
    drained.map(|_| ())
}

/// Visits that expose this wrong service.
pub fn exposes(wrong: Wrong) -> Vec<Visit> {
    let get = |at_ms| Visit::new(at_ms, Asks::Get("/users/2"));
    let delete = |at_ms| Visit::new(at_ms, Asks::Delete("/users/2"));
    match wrong {
        // A read that is still on its way when its user is deleted.
        Wrong::Hoards => {
            vec![Visit { takes_ms: 20, ..get(0) }, delete(10), get(30)]
        }
        // Somebody without a key.
        Wrong::Forgets => vec![Visit { key: None, ..delete(0) }],
        // A user in the cache, and a client that leaves between the two steps.
        Wrong::Clings => {
            let leaves = Visit { takes_ms: 20, stays_ms: Some(10), ..delete(10) };
            vec![get(0), leaves, get(40)]
        }
    }
}

#[cfg(test)]
#[path = "../../tests/http.rs"]
mod tests;
