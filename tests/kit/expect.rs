//! Assertions: each carries the rule it enforces, as a sentence about the world.

use std::{fmt::Debug, panic::Location};

use crate::{failure::Failure, world::World};

/// Fails with `rule` unless `observed` equals `expected`.
///
/// # Panics
///
/// Ends the test, with both values, and when this was asked.
#[track_caller]
pub fn expect<A, B>(observed: A, expected: B, rule: &str)
where
    A: PartialEq<B> + Debug,
    B: Debug,
{
    if observed == expected {
        return;
    }
    let now = World::current().map_or(0, |world| world.now_ms());
    let difference = format!("expected {expected:?}, observed {observed:?}");
    let failure = Failure::rule(rule).difference(difference);
    World::fail_current(failure.at(Location::caller()).when(now));
}

/// Fails with `rule` unless `holds`.
///
/// # Panics
///
/// Ends the test.
#[track_caller]
pub fn require(holds: bool, rule: &str) {
    if holds {
        return;
    }
    World::fail_current(Failure::rule(rule).at(Location::caller()));
}

impl World {
    /// Fails with `rule` unless it is exactly `at_ms` virtual milliseconds since the start.
    ///
    /// # Panics
    ///
    /// Ends the test.
    #[track_caller]
    pub fn expect_now(&self, at_ms: u64, rule: &str) {
        let now = self.now_ms();
        if now == at_ms {
            return;
        }
        let (off, word) =
            if now < at_ms { (at_ms - now, "early") } else { (now - at_ms, "late") };
        let difference =
            format!("due at {at_ms} ms, it is {now} ms: {off} ms too {word}");
        let failure = Failure::rule(rule).difference(difference);
        self.fail(failure.at(Location::caller()));
    }
}
