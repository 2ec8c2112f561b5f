//! The lines that the port writes.

use std::sync::Arc;

use super::Line;
use crate::lines::Lines;

/// A log that is shown on the screen of the shop. Its clones are one log.
#[derive(Clone)]
pub struct Log(Arc<Lines>);

impl Log {
    /// A log whose lines are shown as `lines` allows.
    pub(crate) fn shown_by(lines: Arc<Lines>) -> Self {
        Log(lines)
    }

    /// Writes `line` now. It may be called in a destructor.
    pub fn write(&self, line: Line) {
        self.0.write(|| line.to_string());
    }
}
