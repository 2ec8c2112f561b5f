//! The scenes of `backpressure`: what is given and what can happen, drawn and in words.

use std::time::Duration;

use kit::{
    ms, ordinal,
    scenes::{Draw, Event, Setting, told},
};

/// As many places as the docs of `queue` allow, `Semaphore::MAX_PERMITS`.
pub const LARGEST: usize = usize::MAX >> 3;
/// A deadline that nobody can miss, but for work that never ends.
const IN_THIRTY_YEARS: Duration = ms(1_000_000_000_000);
const HALF_A_MS: Duration = Duration::from_micros(500);
const TO_THE_END: usize = usize::MAX;

/// A queue, and what is done with it one after the other.
pub struct Scene {
    pub places: usize,
    pub bytes: u32,
    /// Whether tokio makes every task yield soon, although there is nothing to wait for.
    pub busy: bool,
    pub steps: Vec<Step>,
    /// The sends and reserves among the steps, by their number.
    pub asks: Vec<Ask>,
    /// The number of the last rule that the scene may speak of.
    pub rule: usize,
}

#[derive(Clone, Copy)]
pub struct Step {
    /// When, since the scene began.
    pub at: Duration,
    /// Whether it follows the step before it so soon that nobody else has run in between.
    pub hurried: bool,
    pub what: What,
}

#[derive(Clone, Copy)]
pub enum What {
    /// The send or reserve with this number begins.
    Ask(usize),
    /// Its future is dropped, or the permit that it got.
    Drop(usize),
    /// It uses the permit that it got.
    Use(usize),
    /// Its future is polled, woken or not.
    Poll(usize),
    /// The next so many items are received, by `recv_in_time` if there is a time that they take.
    Receive(usize, Option<Duration>),
    /// A wait for the next item is polled so often, and dropped if it is not ready.
    Glance(usize, Option<Duration>),
    Close,
    /// The receiver is dropped.
    Leave,
    /// The sender is dropped, as soon as no send, reserve or permit has it.
    End,
}

#[derive(Clone, Copy)]
pub struct Ask {
    pub reserves: bool,
    pub bytes: u32,
    pub wait: Duration,
    /// The deadline of its item, since the scene began.
    pub due: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Why {
    Full,
    Closed,
    TooLarge,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Happens {
    Opens,
    Panics,
    Sent(usize),
    /// A send returns an item: whose, and why.
    Returns(usize, usize, Why),
    Reserved(usize),
    Refused(usize, Why),
    SendDropped(usize),
    /// It is still there when its send has been dropped.
    Outlives(usize),
    ReserveDropped(usize),
    PermitDropped(usize),
    PermitUsed(usize),
    /// The receiver gets this item, and how many it has got by then; for `recv_in_time` whether as `Ok`.
    Receives(usize, usize, Option<bool>),
    HearsNone,
    GivesUp,
    Closes,
    Leaves,
}

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        match self {
            Happens::Opens => ("queue", "opens".to_owned()),
            Happens::Panics => ("queue", "panics".to_owned()),
            Happens::Sent(n) => ("send", format!("{n} returns Ok")),
            Happens::Returns(n, item, why) => {
                ("send", format!("{n} returns item {item}, {why:?}"))
            }
            Happens::Reserved(n) => ("reserve", format!("{n} returns a permit")),
            Happens::Refused(n, why) => ("reserve", format!("{n} returns {why:?}")),
            Happens::SendDropped(n) => ("send", format!("{n} is dropped")),
            Happens::Outlives(n) => ("item", format!("{n} outlives its send")),
            Happens::ReserveDropped(n) => ("reserve", format!("{n} is dropped")),
            Happens::PermitDropped(n) => ("permit", format!("{n} is dropped")),
            Happens::PermitUsed(n) => ("permit", format!("{n} is used")),
            Happens::Receives(n, nth, in_time) => {
                let what = match in_time {
                    None => format!("item {n}"),
                    Some(true) => format!("Ok(item {n})"),
                    Some(false) => format!("Err(item {n})"),
                };
                ("receiver", format!("gets {what}, its {}", ordinal(*nth)))
            }
            Happens::HearsNone => ("receiver", "gets None".to_owned()),
            Happens::GivesUp => ("receiver", "drops its wait".to_owned()),
            Happens::Closes => ("receiver", "closes".to_owned()),
            Happens::Leaves => ("receiver", "is dropped".to_owned()),
        }
    }
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        let places = if from.once_in(16) {
            from.one_of(&[1 << 32, LARGEST, LARGEST + 1, usize::MAX])
        } else {
            from.one_of(&[1, 2, 3, 4])
        };
        let few = |from: &Draw| Some(from.one_of(&[10, 1, 0, 3, u32::MAX]));
        let scene = Scene {
            places,
            bytes: from.since(6, few).unwrap_or(u32::MAX),
            busy: from.once_in(4),
            steps: vec![],
            asks: vec![],
            rule: from.step(),
        };
        Script { scene, from, at: ms(0) }.write()
    }

    fn words(&self) -> Vec<String> {
        let mut lines = vec![format!("a queue of places {}", self.places)];
        if self.rule >= 6 {
            lines[0] += &format!(", bytes {}", self.bytes);
        }
        if self.busy {
            let line = "tokio makes every task yield soon, ready or not";
            lines.push(line.to_owned());
        }
        for step in &self.steps {
            let soon = if step.hurried { ", before others run" } else { "" };
            let what = self.told(step.what);
            lines.push(format!("at {}{soon}: {what}", told(step.at)));
        }
        lines
    }
}

impl Scene {
    fn told(&self, what: What) -> String {
        let by = |takes: Option<Duration>| match takes {
            None => "recv".to_owned(),
            Some(takes) => format!("recv_in_time({takes:?})"),
        };
        match what {
            What::Ask(n) => self.asked(n),
            What::Drop(n) => format!("what {n} waits in or got is dropped"),
            What::Use(n) => format!("permit {n} is used if it is there"),
            What::Poll(n) => format!("{n} is polled, if it waits"),
            What::Receive(TO_THE_END, takes) => format!("{} until None", by(takes)),
            What::Receive(n, takes) => format!("{}, {n} of them", by(takes)),
            What::Glance(polls, takes) => {
                format!("{} is polled {polls} times and dropped", by(takes))
            }
            What::Close => "close".to_owned(),
            What::Leave => "the receiver is dropped".to_owned(),
            What::End => "the sender is dropped".to_owned(),
        }
    }

    fn asked(&self, n: usize) -> String {
        let ask = self.asks[n - 1];
        let kind = if ask.reserves { "reserve" } else { "send" };
        let mut words = format!("{kind} {n}");
        if self.rule >= 6 {
            words += &format!(" of {} bytes", ask.bytes);
        }
        if self.rule >= 4 {
            words += &format!(", due at {} ms", ask.due.as_millis());
        }
        if self.rule >= 2 {
            words += &format!(", wait {:?}", ask.wait);
        }
        words
    }
}

/// A scene while it is drawn.
struct Script<'a> {
    scene: Scene,
    from: &'a Draw,
    at: Duration,
}

impl Script<'_> {
    fn write(mut self) -> Scene {
        let (from, rule) = (self.from, self.scene.rule);
        // What may be done, from which rule on, and how often.
        let all: [(usize, usize, fn(&mut Self)); 10] = [
            (1, 5, Self::ask),
            (1, 2, Self::glance),
            (1, 1, Self::receive),
            (1, 1, Self::drops),
            (1, 1, Self::poll),
            (3, 1, Self::close),
            (5, 2, Self::uses),
            (5, 1, Self::drops),
            (7, 1, Self::crowd),
            (7, 1, Self::poll),
        ];
        let mut kinds = vec![];
        for (since, often, kind) in all {
            let often = if rule < since { 0 } else { often };
            kinds.extend(std::iter::repeat_n(kind, often));
        }
        let ends: &[fn(&mut Self)] =
            if rule < 3 { &[] } else { &[Self::close, Self::leave] };
        for _ in 0..2 {
            from.list(|_| from.one_of(&kinds)(&mut self));
        }
        if from.once_in(3) {
            self.fill_anew();
        }
        if !ends.is_empty() && from.once_in(2) {
            from.one_of(ends)(&mut self);
        }
        if from.once_in(2) {
            self.then(false, What::End);
        }
        from.list(|_| self.drops());
        self.then(false, What::Receive(TO_THE_END, None));
        self.scene
    }

    /// What is done next: soon, or some time later.
    fn then(&mut self, hurried: bool, what: What) {
        let hurried = hurried && !self.scene.steps.is_empty();
        if !hurried {
            self.at += self.from.time().min(ms(100_000));
        }
        self.scene.steps.push(Step { at: self.at, hurried, what });
    }

    fn next(&mut self, what: What) {
        let hurried = self.from.once_in(3);
        self.then(hurried, what);
    }

    fn ask(&mut self) {
        let Script { from, at, .. } = *self;
        let all = self.scene.bytes;
        let sizes = [1, 0, 2, all / 2, all / 2 + 1, all, all.saturating_add(1)];
        let waits = [
            Duration::MAX,
            ms(0),
            from.time(),
            HALF_A_MS,
            from.time().saturating_mul(3),
        ];
        let due = at + from.since(4, Draw::time).min(IN_THIRTY_YEARS);
        let ask = Ask {
            reserves: from.since(5, |from| from.once_in(2)),
            bytes: from.since(6, |from| Some(from.one_of(&sizes))).unwrap_or(1),
            wait: from
                .since(2, |from| Some(from.one_of(&waits)))
                .unwrap_or(Duration::MAX),
            due,
        };
        self.scene.asks.push(ask);
        self.next(What::Ask(self.scene.asks.len()));
    }

    /// Many of a kind.
    fn crowd(&mut self) {
        self.ask();
        let ask = self.scene.asks[self.scene.asks.len() - 1];
        for _ in 0..self.from.one_of(&[2, 5, 60]) {
            self.scene.asks.push(ask);
            self.then(true, What::Ask(self.scene.asks.len()));
        }
    }

    /// The number of an ask so far, more likely a late one.
    fn one(&self) -> Option<usize> {
        let asks = self.scene.asks.len();
        let back = self.from.below(asks.clamp(1, 5) as u64) as usize;
        (asks > 0).then_some(asks - back)
    }

    fn drops(&mut self) {
        if let Some(n) = self.one() {
            self.next(What::Drop(n));
        }
    }

    fn uses(&mut self) {
        if let Some(n) = self.one() {
            self.next(What::Use(n));
        }
    }

    fn poll(&mut self) {
        if let Some(n) = self.one() {
            self.next(What::Poll(n));
        }
    }

    fn close(&mut self) {
        self.next(What::Close);
    }

    fn leave(&mut self) {
        self.next(What::Leave);
    }

    fn receive(&mut self) {
        let times = self.from.one_of(&[1, 2, TO_THE_END]);
        let takes = self.takes();
        self.next(What::Receive(times, takes));
    }

    fn glance(&mut self) {
        let polls = self.from.one_of(&[1, 0, 3]);
        let takes = self.takes();
        self.next(What::Glance(polls, takes));
    }

    /// How long the work would take: often just what is left of the deadline of an item.
    fn takes(&self) -> Option<Duration> {
        let one = self.one().map(|n| self.scene.asks[n - 1].due);
        let left = one.unwrap_or(self.at).saturating_sub(self.at);
        let late = left.saturating_add(HALF_A_MS);
        let takes = [left, late, ms(0), self.from.time()];
        let draw = |from: &Draw| from.maybe(|from| from.one_of(&takes));
        self.from.since(4, draw)
    }

    /// All is given back and received, and then as many come as fit, and one more.
    fn fill_anew(&mut self) {
        for n in 1..=self.scene.asks.len() {
            self.then(n > 1, What::Drop(n));
        }
        self.then(false, What::Receive(TO_THE_END, None));
        self.then(false, What::Glance(0, None));
        for _ in 0..=self.scene.places.min(4) {
            self.ask();
        }
    }
}
