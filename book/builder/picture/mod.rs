//! Pictures of runs on virtual time: inline SVG with a table that says the same.
//!
//! | part | file |
//! |---|---|
//! | a figure: one run, or two and where they part | `figure`, with `compare` |
//! | which events stand in which row, and where | `rows`, `scale`, `time` |
//! | the SVG | `draw` |
//! | the table beside it | `table` |

mod compare;
mod draw;
mod figure;
mod rows;
mod scale;
mod table;
#[cfg(test)]
mod tests;
mod time;

pub use figure::{Figure, figure};
