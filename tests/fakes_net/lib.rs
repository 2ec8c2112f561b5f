//! What stands in for the network: HTTP clients and servers, bodies, a database. Used by the chapters of
//! the package `network` alone, so that no other chapter compiles its dependencies.
//!
//! There is none yet. The first one is a file here, and begins a map by need as `tests/fakes/lib.rs` has it.
