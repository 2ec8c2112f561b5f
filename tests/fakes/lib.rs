//! What stands in for the world around the code under test: dependencies, clients, networks, work
//! that comes in. The instruments that measure are in the crate `kit`.
//!
//! A map, by need:
//!
//! | you want | use |
//! |---|---|
//! | a dependency that takes time | [`upstream`] |
//! | a dependency that answers by script | [`Script`], [`Reply`] |
//! | a store of tokens | [`Tokens`] |
//! | a crowd, and how many of it come together | [`Crowd`] |
//! | a network of bytes | [`net::memory`] |
//! | a network for a server under test, with its clients (`shutdown`) | [`requests::network`]; the server's side is `requests/server.rs` |
//! | a tower service | [`Backend`] |
//! | a tower service whose readiness is set by hand | [`Door`] |
//! | the order in which tower layers run | [`Trace`] |
//! | a caller of tower services | [`Caller`] |
//! | items that count themselves, or more of them than one worker can serve | [`load::Job`], [`load::burst`] |
//! | a busy process around the scenario | [`bystanders`] |
//! | work on real threads that is stopped late | [`Stubborn`] |
//!
//! What draws on the timeline is made by `Thing::new(&world, ...)`, or is a function `deed(&world, ...)`.
//! A new fake is a file here: copy `script.rs` for one that answers, `tokens.rs` for one that holds something, and
//! write its test in `tests/small.rs`. The second map in the kit's `lib.rs` is for whoever writes one.

mod backend;
mod bystanders;
mod caller;
mod crowd;
mod door;
pub mod load;
pub mod net;
pub mod requests;
mod script;
mod stubborn;
mod tokens;
mod trace;
mod upstream;

#[cfg(test)]
mod tests;

pub use backend::Backend;
pub use bystanders::bystanders;
pub use caller::Caller;
pub use crowd::Crowd;
pub use door::Door;
pub use script::{Reply, Script};
pub use stubborn::Stubborn;
pub use tokens::Tokens;
pub use trace::Trace;
pub use upstream::upstream;
