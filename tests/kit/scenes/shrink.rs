//! Making a scene that fails as small as it gets, by its choices alone.

use std::sync::atomic::Ordering::SeqCst;

use record::Kind;

use crate::{failure::Failure, world::World};

/// How much is tried for a smaller scene, counted in scenes that fail at once.
const TRIES: u64 = 4_000;

/// So many idle points take as long as a scene that fails at once.
const POINTS: u64 = 500;

/// A scene that failed.
pub(super) struct Found {
    pub(super) choices: Vec<u64>,
    pub(super) world: World,
    pub(super) failure: Failure,
}

impl Found {
    /// Whether it is plain what is due. Where a contract leaves several things open, such as at a tie, the reader
    /// would suspect the tie, and what is wrong may stand among what could be due.
    pub(super) fn is_plain(&self) -> bool {
        match &self.failure.due {
            Some(due) => due.is_only,
            None => self.failure.kind != Kind::Rule,
        }
    }
}

/// Acts the scene of some choices under a seed.
type Act<'a> = &'a mut dyn FnMut(&[u64], u64) -> (World, Option<Failure>);

/// The smallest scene near `found` that fails as well, and one in which it is plain what is due, if there is one.
/// `used` says which choices a scene makes use of.
pub(super) fn smallest(
    mut found: Found,
    used: &dyn Fn(&[u64]) -> Vec<u64>,
    act: Act<'_>,
) -> Found {
    let mut search = Search { used, act, left: TRIES };
    let mut seed = found.world.seed();
    loop {
        while let Some(next) = search.smaller(&found, &mut seed) {
            found = next;
        }
        match search.plainer(&found, seed) {
            Some(next) => found = next,
            None => return found,
        }
    }
}

struct Search<'a> {
    used: &'a dyn Fn(&[u64]) -> Vec<u64>,
    act: Act<'a>,
    /// What may still be tried, in scenes that fail at once.
    left: u64,
}

impl Search<'_> {
    /// The scene of these choices, if it fails as well. `cost` is what it costs to see that.
    fn fails(&mut self, choices: Vec<u64>, seed: u64, cost: u64) -> Option<Found> {
        self.left = self.left.checked_sub(cost)?;
        let (world, failure) = (self.act)(&choices, seed);
        let points = world.0.idle_points.load(SeqCst);
        self.left = self.left.saturating_sub(points / POINTS);
        failure.map(|failure| Found { choices, world, failure })
    }

    /// The first smaller scene that fails, in calm weather if it does so there.
    fn smaller(&mut self, found: &Found, seed: &mut u64) -> Option<Found> {
        let cost = cost(found.failure.kind)?;
        if *seed != 0 {
            let calm = self.fails(found.choices.clone(), 0, cost);
            if calm.is_some() {
                *seed = 0;
                return calm;
            }
        }
        let known = &found.choices;
        candidates(known).iter().find_map(|other| {
            let other = (self.used)(other);
            let is_smaller = (other.len(), &other) < (known.len(), known);
            let next =
                if is_smaller { self.fails(other, *seed, cost) } else { None };
            next.filter(|next| next.is_plain() || !found.is_plain())
        })
    }

    /// A scene like this one that fails and is plain, where this one is not: with one later choice, or two.
    fn plainer(&mut self, found: &Found, seed: u64) -> Option<Found> {
        let cost = cost(found.failure.kind).filter(|_| !found.is_plain())?;
        later(&found.choices).iter().find_map(|other| {
            let next = self.fails((self.used)(other), seed, cost);
            next.filter(Found::is_plain)
        })
    }
}

/// With one choice that is a little later, or two.
fn later(choices: &[u64]) -> Vec<Vec<u64>> {
    let mut later = vec![];
    let change = |choices: &[u64], at: usize, by: u64| {
        let mut other = choices.to_vec();
        other[at] += by;
        other
    };
    // Why two more places: choices at the end that are the simplest are left out.
    let choices = [choices, &[0, 0]].concat();
    for at in 0..choices.len() {
        later.extend([1, 2, 3, 5].map(|by| change(&choices, at, by)));
    }
    for first in 0..choices.len() {
        for second in first + 1..choices.len() {
            let one = change(&choices, first, 1);
            later.extend([1, 2].map(|by| change(&one, second, by)));
        }
    }
    later
}

/// What it costs to see this again, in scenes that fail at once; `None` if it is not worth it.
fn cost(kind: Kind) -> Option<u64> {
    match kind {
        Kind::Rule | Kind::Panic | Kind::Stall => Some(1),
        Kind::Spin => Some(600),
        Kind::Livelock => Some(1_000),
        Kind::Todo | Kind::Block | Kind::NotRun => None,
    }
}

/// Without some choices, and then with earlier ones: 0 first, then half, three quarters and so on.
fn candidates(choices: &[u64]) -> Vec<Vec<u64>> {
    let mut candidates = vec![];
    for len in [64, 32, 16, 8, 4, 3, 2, 1] {
        for at in 0..(choices.len() + 1).saturating_sub(len) {
            candidates.push([&choices[..at], &choices[at + len..]].concat());
        }
    }
    for at in 0..choices.len() {
        let mut step = choices[at];
        while step > 0 {
            let mut other = choices.to_vec();
            other[at] -= step;
            candidates.push(other);
            step /= 2;
        }
    }
    candidates
}

/// The choices of the scene that is to be acted again, if one is.
pub(super) fn replayed() -> Option<Vec<u64>> {
    let written = std::env::var("KIT_SCENE").ok()?;
    let numbers = written.split('.').filter(|number| !number.is_empty());
    Some(numbers.map(|number| number.parse().unwrap_or(0)).collect())
}
