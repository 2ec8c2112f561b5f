//! The instruments every suite uses, on tokio's paused clock. What stands in for the world around the
//! code under test is in the crate `fakes`.
//!
//! A map, by need:
//!
//! | you want to | use |
//! |---|---|
//! | run a scenario under 64 seeds | [`check`]; a large one, such as a whole service, under 16: [`check_large`] |
//! | run scenes that nobody wrote, and compare them with a model | [`scenes`] |
//! | know or choose the virtual time | [`World::now_ms`], [`World::at`] |
//! | let everything happen that can happen now | [`World::settle`] |
//! | let several tasks meet at one instant in any order | [`World::turn`] |
//! | write on the timeline | [`World::lane`], then [`Lane::mark`], [`Lane::log`], [`Lane::span`] |
//! | see whether a future ended or was dropped | [`Lane::watch`], [`Span`] |
//! | have work that takes time | [`Lane::takes`] |
//! | prove a bound on live things | [`World::gauge`] |
//! | have a caller that leaves in the middle of a call | [`leave()`], [`stays`], [`drops`] |
//! | have work that is woken while it is polled, or leaves no budget | [`wakes_itself`], [`gives_way`], [`leaves_no_budget`], [`World::greedily`] |
//! | call or poll with little budget left | [`World::tires`], [`World::wearily`] |
//! | see a panic where it arrives | [`caught()`] |
//! | spawn a task, call on another thread, name a time | [`spawn`], [`elsewhere`], [`ms`] |
//! | have panics, or tasks that stay alive | [`World::expect_panics`], [`World::alive_tasks`] |
//! | say what is waited for | [`World::waiting`] |
//! | let real threads meet | [`race()`], [`threads`], and [`still`] for a fake |
//! | see when your own code is where | [`note`], a lane of its own (`note.rs`), which `runner/src/signatures.rs` leaves out |
//! | assert | [`expect`], [`require`], [`Lane::expect_at`], [`World::expect_now`] |
//!
//! And for whoever writes a fake:
//!
//! | you want to | use |
//! |---|---|
//! | name a spin in milliseconds | [`World::touch`], [`Lane::touch`] |
//! | write from a destructor | [`Lane::log_in_drop`] |
//! | fail with a rule of the suite, or with a spin | [`World::fail`], [`Failure`] |
//! | fail with a panic of the code under test | [`World::fail_with_caught_panic`] |
//! | say where two rows of times part | [`first_difference`], [`ordinal`] |
//! | disturb what the weather disturbs | [`World::weather`], [`World::pick`], [`World::squeeze`] |
//!
//! A scenario never hangs, and a failing test prints one report and nothing else. Where that is done:
//!
//! | what | file |
//! |---|---|
//! | on how many threads the seeds of a test run, and which of those that fail counts | `workers.rs` |
//! | what a seed disturbs: its weather, and its dice | `dice.rs`; the words for it are in `record/src/weather.rs` |
//! | a report: the rule, the timeline, the first difference | `report.rs`; of a scene `scenes/compare.rs` |
//! | how many rules a scene needs to show what is wrong | `scenes/play.rs` |
//! | which test never ends, or which scene | `report.rs` |
//! | the timeline drawn in text | `timeline.rs` |
//! | which of its rows are left out | `shorten.rs` |
//! | of several failing tests only the first speaks | `board.rs` |
//! | not run: an earlier test blocked the thread | `check.rs` |
//! | STALL: everybody waits, and no timer is pending | `watchdog.rs` |
//! | STALL of a race: a round on real threads does not end in 5 s | `race.rs` |
//! | whoever wakes the waker of an earlier poll wakes nobody; polls for no reason | `wakers.rs` |
//! | LIVELOCK: time moves on, and nobody finishes | `watchdog.rs` |
//! | SPIN: polled for ever at one instant | `watchdog.rs` |
//! | SPIN: a lane or a fake touched for ever at one instant | `world.rs` |
//! | SPIN: a loop that never gives way | `workers.rs`, with `cpu.rs` |
//! | BLOCK, a hang: a call that is not async holds the thread | `workers.rs`, with `cpu.rs` |
//!
//! Their numbers: [`Limits`] in `watchdog.rs`; how often one instant may be touched is `TOUCHES_PER_INSTANT` in
//! `world.rs`, and how long a race may take is in `race.rs`.
//!
//! Environment: `KIT_SEED=n` replays one seed, `KIT_SCENE=n.n.n` one scene, `KIT_SEEDS=n` runs
//! that many seeds, `KIT_ROUNDS=n` that many rounds of a race, `KIT_RECORD=dir` writes every run's [`record::Record`] there as JSON; `NO_COLOR` and
//! `CLICOLOR_FORCE` decide how a report is printed.

mod board;
mod caught;
mod check;
mod cpu;
mod dice;
mod expect;
mod failure;
mod gauge;
mod lane;
mod leave;
mod note;
mod old_wakes;
mod order;
mod panics;
mod place;
mod pollers;
mod race;
mod records;
mod report;
mod run;
pub mod scenes;
mod settling;
mod shorten;
mod spawn;
mod timeline;
mod times;
mod wakers;
mod watchdog;
mod workers;
mod world;

#[cfg(test)]
mod tests;

pub use caught::caught;
pub use check::{check, check_large, explore};
pub use expect::{expect, require};
pub use failure::Failure;
pub use gauge::{Gauge, Live};
pub use lane::{Lane, Span, Watched};
pub use leave::{drops, leave, stays};
pub use note::note;
pub use order::{gives_way, leaves_no_budget, wakes_itself};
pub use race::{Wrong, race, still, threads, waits_until};
pub use report::report;
pub use spawn::{elsewhere, spawn};
pub use times::{first_difference, ordinal};
pub use watchdog::{Limits, VIRTUAL_LIMIT};
pub use world::{Waiting, World};

use std::time::Duration;

/// A limit of a day is over by then, and one that was cut down to what 32 bits hold of milliseconds; one that
/// never comes is not.
pub const FIFTY_DAYS_MS: u64 = 50 * 24 * 3_600_000;

/// 29 years. Whoever makes a shorter time of `Duration::MAX`, such as one of ten years, is over by then; tokio's own
/// "never" is not.
pub const LONGEST_MS: u64 = 29 * 365 * 24 * 3_600_000;

/// `n` milliseconds. The suites speak whole milliseconds because the paused clock moves in them.
pub const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}
