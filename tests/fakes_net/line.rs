//! What a service writes of one request.

use std::fmt;

use axum::http::{Method, StatusCode};

/// A line about one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As the client sent it.
    pub method: Method,
    /// The template of its route, `/users/{id}`, or `-` for a path that no route has.
    pub route: String,
    /// What was answered; `None` when the client had left before.
    pub status: Option<StatusCode>,
    /// Whole milliseconds since the request came.
    pub ms: u64,
}

/// `GET /users/{id} 200 12 ms`
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line { method, route, status, ms } = self;
        match status {
            Some(status) => {
                write!(f, "{method} {route} {} {ms} ms", status.as_u16())
            }
            None => write!(f, "{method} {route} cancelled {ms} ms"),
        }
    }
}
