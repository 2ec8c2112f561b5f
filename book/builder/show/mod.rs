//! What each directive shows, one file a directive.

pub mod answer;
pub mod code;
pub mod contract;
pub mod crowd;
pub mod minutes;
pub mod mistakes;
pub mod picture;
mod place;
pub mod report;
pub mod shop;
