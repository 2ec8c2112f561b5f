//! Lazy: a service without routes, and a server that returns at once.
//! Passes: nothing

use axum::Router;
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
    Router::new()
}

pub async fn serve(
    _listener: impl Accept,
    _app: App,
    _shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Elapsed> {
    Ok(())
}

pub fn exposes(_wrong: Wrong) -> Vec<Visit> {
    vec![]
}

#[cfg(test)]
#[path = "../../../tests/http.rs"]
mod tests;
