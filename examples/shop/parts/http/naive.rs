//! `axum::serve` and nothing around it: no limit for a head, none for a request, none for the drain.

use std::{
    io::{
        self,
        ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{MatchedPath, Path, Request, State},
    http::{StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
    serve::Listener,
};
use fakes_net::{
    Accept, Database, DbError, Keys, Limits, Line, Log, NewUser, Role, User,
};
use tokio::{
    sync::oneshot,
    time::{Instant, error::Elapsed, sleep},
};

/// What the service works with.
#[derive(Clone)]
pub struct App {
    database: Database,
    keys: Keys,
    log: Log,
}

impl App {
    /// A service. Its limits are not looked at.
    pub fn new(database: Database, keys: Keys, log: Log, limits: Limits) -> Self {
        _ = limits;
        App { database, keys, log }
    }
}

/// The service, without a network.
pub fn router(app: App) -> Router {
    let users = Router::new()
        .route("/users", get(list).post(add))
        .route("/users/{id}", get(show).delete(delete))
        .route_layer(from_fn_with_state(app.clone(), allowed));
    Router::new()
        .route("/live", get(async || StatusCode::OK))
        .route("/ready", get(async || StatusCode::OK))
        .merge(users)
        .layer(from_fn_with_state(app.clone(), logged))
        .with_state(app)
}

type Answer<T> = Result<T, (StatusCode, String)>;

async fn list(State(app): State<App>) -> Answer<Json<Vec<User>>> {
    Ok(Json(app.database.list().await.map_err(told)?))
}

async fn add(State(app): State<App>, Json(new): Json<NewUser>) -> Answer<Response> {
    let user = app.database.insert(&new.name).await.map_err(told)?;
    let location = [(header::LOCATION, format!("/users/{}", user.id))];
    Ok((StatusCode::CREATED, location, Json(user)).into_response())
}

async fn show(State(app): State<App>, Path(id): Path<u64>) -> Answer<Response> {
    Ok(match app.database.find(id).await.map_err(told)? {
        Some(user) => Json(user).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

async fn delete(State(app): State<App>, Path(id): Path<u64>) -> Answer<StatusCode> {
    let was_there = app.database.delete(id).await.map_err(told)?;
    Ok(if was_there { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND })
}

fn told(error: DbError) -> (StatusCode, String) {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}

async fn allowed(State(app): State<App>, request: Request, next: Next) -> Response {
    let given = request.headers().get(header::AUTHORIZATION);
    let key = given.and_then(|it| it.to_str().ok()?.strip_prefix("Bearer "));
    let role =
        app.keys.iter().find(|(known, _)| key.is_some_and(|key| **known == *key));
    match role {
        None => StatusCode::UNAUTHORIZED.into_response(),
        Some((_, Role::Reader)) if !request.method().is_safe() => {
            StatusCode::FORBIDDEN.into_response()
        }
        Some(_) => next.run(request).await,
    }
}

/// Writes what was answered. Of a client that leaves there is no line.
async fn logged(
    State(app): State<App>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let route = route.as_ref().map_or("-", MatchedPath::as_str).to_owned();
    let (method, came) = (request.method().clone(), Instant::now());
    let response = next.run(request).await;
    let ms = came.elapsed().as_millis() as u64;
    app.log.write(Line { method, route, status: Some(response.status()), ms });
    response
}

/// Serves the [`router`] until `shutdown` ends, and then for as long as somebody stays.
pub async fn serve(
    listener: impl Accept,
    app: App,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Elapsed> {
    serves(listener, router(app), shutdown).await;
    Ok(())
}

/// The same for any router.
pub(crate) async fn serves(
    listener: impl Accept,
    router: Router,
    shutdown: impl Future<Output = ()>,
) {
    let (over, is_over) = oneshot::channel::<()>();
    let until = async { drop(is_over.await) };
    let serving = axum::serve(Plain(listener), router).with_graceful_shutdown(until);
    let ends = async {
        shutdown.await;
        drop(over);
    };
    // Why dropped: it never fails.
    _ = tokio::join!(serving.into_future(), ends).0;
}

/// What `axum::serve` does with a listener of tokio, for any other.
struct Plain<A>(A);

impl<A: Accept> Listener for Plain<A> {
    type Io = A::Stream;
    type Addr = ();

    async fn accept(&mut self) -> (A::Stream, ()) {
        const OF_ONE: [io::ErrorKind; 3] =
            [ConnectionRefused, ConnectionAborted, ConnectionReset];
        loop {
            match self.0.accept().await {
                Ok(stream) => return (stream, ()),
                Err(error) if OF_ONE.contains(&error.kind()) => {}
                Err(_) => sleep(Duration::from_secs(1)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<()> {
        Ok(())
    }
}
