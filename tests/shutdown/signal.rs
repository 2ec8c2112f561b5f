//! Of the contract of `shutdown` what is the same for all connections: when the signal is heard, and
//! what stops them. Rules 4, 5 and 7, and who connects when.

use std::{cmp::Ordering, time::Duration};

use kit::{ms, scenes::Open};

use super::story::{Ask, Group, NO_LIMIT, Scene, What};

/// When what is heard. Everybody's acts are told apart by the number of their group.
pub struct Plan {
    pub groups: Vec<Group>,
    /// The group in which `serve` is called.
    pub serves: usize,
    /// The group with which the signal is heard.
    pub signal: Option<usize>,
    /// The group from which on nobody is accepted.
    pub deaf: Option<usize>,
    pub stop: Option<Stop>,
}

/// What ends all connections at once.
#[derive(Clone, Copy)]
pub struct Stop {
    pub at: Duration,
    /// The group of acts that it comes with, or after.
    pub group: usize,
    /// Everything else of this instant comes before it.
    pub is_last: bool,
    /// It is the future of `serve` that is dropped.
    pub is_drop: bool,
}

impl Plan {
    pub fn new(scene: &Scene, open: &Open) -> Self {
        let groups = scene.groups();
        let is_serve = |what| matches!(what, What::Serves);
        let serves = scene.find(&groups, 0, is_serve).unwrap_or(0);
        let is_drop = |what| matches!(what, What::DropsServer);
        let drop = scene.find(&groups, 0, is_drop);
        let signal = scene.signal(&groups, serves);
        let signal = signal.filter(|group| drop.is_none_or(|drop| *group < drop));
        let deaf = signal.or(drop);
        let mut plan = Plan { groups, serves, signal, deaf, stop: None };
        let drop = drop.map(|group| plan.stop(group, true));
        plan.stop = plan.first_stop(scene, drop, open);
        plan
    }

    pub fn at(&self, group: usize) -> Duration {
        self.groups[group].at
    }

    fn stop(&self, group: usize, is_drop: bool) -> Stop {
        let Group { at, is_apart: is_last, .. } = self.groups[group];
        Stop { at, group, is_last, is_drop }
    }

    /// The limit, a second signal, or that the server is dropped.
    fn first_stop(
        &self,
        scene: &Scene,
        drop: Option<Stop>,
        open: &Open,
    ) -> Option<Stop> {
        let Some(signal) = self.signal else { return drop };
        // Rule 5: "When `limit` has passed since the signal".
        let at = self.at(signal).saturating_add(scene.limit);
        let limit = Stop { at, group: signal, is_last: false, is_drop: false };
        // Rule 7: "While it drains, one more `true`".
        let is_again =
            |group: &usize| scene.sends(&self.groups[*group]) == Some(true);
        let again = (signal + 1..self.groups.len()).find(is_again);
        let again = again.map(|group| self.stop(group, false));
        let cut = again.filter(|again| again.at < at).unwrap_or(limit);
        let is_first = |drop: &Stop| match drop.at.cmp(&cut.at) {
            Ordering::Equal if cut.group > signal => drop.group <= cut.group,
            Ordering::Equal => !drop.is_last && open.either(),
            order => order.is_lt(),
        };
        Some(drop.filter(is_first).unwrap_or(cut))
    }

    /// Whether the server is dropped before it returns, which is due at `at`.
    pub fn is_dropped(&self, at: Duration, open: &Open) -> bool {
        let Some(drop) = self.stop.filter(|stop| stop.is_drop) else { return false };
        // What is ready may be dropped before it is polled.
        let is_tie = drop.at == at && !drop.is_last;
        drop.at < at || (is_tie && open.either())
    }
}

impl Scene {
    /// The acts, in groups that nothing else comes between.
    pub fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = vec![];
        let mut at = Duration::ZERO;
        for (i, act) in self.acts.iter().enumerate() {
            at += act.after;
            match groups.last_mut() {
                Some(group) if act.after.is_zero() && !act.is_apart => {
                    group.acts.end = i + 1;
                }
                _ => {
                    let is_apart = act.is_apart && i > 0;
                    groups.push(Group { at, is_apart, acts: i..i + 1 });
                }
            }
        }
        groups
    }

    /// Each client with the group in which it connects, and what it asks then.
    pub fn connects(&self, groups: &[Group]) -> Vec<(usize, usize, Option<Ask>)> {
        let mut clients = vec![];
        for (g, group) in groups.iter().enumerate() {
            for what in self.acts_of(group) {
                if let What::Connect(n, ask) = what {
                    (0..n).for_each(|_| clients.push((clients.len(), g, ask)));
                }
            }
        }
        clients
    }

    /// Rule 4: the group with which the signal is heard, unless the server is dropped before.
    pub fn signal(&self, groups: &[Group], serves: usize) -> Option<usize> {
        let mut value = false;
        groups.iter().enumerate().position(|(g, group)| {
            // "a value that is replaced before `serve` could see it was never sent".
            value = self.sends(group).unwrap_or(value);
            // "A sender that was dropped is the signal as well".
            value |=
                self.acts_of(group).any(|what| matches!(what, What::DropsSender));
            // "even if it was sent before `serve` was called".
            value && g >= serves
        })
    }

    /// The last value that main sends in this group.
    pub fn sends(&self, group: &Group) -> Option<bool> {
        let value = |what| match what {
            What::Sends(value) => Some(value),
            _ => None,
        };
        self.acts_of(group).filter_map(value).last()
    }

    /// The first group, from this one on, with such an act.
    pub fn find(
        &self,
        groups: &[Group],
        from: usize,
        is_it: fn(What) -> bool,
    ) -> Option<usize> {
        let mut those = from..groups.len();
        those.find(|group| self.acts_of(&groups[*group]).any(is_it))
    }

    pub fn acts_of(&self, group: &Group) -> impl Iterator<Item = What> {
        self.acts[group.acts.clone()].iter().map(|act| act.what)
    }
}

impl Scene {
    /// When all that ends has ended, as if one thing came after the other. Why no later: whoever looks at the clock all the
    /// time, which is no business of the first rules, would look millions of times.
    pub(super) fn all_ends(&self) -> Duration {
        let ends = |time: Duration| if time < NO_LIMIT { time } else { ms(0) };
        let slowest = self.reads.iter().map(|time| ends(*time)).max();
        let slowest = slowest.unwrap_or_default();
        let mut end = ends(self.limit) + slowest + ms(10_000);
        for act in &self.acts {
            let (n, takes) = match act.what {
                What::Connect(_, Some(ask)) => (1, ask.takes),
                What::Asks(_, n, ask) => (n as u32, ask.takes),
                _ => (0, ms(0)),
            };
            end += act.after + (ends(takes) + slowest) * n;
        }
        end.min(ms(10_000_000))
    }
}
