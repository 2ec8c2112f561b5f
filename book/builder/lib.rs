//! Builds the book: pages whose code was compiled and whose pictures are runs that were made.
//!
//! A map, in the order of the work:
//!
//! | step | module |
//! |---|---|
//! | read the list of chapters | [`workbook`] |
//! | read a page, section by section | [`page`], [`hints`], [`fences`], [`directive`] |
//! | expand a directive | [`expand`], [`show`], [`source`], [`header`] |
//! | draw a recorded run | [`runs`], [`timeline`] |
//! | hand the pages to mdBook | [`preprocess`], [`build`], [`summary`], [`strict`] |
//! | check what came out | [`links`], [`html`] |
//! | serve it | [`serve`], [`watch`] |
//! | record the runs | [`record`] |

pub mod build;
pub mod directive;
pub mod expand;
pub mod fences;
pub mod header;
pub mod hints;
pub mod html;
pub mod links;
pub mod page;
pub mod preprocess;
pub mod problem;
pub mod record;
pub mod runs;
pub mod serve;
pub mod show;
pub mod source;
pub mod strict;
pub mod summary;
pub mod timeline;
pub mod watch;
pub mod workbook;

#[cfg(test)]
mod tests;
