//! The instruments every suite uses, on tokio's paused clock.
//!
//! A map, by need:
//!
//! | you want to | use |
//! |---|---|
//! | run a scenario under 64 seeds | [`check`] |
//! | know or choose the virtual time | [`World::now_ms`], [`World::at`] |
//! | let everything happen that can happen now | [`World::settle`] |
//! | let several tasks meet at one instant in any order | [`World::turn`] |
//! | have a busy process around the scenario | [`World::bystanders`] |
//! | write on the timeline | [`World::lane`], then [`Lane::mark`], [`Lane::log`], [`Lane::span`] |
//! | see whether a future ended or was dropped | [`Lane::watch`], [`Span`] |
//! | fake a dependency that takes time | [`World::upstream`], [`Lane::takes`] |
//! | fake a dependency that answers by script | [`World::script`] |
//! | fake a network of bytes | [`net::memory`] |
//! | fake clients that send requests to a server | [`requests::network`] |
//! | fake a tower service, see in which order layers run | [`World::backend`], [`Lane::trace`] |
//! | set by hand how ready one is | [`World::door`] |
//! | call one by hand | [`Lane::asks`], [`Lane::waits_for`], [`Lane::hears`] |
//! | have items that count themselves, or more of them than one worker can serve | [`load::Job`], [`load::burst`] |
//! | prove a bound on live things | [`World::gauge`] |
//! | show how many come together | [`World::crowd`] |
//! | fake a store of tokens | [`World::tokens`] |
//! | see a panic where it arrives | [`caught()`] |
//! | assert | [`expect`], [`require`], [`Lane::expect_at`], [`World::expect_now`] |
//!
//! A scenario never hangs: see [`Limits`] for the four watchdogs. A failing test prints one
//! report (the rule, a timeline on virtual time, the first difference) and nothing else.
//!
//! Environment, read by [`check`] alone: `KIT_SEED=n` replays one seed, `KIT_SEEDS=n` runs
//! that many, `KIT_RECORD=dir` writes every run's [`record::Record`] there as JSON.

mod board;
mod bystanders;
mod caught;
mod check;
mod cpu;
mod crowd;
mod door;
mod expect;
mod gauge;
mod lane;
pub mod load;
pub mod net;
mod order;
mod ready;
pub mod record;
mod report;
pub mod requests;
mod run;
mod script;
mod spawn;
mod timeline;
mod tokens;
mod watchdog;
mod weather;
mod world;

#[cfg(test)]
mod tests;

pub use caught::caught;
pub use check::{check, explore};
pub use crowd::Crowd;
pub use door::Door;
pub use expect::{expect, require};
pub use gauge::{Gauge, Live};
pub use lane::{Lane, Span, Watched};
pub use ready::{Backend, Trace};
pub use report::report;
pub use run::Failure;
pub use script::{Reply, Script};
pub use spawn::spawn;
pub use tokens::Tokens;
pub use watchdog::{Limits, VIRTUAL_LIMIT};
pub use weather::Weather;
pub use world::{Waiting, World};

use std::time::Duration;

/// `n` milliseconds. The suites speak whole milliseconds because the paused clock moves in them.
pub const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}
