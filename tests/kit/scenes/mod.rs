//! Scenes that nobody wrote: a chapter's contract as a calculation, and the answer compared with it.
//!
//! A chapter says what may be drawn, what is due then, and how an answer is driven:
//!
//! | a chapter has | which is |
//! |---|---|
//! | a [`Setting`] | what is given: sizes, limits, what everybody does; [`Draw`] has the choices |
//! | an [`Event`] | what can happen, as an enum, and in words |
//! | [`Contract::model`] | the contract: what is due in a scene, and when. [`Open`] is what it leaves open |
//! | [`Contract::law`] | what holds beside the story, such as an order within one instant |
//! | `act` | the scene with the learner's code in it, told on a [`Stage`] |
//!
//! Only `act` names a type of the answer. The rest lies in the library `models`, compiled once for all answers, with
//! what draws and compares for it (`typed.rs`). [`check`] (`play.rs`) draws scenes, simple ones first (`draw.rs`; how
//! many under one seed says `contract.rs`), acts each in a fresh world, and compares what came with what is due
//! (`compare.rs`): each event by what it is, wherever it stands. Every story that is allowed is looked at, and a
//! scene that has too many of them is not judged (`open.rs`). A scene that fails is made as small as it gets before
//! it is told (`shrink.rs`).
//!
//! A scene that somebody wrote is acted on a [`Stage`] of its own, and [`Stage::verdict`] says what the contract does.
//!
//! [`census`] draws without an answer, for the test that says whether the scenes are good enough.

mod census;
mod compare;
mod contract;
mod draw;
mod judge;
mod open;
mod play;
mod shrink;
mod stage;
mod story;
mod typed;
mod verdict;

pub use census::{Census, census};
pub use contract::Contract;
pub use draw::Draw;
pub use judge::Judge;
pub use open::{Agenda, Open};
pub use play::check;
#[cfg(test)]
pub(crate) use play::explore;
pub use stage::{Begun, Stage};
pub use story::{Event, Setting, Story, counted, on_the_clock, told, told_after};
pub use typed::judge;
pub use verdict::Verdict;
