//! Builds the book: pages whose code was compiled and whose pictures are runs that were made.
//!
//! A map, in the order of the work. A module knows only those of the lines above its own, and those
//! to its left.
//!
//! | to | modules |
//! |---|---|
//! | say what is wrong | [`problem`] |
//! | put words into a page | [`markup`] |
//! | read files, parts of them, recorded runs, versions, the address of the sources, the glossary | [`files`], [`items`], [`excerpt`], [`runs`], [`versions`], [`repository`], [`glossary`], [`sources`] |
//! | count a quantity from the events of a run; find the two events of an arrow, and refuse one without | [`quantity`], [`arrow`] |
//! | understand a directive | [`directive`] |
//! | draw a recorded run: `picture/time.rs` writes a time, from when on in groups of three digits, `picture/scale.rs` says where an instant stands and which waits are cut short, `picture/rows.rs` places its events, and refuses one without words, `picture/draw.rs` draws its lanes, `picture/arrows.rs` what set off what, `picture/columns.rs` its numbers, `picture/steps.rs` a quantity as steps below the lanes, `picture/figure.rs` caption and table around them | [`picture`] |
//! | expand a directive: `{{#report …}}` is shown by `show/report.rs`, and so each (the difference of a mistake in `show/code.rs`); which it is | [`show`], [`expand`] |
//! | turn a page into one for mdBook; a prediction without its answer is refused in `render/prediction.rs` | [`render`] |
//! | hand the pages to mdBook | [`summary`], [`preprocess`], [`strict`] |
//! | check what came out: [`html`] is sound, [`links`] lead somewhere and nothing is fetched from another machine (`book/tests/browser/audit.rs` sees it in a browser) | [`html`], [`links`] |
//! | do it all, and put it in its place | [`build`] |
//! | serve it | [`watch`], [`serve`] |
//! | record the runs; a page that names a test the suite has not is refused in `recorder/answers.rs`, one that was not recorded in `runs.rs` | [`recorder`] |
//!
//! How a page is read, and how an answer is built and judged, is the business of the runner.

pub mod arrow;
pub mod build;
pub mod directive;
pub mod excerpt;
pub mod expand;
pub mod files;
pub mod glossary;
pub mod html;
pub mod items;
pub mod links;
pub mod markup;
pub mod picture;
pub mod preprocess;
pub mod problem;
pub mod quantity;
pub mod recorder;
pub mod render;
pub mod repository;
pub mod runs;
pub mod serve;
pub mod show;
pub mod sources;
pub mod strict;
pub mod summary;
pub mod versions;
pub mod watch;

#[cfg(test)]
mod tests;
