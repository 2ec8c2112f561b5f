//! Pictures of runs on virtual time: inline SVG with a table that says the same.
//!
//! | part | file |
//! |---|---|
//! | a figure: one run, or two and where they part | `figure`, with `compare` |
//! | which events stand in which row, and where | `rows`, `scale`, `time` |
//! | the SVG: the lanes, on them arrows, below them a quantity as steps, the frame | `draw`, `arrows`, `steps`, `svg` |
//! | numbers that a run tells, as columns: their words, the SVG | `columns`, `bars` |
//! | the table beside it | `table` |

#[cfg(test)]
mod arrow_tests;
mod arrows;
mod bars;
#[cfg(test)]
mod column_tests;
mod columns;
mod compare;
mod draw;
mod figure;
mod rows;
mod scale;
mod steps;
mod svg;
mod table;
#[cfg(test)]
mod tests;
mod time;

pub use columns::{Columns, columns};
pub use figure::{Figure, figure};
