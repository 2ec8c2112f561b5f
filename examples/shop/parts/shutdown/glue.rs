//! What the shop asks of `shutdown`. Compiled with the learner's form and with the naive one.

use super::form::{Outcome, serve};
use crate::part::{Part, Shutdown};

/// The part.
pub const PART: Shutdown = Shutdown {
    serve: |listener, signal, limit| {
        Part::Shutdown.runs(async move {
            match serve(listener, signal, limit).await {
                Outcome::Drained => 0,
                Outcome::Aborted(open) => open,
            }
        })
    },
};
