#![allow(dead_code, missing_docs, clippy::duplicate_mod)]

mod stub;
