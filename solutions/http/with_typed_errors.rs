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
//!    `/live` and `/ready` are 200. Every error is `{"error": REASON}` with the standard reason of
//!    its status, and tells nothing else: 400 for what is no JSON or no id, 404, 405, 409 (the name
//!    is taken), 415, 422 for JSON without a name, 503 when the database is unavailable, 500.
//! 2. A route of users asks for `Authorization: Bearer KEY` before anything else, and reads no body
//!    before. Without a known key it is 401, with `WWW-Authenticate: Bearer`. A reader may use safe
//!    methods only, the rest is 403. Other paths ask for no key. Keys are compared in constant
//!    time.
//! 3. Every request that comes to the router is logged once: when its answer is ready, or when its
//!    client has left before. The line has the method, the template of the route or `-`, the status
//!    or none for a client that has left, and the whole milliseconds since the request came.
//! 4. A body of more than `limits.body` bytes is 413. A request without an answer `limits.handler`
//!    after it came is 504. A panic is 500, and nobody else notices. A user that `GET /users/{id}`
//!    has found is in the cache: until a DELETE of this user comes, the next such GET asks the
//!    database nothing. A DELETE that has asked the database goes on when its client has left or
//!    its time is over. Once the database has said that the user is deleted, no GET that comes then
//!    shows the user, even if an older GET had read the user before.
//! 5. `serve` accepts every connection at once. One that has not sent the whole head of a request
//!    `limits.header` after it was accepted, or after its last answer, is closed. When `accept`
//!    fails for one connection (refused, reset, aborted), `serve` accepts on; when it fails
//!    otherwise, `serve` waits 10 ms first, after each such error in a row twice as long, at most 1
//!    s. Meanwhile the other connections are served.
//! 6. When `shutdown` ends, the listener is dropped and `/ready` is 503 in the same instant.
//!    Requests that have come to the router are answered, and their connections close; idle ones
//!    close at once; one that has sent a part of a head closes at once or is served once more.
//!    `serve` returns `Ok` in the instant in which all connections have closed and all DELETEs have
//!    ended. After `limits.drain` it drops what is left and returns `Err`. When it returns or is
//!    dropped, nothing that it started is left.
//! 7. For each [`Wrong`] service, `exposes` returns at most six visits: with them a right service
//!    does what rules 1 to 4 say, and the wrong one does something else.

use std::{
    collections::HashMap,
    io::ErrorKind,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{
        DefaultBodyLimit, MatchedPath, Path, Request, State,
        rejection::{JsonRejection, PathRejection},
    },
    http::{
        StatusCode, header::AUTHORIZATION, header::LOCATION,
        header::WWW_AUTHENTICATE,
    },
    middleware::{self, Next},
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
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, error::Elapsed, timeout},
};
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

impl From<JsonRejection> for Error {
    fn from(rejection: JsonRejection) -> Self {
        Error(rejection.status())
    }
}

impl From<PathRejection> for Error {
    fn from(rejection: PathRejection) -> Self {
        Error(rejection.status())
    }
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
    /// Why `None` stays: an id is never given again, and an older read must not bring its user back.
    cache: Arc<Mutex<HashMap<u64, Option<User>>>>,
    phase: watch::Sender<Phase>,
    /// Why in a slot: the drain is over when the last clone is gone.
    alive: Arc<Mutex<Option<mpsc::Sender<()>>>>,
}

impl App {
    /// A service that is ready, with an empty cache.
    pub fn new(database: Database, keys: Keys, log: Log, limits: Limits) -> Self {
        let phase = watch::Sender::new(Phase::Serves);
        let (cache, alive) = Default::default();
        App { database, keys, log, limits, cache, phase, alive }
    }

    /// In a task that ends with the service, and that a drain waits for.
    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let alive = self.alive.lock().unwrap().clone();
        let mut phase = self.phase.subscribe();
        tokio::spawn(async move {
            let _alive = alive;
            tokio::select! {
                () = work => {}
                _ = phase.wait_for(|phase| *phase == Phase::Stops) => {}
            }
        });
    }
}

/// The service, without a network.
pub fn router(app: App) -> Router {
    let users = Router::new()
        .route("/users", get(list).post(create))
        .route("/users/{id}", get(show).delete(delete))
        .method_not_allowed_fallback(async || Error(StatusCode::METHOD_NOT_ALLOWED))
        .route_layer(middleware::from_fn_with_state(app.clone(), asks_for_a_key));
    let panics = |_| Error(StatusCode::INTERNAL_SERVER_ERROR).into_response();
    Router::new()
        .route("/live", get(StatusCode::OK))
        .route("/ready", get(ready))
        .merge(users)
        .method_not_allowed_fallback(async || Error(StatusCode::METHOD_NOT_ALLOWED))
        .fallback(async || Error(StatusCode::NOT_FOUND))
        .layer(DefaultBodyLimit::max(app.limits.body))
        .layer(CatchPanicLayer::custom(panics))
        .layer(middleware::from_fn_with_state(app.clone(), logs))
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
    let user = app.database.insert(&new?.0.name).await?;
    let location = format!("/users/{}", user.id);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(user)))
}

async fn show(
    State(app): State<App>,
    id: Result<Path<u64>, PathRejection>,
) -> Result<Json<User>, Error> {
    let Path(id) = id?;
    let cached = app.cache.lock().unwrap().get(&id).cloned().flatten();
    let found = match cached {
        Some(user) => Some(user),
        None => app.database.find(id).await?,
    };
    let user = found.ok_or(Error(StatusCode::NOT_FOUND))?;
    app.cache.lock().unwrap().entry(id).or_insert(Some(user.clone()));
    Ok(Json(user))
}

async fn delete(
    State(app): State<App>,
    id: Result<Path<u64>, PathRejection>,
) -> Result<StatusCode, Error> {
    let Path(id) = id?;
    let (answer, answered) = tokio::sync::oneshot::channel();
    let App { database, cache, .. } = app.clone();
    app.spawn(async move {
        let deleted = database.delete(id).await;
        if deleted == Ok(true) {
            cache.lock().unwrap().insert(id, None);
        }
        // Nobody may wait for it any more.
        _ = answer.send(deleted);
    });
    let panicked = |_| Error(StatusCode::INTERNAL_SERVER_ERROR);
    let was_there = answered.await.map_err(panicked)??;
    was_there.then_some(StatusCode::NO_CONTENT).ok_or(Error(StatusCode::NOT_FOUND))
}

async fn asks_for_a_key(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Response> {
    let who = Error(StatusCode::UNAUTHORIZED);
    let who = ([(WWW_AUTHENTICATE, "Bearer")], who).into_response();
    let headers = request.headers();
    let Some(value) = headers.get(AUTHORIZATION) else { return Err(who) };
    let Some(key) = value.as_bytes().strip_prefix(b"Bearer ") else {
        return Err(who);
    };
    let mut role = None;
    for (secret, its) in app.keys.iter() {
        if secret.matches_in_constant_time(key) {
            role = Some(its);
        }
    }
    match role {
        None => Err(who),
        Some(Role::Reader) if !request.method().is_safe() => {
            Err(Error(StatusCode::FORBIDDEN).into_response())
        }
        Some(_) => Ok(next.run(request).await),
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
    let method = request.method().clone();
    let came = Instant::now();
    let write = |status| {
        let ms = came.elapsed().as_millis() as u64;
        let (method, route) = (method.clone(), route.clone());
        app.log.write(Line { method, route, status, ms });
    };
    let leaves = OnDrop(|| write(None));
    let response = timeout(app.limits.handler, next.run(request)).await;
    std::mem::forget(leaves);
    let late = |_| Error(StatusCode::GATEWAY_TIMEOUT).into_response();
    let response = response.unwrap_or_else(late);
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
    let (alive, mut all) = mpsc::channel(1);
    *app.alive.lock().unwrap() = Some(alive);
    let stop = app.phase.clone();
    let _stops = OnDrop(move || _ = stop.send_replace(Phase::Stops));
    let service = TowerToHyperService::new(router(app.clone()));
    let mut shutdown = std::pin::pin!(shutdown);
    let mut errors = 0;
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok(stream) => {
                errors = 0;
                let mut http = http1::Builder::new();
                let header =
                    app.limits.header.min(Duration::from_secs(u32::MAX.into()));
                http.timer(TokioTimer::new()).header_read_timeout(header);
                let stream = TokioIo::new(stream);
                let mut connection =
                    Box::pin(http.serve_connection(stream, service.clone()));
                let mut phase = app.phase.subscribe();
                app.spawn(async move {
                    tokio::select! {
                        _ = phase.wait_for(|phase| *phase != Phase::Serves) => {
                            connection.as_mut().graceful_shutdown();
                        }
                        _ = connection.as_mut() => return,
                    }
                    _ = connection.await;
                });
            }
            Err(error) => match error.kind() {
                ErrorKind::ConnectionAborted
                | ErrorKind::ConnectionRefused
                | ErrorKind::ConnectionReset => {}
                _ => {
                    let pause =
                        Duration::from_millis(1_000.min(10 << errors.min(7)));
                    errors += 1;
                    if timeout(pause, &mut shutdown).await.is_ok() {
                        break;
                    }
                }
            },
        }
    }
    drop(listener);
    app.phase.send_replace(Phase::Drains);
    app.alive.lock().unwrap().take();
    let drained = timeout(app.limits.drain, all.recv()).await;
    app.phase.send_replace(Phase::Stops);
    all.recv().await;
    drained.map(|_| ())
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
