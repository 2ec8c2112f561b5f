//! The lines that a service writes.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use axum::http::{Method, StatusCode};
use kit::{Lane, World};

use crate::tell::{Deed, Tell};

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

/// A log, drawn on the lane `log`. Its clones are one log.
#[derive(Clone)]
pub struct Log {
    lane: Lane,
    lines: Arc<Mutex<Vec<Line>>>,
    tell: Option<Tell>,
}

impl Log {
    /// An empty log.
    pub fn new(world: &World) -> Self {
        Log { lane: world.lane("log"), lines: Arc::default(), tell: None }
    }

    /// The same log with no lane: `tell` is told its lines.
    pub fn telling(self, tell: Tell) -> Self {
        Log { tell: Some(tell), ..self }
    }

    /// Writes `line` now. It may be called in a destructor.
    pub fn write(&self, line: Line) {
        match &self.tell {
            None => self.lane.log_in_drop(line.to_string()),
            Some(tell) => tell(Deed::Logs(line.clone())),
        }
        self.lines.lock().unwrap().push(line);
    }

    /// The lines so far, as they are printed.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().iter().map(Line::to_string).collect()
    }
}
