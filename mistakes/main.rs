//! The wrong answers of a chapter, each with the chapter's suite; `build.rs` makes them and lists them.
#![allow(unused, missing_docs, clippy::duplicate_mod)]

include!(concat!(env!("OUT_DIR"), "/mistakes/modules.rs"));
