//! What a contract leaves open, and what is due.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use crate::run::Pulse;

/// How many stories of one scene are looked at. A scene that has more of them is not judged.
const STORIES: usize = 500;

/// What the contract leaves open in one scene. A model asks, and takes every answer in turn, so that
/// in the end every story that is allowed has been told.
#[derive(Default)]
pub struct Open {
    /// Each answer so far, and how many there were to choose from.
    answers: RefCell<Vec<(usize, usize)>>,
    asked: Cell<usize>,
    reached: RefCell<Vec<(usize, &'static str)>>,
}

impl Open {
    /// Either is right.
    pub fn either(&self) -> bool {
        self.one_of(2) == 1
    }

    /// Each of `0..n` is right.
    pub fn one_of(&self, n: usize) -> usize {
        if n == 1 {
            return 0;
        }
        let at = self.asked.replace(self.asked.get() + 1);
        let mut answers = self.answers.borrow_mut();
        if at == answers.len() {
            answers.push((0, n));
        }
        answers[at].0
    }

    /// The model was here: a state that rule number `rule` is about and that the scenes have to reach.
    /// See [`super::census`].
    pub fn sometimes(&self, rule: usize, what: &'static str) {
        self.reached.borrow_mut().push((rule, what));
    }

    pub(super) fn reached(self) -> Vec<(usize, &'static str)> {
        self.reached.into_inner()
    }

    /// Every story that `model` tells, until `wanted` says that this one is it. `false` if the scene is
    /// not to be judged: for one of its stories there is no model, or there are too many.
    pub(crate) fn each<S>(
        &self,
        mut model: impl FnMut(&Open) -> Option<S>,
        mut wanted: impl FnMut(S) -> bool,
    ) -> bool {
        for _ in 0..STORIES {
            Pulse::beat_own();
            self.asked.set(0);
            let Some(story) = model(self) else {
                return false;
            };
            if wanted(story) || !self.go_on() {
                return true;
            }
        }
        false
    }

    /// Takes the next answer to the last question that has one left.
    fn go_on(&self) -> bool {
        let mut answers = self.answers.borrow_mut();
        answers.truncate(self.asked.get());
        while let Some((answer, n)) = answers.pop() {
            if answer + 1 < n {
                answers.push((answer + 1, n));
                return true;
            }
        }
        false
    }
}

/// What is due, and when: at a tie in any order.
pub struct Agenda<T>(Vec<(Duration, T)>);

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Agenda(vec![])
    }
}

impl<T> Agenda<T> {
    /// `what` is due at `at`. At the end of time is never.
    pub fn add(&mut self, at: Duration, what: T) {
        if at < Duration::MAX {
            self.0.push((at, what));
        }
    }

    /// Takes what is due first. Of several at one instant each may be the first.
    pub fn next(&mut self, open: &Open) -> Option<(Duration, T)> {
        let at = self.0.iter().map(|(at, _)| *at).min()?;
        let due = || self.0.iter().enumerate().filter(|(_, it)| it.0 == at);
        let chosen = open.one_of(due().count());
        let (index, _) = due().nth(chosen)?;
        Some(self.0.remove(index))
    }

    /// Forgets what `which` names.
    pub fn forget(&mut self, mut which: impl FnMut(&T) -> bool) {
        self.0.retain(|(_, what)| !which(what));
    }
}
