//! One connection, and how time passes for it: what comes before what, and what may.

use std::{collections::VecDeque, time::Duration};

use kit::scenes::Open;

use super::{
    signal::Plan,
    story::{Ask, Happens, Scene, What},
};

/// One connection.
pub struct Line<'a> {
    pub scene: &'a Scene,
    pub plan: &'a Plan,
    pub open: &'a Open,
    pub client: usize,
    pub now: Duration,
    /// How many groups of acts have been.
    pub passed: usize,
    pub pipe: VecDeque<Ask>,
    pub has_hung_up: bool,
    /// Since when there is the signal, and whether it is heard before anything else.
    pub signal: Option<(Duration, bool)>,
    pub begun: usize,
    pub ended: usize,
    pub answered: usize,
    /// When the flush is over that was begun last.
    pub sent: Option<Duration>,
    /// It flushes because no request waits.
    pub is_idle: bool,
    /// A request comes while it does.
    pub is_unclear: bool,
    pub told: Vec<(Duration, Happens)>,
}

/// The connection is dropped, and has not closed by itself.
pub struct Stopped;

impl<'a> Line<'a> {
    pub fn new(
        scene: &'a Scene,
        plan: &'a Plan,
        open: &'a Open,
        (client, accepted, ask): (usize, usize, Option<Ask>),
    ) -> Self {
        let mut line = Line {
            scene,
            plan,
            open,
            client,
            now: plan.at(accepted),
            passed: 0,
            pipe: ask.into_iter().collect(),
            has_hung_up: false,
            signal: None,
            begun: 0,
            ended: 0,
            answered: 0,
            sent: None,
            is_idle: false,
            is_unclear: false,
            told: vec![],
        };
        line.pass(accepted, true);
        line
    }

    /// When a flush is over that goes on or begins now.
    pub fn sent_at(&mut self) -> Duration {
        let sent = self.now.saturating_add(self.reads());
        self.now.max(*self.sent.get_or_insert(sent))
    }

    /// Waits for something to do.
    pub fn wait(&mut self) -> Result<(), Stopped> {
        let mut later = self.passed..self.plan.groups.len();
        let next = later.find(|group| self.matters(*group));
        let stop = self.plan.stop.filter(|stop| next.is_none_or(|g| stop.group < g));
        match (stop, next) {
            (Some(stop), _) => {
                self.now = stop.at;
                return Err(Stopped);
            }
            (None, Some(group)) => {
                self.now = self.plan.at(group);
                self.pass(group, false);
            }
            // For ever.
            (None, None) => (self.now, self.has_hung_up) = (Duration::MAX, true),
        }
        Ok(())
    }

    /// Goes on to `at`, where something ends, unless the connection is stopped first.
    pub fn until(&mut self, at: Duration) -> Result<(), Stopped> {
        while let Some(group) = self.plan.groups.get(self.passed) {
            let is_tie =
                group.at == at && !group.is_apart && self.matters(self.passed);
            if group.at > at || (group.at == at && !(is_tie && self.open.either())) {
                break;
            }
            self.pass(self.passed, true);
        }
        if let Some(stop) = self.plan.stop.filter(|stop| stop.at < Duration::MAX) {
            let is_due = stop.is_drop || self.signal.is_some();
            let is_tie = stop.at == at && !stop.is_last && is_due;
            if stop.at < at || (is_tie && self.open.either()) {
                self.now = stop.at;
                return Err(Stopped);
            }
        }
        self.now = at;
        Ok(())
    }

    /// All groups up to this one have been. Whoever is busy may hear of the signal a little later.
    pub fn pass(&mut self, group: usize, is_busy: bool) {
        let (scene, plan) = (self.scene, self.plan);
        // Who has little budget hears of it at the next poll.
        let mut is_busy = is_busy || scene.is_weary;
        for group in self.passed..=group {
            for what in scene.acts_of(&plan.groups[group]) {
                match what {
                    What::Asks(client, n, ask) if client == self.client => {
                        let n = if self.has_hung_up { 0 } else { n };
                        self.pipe.extend(vec![ask; n]);
                        is_busy |= self.signal.is_none();
                    }
                    What::HangsUp(client) if client == self.client => {
                        self.has_hung_up = true;
                        is_busy |= self.signal.is_none();
                    }
                    What::Sends(_) | What::DropsSender
                        if plan.signal == Some(group) =>
                    {
                        self.signal = Some((plan.at(group), !is_busy));
                    }
                    _ => {}
                }
            }
            // Whoever is polled then may take the request before the flush is over.
            let is_asked = !self.pipe.is_empty() && self.signal.is_none();
            self.is_unclear |= self.is_idle && is_asked;
        }
        self.passed = group + 1;
    }

    pub fn hears(&mut self) -> bool {
        let Some((at, is_first)) = self.signal else { return false };
        let hears = is_first || at < self.now || self.open.either();
        self.signal = Some((at, hears));
        hears
    }

    /// Whether a group of acts is something that an idle connection wakes up for.
    pub fn matters(&self, group: usize) -> bool {
        let mut acts = self.scene.acts_of(&self.plan.groups[group]);
        self.plan.signal == Some(group) || acts.any(|what| self.is_own(what))
    }

    fn is_own(&self, what: What) -> bool {
        match what {
            What::Asks(client, ..) | What::HangsUp(client) => client == self.client,
            _ => false,
        }
    }

    pub fn reads(&self) -> Duration {
        self.scene.reads[self.client]
    }

    pub fn tell(&mut self, event: Happens) {
        self.told.push((self.now, event));
    }
}
