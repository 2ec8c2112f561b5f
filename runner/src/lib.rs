//! The runner of the workbook, as a library.
//!
//! Its rooms, from the ground up. A file uses files of its own room and of the rooms above it in this
//! table, never of one below it, and no two files need each other.
//!
//! | Room | Files | What it does |
//! |---|---|---|
//! | reading | [`error`], [`text`], [`nearest`], [`layout`], [`hash`], [`tokens`], [`workbook`], [`contract`], [`header`], [`page`] | reads the workbook's files; `page/hints.rs` the hints of a page. [`nearest`] says which names are near enough to a mistyped one to be offered; [`error`] has the sentence of every refusal: a misspelt command, a missing file, a rule that does not exist |
//! | running | [`process`], [`target`], [`cargo`], [`libtest`], [`judge`], [`races`] | builds a test binary, runs it under a limit ([`process::PATIENCE`]), and judges it test by test |
//! | knowing | [`progress`], [`mistake`], [`signatures`], [`originals`], [`attached`], [`kept`], [`check`] | [`progress`] is the place and the form of what the last check of each exercise found (`.workbook/progress`), and reads it, [`mistake`] reads the wrong answers and [`signatures`] how each fails, [`originals`] and [`attached`] say whether an exercise is judged by what the workbook came with, [`kept`] keeps a solved one for the programs of `examples/`; [`check`] checks anew, decides at which step the learner is (HERE) and whether an edited suite, model, fake or kit sends a solved chapter back to be checked again, and asks for the [`races`] |
//! | terminal | [`cli::term`] | colours, printing, the line that is overwritten, single keys |
//! | sentences | [`cli::words`] | what a command prints when it does its work: `words/mod.rs` how wide a line is and where it is cut, `words/verdict.rs` a check, `words/rule.rs` what `explain` says of a rule, which [`contract`] reads from the stub, `words/hint.rs` a hint, which `page/hints.rs` reads from the page; what it prints when it cannot is in [`error`] |
//! | context | [`cli::args`], [`cli::context`] | what was typed, where, and how it may be answered: `cli/args.rs` is the list of commands, with their help |
//! | store | [`cli::store`] | how far the learner is: writes that file, tells when it was damaged, or checks; what is replaced on the desk is kept by [`cli::desk`] |
//! | commands | [`cli::commands`] | one file for each command, but `compare.rs` has `solution` and `diff`, and `watch/` is a folder: its `mod.rs` waits for a save and shows the check that `words/verdict.rs` tells |
//! | door | [`cli`] (`cli/mod.rs`) | finds the command that was meant; without a word it is `watch` |
//!
//! The gate for authors is a crate of its own, and so is the book; both use this one.

pub mod attached;
pub mod cargo;
pub mod check;
pub mod cli;
pub mod contract;
pub mod error;
pub mod hash;
pub mod header;
pub mod judge;
pub mod kept;
pub mod layout;
pub mod libtest;
pub mod mistake;
pub mod nearest;
pub mod originals;
pub mod page;
pub mod process;
pub mod progress;
pub mod races;
pub mod signatures;
pub mod target;
pub mod text;
pub mod tokens;
pub mod workbook;

pub use error::Error;
pub use workbook::{Chapter, Workbook};
