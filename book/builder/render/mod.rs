//! From a page as written to a page for mdBook.

mod fences;
mod hints;
mod page;

pub use page::render;
