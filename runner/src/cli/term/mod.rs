//! The terminal: colours, printing, the line that is overwritten, single keys.

pub mod keys;
pub mod screen;
pub mod style;
pub mod ticker;
