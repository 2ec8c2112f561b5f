//! The runner of the workbook, as a library.
//!
//! It has three parts. The first reads the workbook: its chapters, contracts, suites, mistakes and
//! hints are text. The second runs things: one cargo call builds a test binary, which then runs under
//! a time limit with its output capped, and is judged test by test. The third is the gate: each of its
//! conditions is a small function that returns findings, and a finding names the file to mend.

pub mod cargo;
pub mod check;
pub mod cli;
pub mod contract;
pub mod error;
pub mod gate;
pub mod header;
pub mod judge;
pub mod libtest;
pub mod modules;
pub mod page;
pub mod process;
pub mod progress;
pub mod rust;
pub mod scratch;
pub mod signatures;
pub mod suite;
pub mod text;
pub mod workbook;

pub use error::Error;
pub use workbook::{Chapter, Workbook};
