//! Pictures of runs on virtual time: inline SVG with a table that says the same.

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
