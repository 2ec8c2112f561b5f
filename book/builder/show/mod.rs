//! What each directive shows.

pub mod chapter;
pub mod code;
pub mod runs;
