//! The commands: one file for each that a learner types, and one for those of authors.

pub mod author;
pub mod check;
pub mod compare;
pub mod explain;
pub mod hint;
pub mod list;
pub mod mistakes;
pub mod reset;
pub mod watch;
