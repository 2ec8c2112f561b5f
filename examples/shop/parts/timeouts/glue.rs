//! What the shop asks of `timeouts`. Compiled with the learner's form and with the naive one.

use super::form::{CallError, within};
use crate::{
    part::{Part, Timeouts},
    suppliers::Fault,
};

/// The part.
pub const PART: Timeouts = Timeouts {
    within: |limit, work| {
        Part::Timeouts.runs(async move {
            within(limit, work).await.map_err(|error| match error {
                CallError::Failed(fault) => fault,
                CallError::TimedOut(_) | CallError::DeadlineExceeded => {
                    Fault::Silent
                }
            })
        })
    },
};
