//! The gate: what must hold before a chapter counts as done, and what an author needs besides.
//!
//! The conditions that [`text`] lists need no compiler; those of [`verify`] build and run the wrong and the
//! right answers. Each condition is a function of its own that returns a [`finding`] for each file to mend,
//! so that a failed gate names them all at once. A new one is added to the list in [`text`], or to the
//! findings of [`answers`] or [`ladder`] when it looks at runs. Then `tests/text.rs`, or `tests/bites.rs`
//! for one on runs, breaks it in a copy of the smallest chapter and hears it.
//!
//! | to | see |
//! |---|---|
//! | find the command that was typed | [`cli`] |
//! | read a chapter | [`material`], with [`rust`] and [`suite`] for its code |
//! | see that every file of a chapter is there and has its name | [`doors`] |
//! | compare its rules with suite, page and answers | [`contracts`] |
//! | see that each step has tests and each assertion a sentence | [`suites`] |
//! | count the wrong answers, and check their headers as text (`runner/src/mistake.rs` reads them) | [`wrong`] |
//! | compare the rule and the test that a header names with the tests that fail | [`ladder`], and with the scenes [`early`] |
//! | count the hints, and see that none tells the answer | [`hints`] |
//! | see that a page has its parts, and that they are written | [`pages`] |
//! | compare a run sheet with what the wrong answers do: its wrong turns, its demo, its [`cuts`] | [`sheet`] |
//! | see that comments say something | [`comments`] |
//! | measure files against their budget | [`budgets`] |
//! | see whether the wrong answers are formatted | [`format`] |
//! | find every file of Rust | [`tree`] |
//! | look for circles between files | [`rooms`] |
//! | compare what the programs of `examples/` freeze with the stubs | [`shop`] |
//! | compute the lists that name chapters | [`contents`], [`lists`] |
//! | build and run its answers | [`keys`], [`made`], [`answers`] with [`chance`] (which answers leave something to chance, so that no story is recorded), then [`ladder`] for what their failures must look like together |
//! | do all of that | [`verify`], which prints a [`table`]; `--bless` is there too: first the lists, then the signatures |
//! | run the right answers under many seeds | [`soak`], under [`load`] if asked |
//! | change the reference and see whether the suite notices | [`mutants`], on a [`copy`] |
//! | work on one mistake: try it, write it, carry it over | [`authoring`] |
//! | lay out a new chapter | [`new`] |

pub mod answers;
pub mod authoring;
pub mod budgets;
pub mod chance;
pub mod cli;
pub mod comments;
pub mod contents;
pub mod contracts;
pub mod copy;
pub mod cuts;
pub mod doors;
pub mod early;
pub mod finding;
pub mod format;
pub mod hints;
pub mod keys;
pub mod ladder;
pub mod lists;
pub mod load;
pub mod made;
pub mod material;
pub mod mutants;
pub mod new;
pub mod pages;
pub mod rooms;
pub mod rust;
pub mod sheet;
pub mod shop;
pub mod soak;
pub mod suite;
pub mod suites;
pub mod table;
pub mod text;
pub mod tree;
pub mod verify;
pub mod wrong;

pub use finding::Finding;
pub use material::Material;
