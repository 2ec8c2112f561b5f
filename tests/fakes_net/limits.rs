//! What the configuration of a service says.

use std::time::Duration;

/// What a service may not exceed.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a body.
    pub body: usize,
    /// From a request to its answer. With no time at all a DELETE may be 504 or not: its work may be in a task.
    pub handler: Duration,
    /// Until the whole head of a request is there.
    pub header: Duration,
    /// From the signal to the end of everything.
    pub drain: Duration,
}
