//! Every suite of the network chapters against its right answers, in one binary.
#![allow(clippy::duplicate_mod)] // each answer attaches the suite of its chapter

#[path = "../solutions/answer_key_network.rs"]
mod answer_key;
