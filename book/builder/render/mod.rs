//! From a page as written to a page for mdBook.

mod fences;
mod hints;
mod page;
mod prediction;

pub use page::render;
