//! Every suite against its right answers, in one binary.
#![allow(clippy::duplicate_mod)] // each answer attaches the suite of its chapter

#[path = "answer_key.rs"]
mod answer_key;
