//! Where a scene gets its choices from.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use crate::{dice::Dice, ms};

/// Sizes of a scene, from the smallest to the largest.
const SIZES: u64 = 8;

/// What most lengths of time in a scene are near to, in milliseconds.
const UNITS: [u64; 4] = [100, 10, 1_000, 60_000];

/// The choices that make a scene. The first choice of each is the simplest: a scene that fails is
/// made smaller by earlier choices, and fewer.
pub struct Draw {
    step: usize,
    size: u64,
    unit: u64,
    tape: RefCell<Tape>,
    /// The number of the rule that is drawn for, or 0.
    rule: Cell<usize>,
}

struct Tape {
    choices: Vec<u64>,
    /// For which rule each of those that were used was drawn.
    rules: Vec<usize>,
    next: usize,
    dice: Option<Dice>,
}

impl Tape {
    fn new(choices: Vec<u64>, dice: Option<Dice>) -> Self {
        Tape { choices, rules: vec![], next: 0, dice }
    }
}

impl Draw {
    /// New choices: those of scene number `n` of the `all` that a seed has; each is larger than the one before it.
    pub(super) fn new(step: usize, seed: u64, n: u64, all: u64) -> Self {
        let dice = Dice::new(seed * all + n);
        let size = n * SIZES / all;
        Draw::from(step, Tape::new(vec![size], Some(dice)))
    }

    /// Choices that were made before; where they end, the simplest.
    pub(super) fn again(step: usize, choices: &[u64]) -> Self {
        Draw::from(step, Tape::new(choices.to_vec(), None))
    }

    fn from(step: usize, tape: Tape) -> Self {
        let (tape, rule) = (RefCell::new(tape), Cell::new(0));
        let mut draw = Draw { step, size: 0, unit: 0, tape, rule };
        draw.size = 1 + draw.below(SIZES);
        draw.unit = draw.one_of(&UNITS);
        draw
    }

    /// The choices that were used, without those at the end that are the simplest anyway.
    pub(super) fn choices(self) -> Vec<u64> {
        let tape = self.tape.into_inner();
        let mut choices = tape.choices;
        choices.truncate(tape.next);
        while choices.last() == Some(&0) {
            choices.pop();
        }
        choices
    }

    /// Of the choices that were used, those that a scene of this step has too.
    pub(super) fn choices_of(&self, step: usize) -> Vec<u64> {
        let tape = self.tape.borrow();
        let drawn = tape.choices.iter().zip(&tape.rules);
        drawn.filter(|(_, rule)| **rule <= step).map(|(choice, _)| *choice).collect()
    }

    /// The number of the last rule that the scene may speak of.
    pub fn step(&self) -> usize {
        self.step
    }

    /// A number in `0..n`.
    ///
    /// # Panics
    ///
    /// If `n` is zero.
    pub fn below(&self, n: u64) -> u64 {
        let tape = &mut *self.tape.borrow_mut();
        if tape.next == tape.choices.len() {
            tape.choices.push(tape.dice.as_mut().map_or(0, |dice| dice.below(n)));
        }
        let choice = &mut tape.choices[tape.next];
        tape.next += 1;
        tape.rules.push(self.rule.get());
        *choice %= n;
        *choice
    }

    /// One of these; the first is the simplest.
    pub fn one_of<T: Clone>(&self, these: &[T]) -> T {
        these[self.below(these.len() as u64) as usize].clone()
    }

    /// `true` once in `n` times.
    pub fn once_in(&self, n: u64) -> bool {
        self.below(n) + 1 == n
    }

    /// What rule `step` speaks of: drawn from that step on, and before it what there is by default.
    pub fn since<T: Default>(
        &self,
        step: usize,
        each: impl FnOnce(&Draw) -> T,
    ) -> T {
        if self.step < step {
            return T::default();
        }
        let around = self.rule.get();
        self.rule.set(around.max(step));
        let drawn = each(self);
        self.rule.set(around);
        drawn
    }

    /// Some, half of the time.
    pub fn maybe<T>(&self, each: impl FnOnce(&Draw) -> T) -> Option<T> {
        self.once_in(2).then(|| each(self))
    }

    /// Some, three times in four.
    pub fn mostly<T>(&self, each: impl FnOnce(&Draw) -> T) -> Option<T> {
        (self.below(4) > 0).then(|| each(self))
    }

    /// A list; it gets longer from scene to scene.
    pub fn list<T>(&self, mut each: impl FnMut(&Draw) -> T) -> Vec<T> {
        let mut list = vec![];
        while list.len() < 2 * self.size as usize && self.below(self.size + 1) > 0 {
            list.push(each(self));
        }
        list
    }

    /// A length of time, whole milliseconds: a round one, none, the shortest, the longest, one that may
    /// meet another, or any. Most in a scene are alike in size.
    pub fn time(&self) -> Duration {
        let unit = self.unit;
        match self.below(12) {
            0 => ms(unit),
            1 => ms(0),
            2 => ms(1),
            3 | 4 => ms(unit * self.below(9) / 2),
            5 => ms(1 + self.below(self.one_of(&[10, 1_000, 100_000, 5_000_000]))),
            6 => Duration::MAX,
            _ => ms(1 + self.below(10 * unit)),
        }
    }

    /// As [`Draw::time`], for what somebody waits at most: it may also be so long that as milliseconds in 32 bits
    /// it is short.
    pub fn limit(&self) -> Duration {
        if self.once_in(16) {
            return ms(1 << 32) + ms(self.below(10 * self.unit));
        }
        self.time()
    }
}
