//! Lazy: a service that answers 500, and a server that fails at once.
//! Passes: nothing

use std::{future::pending, time::Duration};

use axum::{Router, http::StatusCode};
use fakes_net::{Accept, Database, Keys, Limits, Log, Visit, Wrong};
use tokio::time::error::Elapsed;

#[derive(Clone)]
pub struct App;

impl App {
    pub fn new(_: Database, _: Keys, _: Log, _: Limits) -> Self {
        App
    }
}

pub fn router(_app: App) -> Router {
    Router::new().fallback(async || StatusCode::INTERNAL_SERVER_ERROR)
}

pub async fn serve(
    _listener: impl Accept,
    _app: App,
    _shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Elapsed> {
    tokio::time::timeout(Duration::ZERO, pending()).await
}

pub fn exposes(_wrong: Wrong) -> Vec<Visit> {
    vec![]
}

#[cfg(test)]
#[path = "../../../tests/http.rs"]
mod tests;
