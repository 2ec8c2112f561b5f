//! What the shop asks of `joinset`. Compiled with the learner's form and with the naive one.

use super::form::map_bounded;
use crate::part::{Joinset, Part};

/// The part.
pub const PART: Joinset = Joinset {
    map_bounded: |limit, suppliers, ask| {
        Part::Joinset.runs(map_bounded(limit, suppliers, ask))
    },
};
