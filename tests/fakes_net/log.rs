//! The lines that a service writes.

use std::sync::{Arc, Mutex};

use kit::{Lane, World};

use crate::{
    line::Line,
    tell::{Deed, Tell},
};

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
