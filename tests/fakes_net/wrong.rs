//! Services that are wrong in one way each. They are written without the libraries that a service is made of: what
//! there is to learn from them is what they do.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::to_bytes,
    extract::Request,
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::{
    Database, DbError, Keys, Limits, Line, Log, NewUser, Role, User, Wrong,
};

/// The service that `wrong` is.
pub fn wrong_service(
    wrong: Wrong,
    database: Database,
    keys: Keys,
    log: Log,
    limits: Limits,
) -> Router {
    let cache = Arc::default();
    let service = Arc::new(Service { wrong, database, keys, log, limits, cache });
    Router::new().fallback(async move |request| service.answers(request).await)
}

struct Service {
    wrong: Wrong,
    database: Database,
    keys: Keys,
    log: Log,
    limits: Limits,
    cache: Arc<Mutex<Cache>>,
}

#[derive(Default)]
struct Cache {
    users: HashMap<u64, User>,
    deleted: HashSet<u64>,
}

/// Which route a path has: its template, and the id in it.
enum Place {
    Users,
    User(Option<u64>),
    Sign,
    Nowhere,
}

impl Place {
    fn of(path: &str) -> Self {
        match path.split('/').collect::<Vec<_>>()[..] {
            ["", "live" | "ready"] => Place::Sign,
            ["", "users"] => Place::Users,
            ["", "users", id] if !id.is_empty() => Place::User(id.parse().ok()),
            _ => Place::Nowhere,
        }
    }
}

type Answer = Result<Response, StatusCode>;

impl Service {
    async fn answers(self: Arc<Self>, request: Request) -> Response {
        let path = request.uri().path().to_owned();
        let place = Place::of(&path);
        let allowed = self.allows(&request, &place);
        if let (Wrong::Forgets, Err(status)) = (self.wrong, allowed) {
            return told(status);
        }
        let route = match place {
            Place::Users => "/users",
            Place::User(_) => "/users/{id}",
            Place::Sign => &path,
            Place::Nowhere => "-",
        };
        let (method, route) = (request.method().clone(), route.to_owned());
        let line = Line { method, route, status: None, ms: 0 };
        let mut entry = Entry(self.log.clone(), line, Instant::now());
        let limit = self.limits.handler;
        let answer = match allowed {
            Ok(()) => match timeout(limit, self.handles(request, place)).await {
                Ok(answer) => answer.unwrap_or_else(told),
                Err(_) => told(StatusCode::GATEWAY_TIMEOUT),
            },
            Err(status) => told(status),
        };
        entry.1.status = Some(answer.status());
        answer
    }

    fn allows(&self, request: &Request, place: &Place) -> Result<(), StatusCode> {
        if let Place::Sign | Place::Nowhere = place {
            return Ok(());
        }
        let given = request.headers().get(header::AUTHORIZATION);
        let given = given.and_then(|it| it.as_bytes().strip_prefix(b"Bearer "));
        let given = given.ok_or(StatusCode::UNAUTHORIZED)?;
        let mut known = self.keys.iter();
        match known.find(|(key, _)| key.matches_in_constant_time(given)) {
            None => Err(StatusCode::UNAUTHORIZED),
            Some((_, Role::Reader)) if !request.method().is_safe() => {
                Err(StatusCode::FORBIDDEN)
            }
            Some(_) => Ok(()),
        }
    }

    async fn handles(&self, request: Request, place: Place) -> Answer {
        let method = request.method().clone();
        match (place, method) {
            (Place::Nowhere, _) => Err(StatusCode::NOT_FOUND),
            (Place::Sign, Method::GET) => Ok(StatusCode::OK.into_response()),
            (Place::Users, Method::GET) => {
                let users = self.database.list().await.map_err(status_of)?;
                Ok(Json(users).into_response())
            }
            (Place::Users, Method::POST) => self.creates(request).await,
            (Place::User(None), Method::GET | Method::DELETE) => {
                Err(StatusCode::BAD_REQUEST)
            }
            (Place::User(Some(id)), Method::GET) => self.shows(id).await,
            (Place::User(Some(id)), Method::DELETE) => self.deletes(id).await,
            _ => Err(StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    async fn creates(&self, request: Request) -> Answer {
        let body = to_bytes(request.into_body(), self.limits.body).await;
        let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        let json: Value =
            serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
        let new: NewUser = serde_json::from_value(json)
            .map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
        let user = self.database.insert(&new.name).await.map_err(status_of)?;
        let place = [(header::LOCATION, format!("/users/{}", user.id))];
        Ok((StatusCode::CREATED, place, Json(user)).into_response())
    }

    async fn shows(&self, id: u64) -> Answer {
        let cached = self.cache.lock().unwrap().users.get(&id).cloned();
        if let Some(user) = cached {
            return Ok(Json(user).into_response());
        }
        let user = self.database.find(id).await.map_err(status_of)?;
        let user = user.ok_or(StatusCode::NOT_FOUND)?;
        let mut cache = self.cache.lock().unwrap();
        if self.wrong == Wrong::Hoards || !cache.deleted.contains(&id) {
            cache.users.insert(id, user.clone());
        }
        Ok(Json(user).into_response())
    }

    async fn deletes(&self, id: u64) -> Answer {
        let (database, cache) = (self.database.clone(), self.cache.clone());
        let both = async move {
            let deleted = database.delete(id).await;
            if deleted == Ok(true) {
                let mut cache = cache.lock().unwrap();
                cache.users.remove(&id);
                cache.deleted.insert(id);
            }
            deleted
        };
        let deleted = if self.wrong == Wrong::Clings {
            both.await
        } else {
            let lost = StatusCode::INTERNAL_SERVER_ERROR;
            kit::spawn(both).await.map_err(|_| lost)?
        };
        let was_there = deleted.map_err(status_of)?;
        let gone = StatusCode::NO_CONTENT.into_response();
        was_there.then_some(gone).ok_or(StatusCode::NOT_FOUND)
    }
}

fn status_of(error: DbError) -> StatusCode {
    match error {
        DbError::Taken => StatusCode::CONFLICT,
        DbError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        DbError::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn told(status: StatusCode) -> Response {
    let body = Json(json!({ "error": status.canonical_reason() }));
    let mut answer = (status, body).into_response();
    if status == StatusCode::UNAUTHORIZED {
        let challenge = header::HeaderValue::from_static("Bearer");
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    answer
}

struct Entry(Log, Line, Instant);

impl Drop for Entry {
    fn drop(&mut self) {
        self.1.ms = self.2.elapsed().as_millis() as u64;
        self.0.write(self.1.clone());
    }
}
