//! What each directive shows, one file a directive.

pub mod code;
pub mod contract;
pub mod minutes;
pub mod mistakes;
mod place;
pub mod report;
pub mod timeline;
