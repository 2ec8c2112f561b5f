//! The scenes of `shutdown`: what is given and what can happen, drawn and in words.

use std::{ops::Range, time::Duration};

use kit::{
    ms,
    scenes::{Draw, Setting},
};

/// The limit of those steps that have none.
pub(super) const NO_LIMIT: Duration = ms(12_000_000);

/// What ends in a scene ends within so long.
pub(super) const SOON: Duration = ms(100_000);

/// What main and its clients do, one after the other. The clients are numbered as they connect.
pub struct Scene {
    pub limit: Duration,
    /// How long each client takes to read what is flushed to it; [`Duration::MAX`] is for ever.
    pub reads: Vec<Duration>,
    /// The receiver is made when `serve` is called, and has seen what was sent before.
    pub is_late: bool,
    /// Whatever polls `serve` leaves it little budget.
    pub is_weary: bool,
    pub acts: Vec<Act>,
    pub rules: Rules,
}

/// What the rules so far speak of.
#[derive(Clone, Copy)]
pub struct Rules {
    /// The number of the last one.
    pub step: usize,
    /// When the signal is heard.
    signal_at: Duration,
    /// When all that ends has ended: nobody looks any more.
    end: Duration,
}

impl Rules {
    pub fn end(self) -> Duration {
        self.end
    }

    pub fn count(self, at: Duration, event: &Happens) -> bool {
        let is_before = at < self.signal_at;
        match event {
            _ if at >= self.end() => false,
            Happens::StopsListening | Happens::Accepted(_) | Happens::Refused(_) => {
                true
            }
            // When one is flushed is the business of rule 6, and from the signal on it looks at the close.
            Happens::Answered(..) => self.step >= 6 && is_before,
            Happens::Returns(_) => self.step >= 3,
            Happens::Leaves(_) => self.step >= 5,
            _ => is_before || self.step >= 2,
        }
    }

    /// How it closes is a part of the story from rule 6 on.
    pub fn closing(self, how: Closing) -> Option<Closing> {
        (self.step >= 6).then_some(how)
    }
}

#[derive(Clone, Copy)]
pub struct Act {
    /// Since the act before it.
    pub after: Duration,
    /// Whatever is due at this instant, and whatever follows from the acts before, happens first.
    /// Otherwise nobody else does anything between an act and another of the same instant.
    pub is_apart: bool,
    pub what: What,
}

#[derive(Clone, Copy)]
pub enum What {
    /// `serve` is called.
    Serves,
    /// So many new clients connect, and perhaps each of them asks.
    Connect(usize, Option<Ask>),
    /// A client sends so many requests.
    Asks(usize, usize, Ask),
    HangsUp(usize),
    /// Main sends a value.
    Sends(bool),
    DropsSender,
    DropsServer,
}

/// A request.
#[derive(Clone, Copy)]
pub struct Ask {
    /// How long it takes; [`Duration::MAX`] is for ever.
    pub takes: Duration,
    pub panics: bool,
}

/// What is done without a break at one instant.
pub struct Group {
    pub at: Duration,
    pub is_apart: bool,
    pub acts: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    Drained,
    Aborted(usize),
}

/// How a connection closes.
#[derive(Clone, Copy, PartialEq)]
pub enum Closing {
    /// So many answers have arrived, and none is left.
    Answered(usize),
    /// Answers are in the buffer.
    Loses,
    /// In the middle of a request: some answers may be lost.
    Cut,
}

/// The numbers are a client, and its request.
#[derive(Clone, Copy, PartialEq)]
pub enum Happens {
    StopsListening,
    Accepted(usize),
    Refused(usize),
    Begins(usize, usize),
    Ends(usize, usize),
    Panics(usize, usize),
    Dropped(usize, usize),
    /// All answers up to this one have arrived, and no request waits.
    Answered(usize, usize),
    /// How is rule 6.
    Closes(usize, Option<Closing>),
    Returns(Outcome),
    /// When the server has returned or was dropped, so many of its tasks are alive.
    Leaves(usize),
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        let step = from.step();
        let mut clients = 0;
        let limit = from.since(5, |from| Some(from.limit())).unwrap_or(NO_LIMIT);
        let mut acts = from.list(|from| Act::draw(from, &mut clients));
        let sends = |from: &Draw, value| Act::when(from, What::Sends(value));
        acts.extend(from.since(5, |from| Act::all_hang_up(from, clients)));
        let panics = |from: &Draw| Act::one_panics(from, &mut clients, limit);
        acts.extend(from.since(5, panics));
        acts.extend(from.mostly(|from| sends(from, true)));
        for _ in 0..from.since(7, |from| from.below(5)) {
            acts.push(sends(from, from.once_in(2)));
        }
        acts.extend(from.since(7, Act::says_it_and_leaves));
        let drops = |from: &Draw| {
            from.once_in(3).then(|| Act::when(from, What::DropsSender))
        };
        acts.extend(from.since(7, drops));
        let meets =
            |from: &Draw| from.once_in(4).then(|| Act::meets(from, &acts, limit));
        acts.extend(from.since(5, meets));
        let before = from.one_of(&[0, 0, 0, 0, 1, 2, 3]).min(acts.len());
        acts.insert(before, Act::when(from, What::Serves));
        acts[0].after = ms(0);
        let reads = |from: &Draw| match from.below(4) {
            0 | 1 => ms(0),
            2 => from.time().min(SOON),
            _ => from.one_of(&[Duration::MAX, ms(7_000)]),
        };
        let mut scene = Scene {
            limit,
            reads: (0..clients).map(|_| from.since(6, reads)).collect(),
            is_late: from.since(4, |from| from.once_in(3)),
            is_weary: from.since(5, |from| from.once_in(4)),
            acts,
            rules: Rules { step, signal_at: Duration::MAX, end: Duration::MAX },
        };
        scene.sort_out();
        scene.rules.end = scene.all_ends();
        scene
    }

    fn words(&self) -> Vec<String> {
        self.lines()
    }
}

impl Scene {
    /// Leaves out what the rules so far do not speak of.
    fn sort_out(&mut self) {
        let step = self.rules.step;
        let mut is_serving = false;
        let mut is_over = false;
        self.acts.retain(|act| {
            is_serving |= matches!(act.what, What::Serves);
            // Before `serve` is called nobody drops it, and main speaks from rule 4 on.
            let is_early = step < 4 || matches!(act.what, What::DropsServer);
            let is_left_out = is_over || (is_early && !is_serving);
            is_over |= matches!(act.what, What::DropsSender | What::DropsServer);
            !(is_left_out && act.is_mains())
        });
        self.part();
        let groups = self.groups();
        let serves = self.find(&groups, 0, |what| matches!(what, What::Serves));
        let signal = self.signal(&groups, serves.unwrap_or(0));
        if let Some(group) = signal.map(|signal| &groups[signal]) {
            self.rules.signal_at = group.at;
            let mut n = 0;
            self.acts.retain(|act| {
                n += 1;
                let is_said = n <= group.acts.end || step >= 7;
                is_said || !act.is_mains() || matches!(act.what, What::DropsServer)
            });
            self.part();
        }
    }

    /// Takes acts apart whose order within one instant no rule speaks of.
    fn part(&mut self) {
        let step = self.rules.step;
        let mut has_client = false;
        let mut before = None;
        for act in &mut self.acts {
            act.is_apart |= match (before, act.what) {
                (Some(What::Serves), _) => step < 4,
                (Some(What::DropsServer), _) => true,
                (_, What::DropsServer) => has_client,
                _ => false,
            };
            if act.is_apart || !act.after.is_zero() {
                has_client = false;
            }
            has_client |= matches!(
                act.what,
                What::Connect(..) | What::Asks(..) | What::HangsUp(_)
            );
            before = Some(act.what);
        }
    }
}

impl Act {
    fn is_mains(&self) -> bool {
        use What::{DropsSender, DropsServer, Sends};
        matches!(self.what, Sends(_) | DropsSender | DropsServer)
    }
}
