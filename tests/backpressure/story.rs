//! The scenes of `backpressure`: what is given and what can happen, drawn and in words.

use std::{iter::repeat_n, time::Duration};

use kit::{
    ms, ordinal,
    scenes::{Draw, Event, Setting, told},
};

/// As many places as the docs of `queue` allow, `Semaphore::MAX_PERMITS`.
pub const LARGEST: usize = usize::MAX >> 3;
/// Beyond all that happens.
const IN_THIRTY_YEARS: Duration = ms(1_000_000_000_000);
const HALF_A_MS: Duration = Duration::from_micros(500);
const TO_THE_END: usize = usize::MAX;

/// A queue, and what is done with it.
pub struct Scene {
    pub places: usize,
    pub bytes: u32,
    /// Whether tokio makes every task yield soon, although there is nothing to wait for.
    pub busy: bool,
    pub steps: Vec<Step>,
    /// The sends and reserves among the steps, by their number, from 1.
    pub asks: Vec<Ask>,
    /// The number of the last rule that the scene may speak of.
    pub rule: usize,
}

pub struct Step {
    /// When, since the scene began.
    pub at: Duration,
    /// Whether nobody else has run since the step before it.
    pub hurried: bool,
    pub what: What,
}

#[derive(Clone, Copy, PartialEq)]
pub enum What {
    /// The send or reserve with this number begins.
    Ask(usize),
    /// It is dropped, or the permit that it got.
    Drop(usize),
    /// It uses the permit that it got.
    Use(usize),
    /// It is polled, woken or not.
    Poll(usize),
    /// So many items are received, by `recv_in_time` if there is a time that they take.
    Receive(usize, Option<Duration>),
    /// A wait for an item is polled so often, and dropped if it is not ready.
    Glance(usize, Option<Duration>),
    Close,
    /// The receiver is dropped.
    Leave,
    /// The sender is dropped, as soon as no send, reserve or permit has it.
    End,
}

#[derive(Clone, Copy)]
pub struct Ask {
    pub kind: Kind,
    pub bytes: u32,
    pub wait: Duration,
    /// The deadline of its item, since the scene began.
    pub due: Duration,
}

#[derive(Clone, Copy, Default, PartialEq)]
pub enum Kind {
    #[default]
    Send,
    Reserve,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Why {
    Full,
    Closed,
    TooLarge,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Happens {
    Queue(&'static str),
    /// A send or reserve returns `Ok`, or why not.
    Returns(Kind, usize, Option<Why>),
    /// A send, reserve or permit is dropped, say.
    Ends(&'static str, usize, &'static str),
    /// The receiver gets this item, as the first, second or third; of `recv_in_time` whether as `Ok`.
    Receives(usize, usize, Option<bool>),
    Receiver(&'static str),
}

impl Kind {
    pub fn name(self) -> &'static str {
        if self == Kind::Send { "send" } else { "reserve" }
    }
}

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        match *self {
            Happens::Queue(what) => ("queue", what.to_owned()),
            Happens::Returns(kind, n, None) => {
                (kind.name(), format!("{n} returns Ok"))
            }
            Happens::Returns(kind, n, Some(why)) => {
                (kind.name(), format!("{n} returns {why:?}"))
            }
            Happens::Ends(who, n, what) => (who, format!("{n} {what}")),
            Happens::Receives(n, nth, in_time) => {
                let item = match in_time {
                    None => format!("item {n}"),
                    Some(true) => format!("Ok(item {n})"),
                    Some(false) => format!("Err(item {n})"),
                };
                ("receiver", format!("gets {item} as its {}", ordinal(nth)))
            }
            Happens::Receiver(what) => ("receiver", what.to_owned()),
        }
    }
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        let many = from.once_in(16);
        let few = |from: &Draw| Some(from.one_of(&[10, 1, 0, 3, u32::MAX]));
        let scene = Scene {
            places: if many {
                from.one_of(&[1 << 32, LARGEST, LARGEST + 1, usize::MAX])
            } else {
                from.one_of(&[1, 2, 3, 4])
            },
            bytes: from.since(6, few).unwrap_or(u32::MAX),
            busy: from.once_in(4),
            steps: vec![],
            asks: vec![],
            rule: from.step(),
        };
        Script { scene, from, at: ms(0) }.write()
    }

    fn words(&self) -> Vec<String> {
        let mut lines = vec![format!("a queue of {} places", self.places)];
        if self.rule >= 6 {
            lines[0] += &format!(" and {} bytes", self.bytes);
        }
        if self.busy {
            lines[0] += ", in tasks that tokio makes yield soon";
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
        let name = |n: usize| format!("{} {n}", self.asks[n - 1].kind.name());
        let recv = |takes: Option<Duration>| match takes {
            None => "recv".to_owned(),
            Some(takes) => format!("recv_in_time({})", exactly(takes)),
        };
        match what {
            What::Ask(n) => name(n) + &self.asked(n),
            What::Drop(n) => name(n) + " is dropped if it waits, or its permit",
            What::Use(n) => format!("permit {n} is used if it is there"),
            What::Poll(n) => name(n) + " is polled if it waits",
            What::Receive(TO_THE_END, takes) => recv(takes) + " until it gets None",
            What::Receive(times, takes) => recv(takes) + &format!(", {times} of it"),
            What::Glance(polls, takes) => {
                recv(takes) + &format!(" is polled {polls} times and dropped")
            }
            What::Close => "close".to_owned(),
            What::Leave => "the receiver is dropped".to_owned(),
            What::End => "the sender is dropped".to_owned(),
        }
    }

    fn asked(&self, n: usize) -> String {
        let Ask { bytes, wait, due, .. } = self.asks[n - 1];
        let mut words = vec![String::new()];
        if self.rule >= 6 {
            words.push(format!("{bytes} bytes"));
        }
        if self.rule >= 4 {
            words.push(format!("deadline at {}", told(due)));
        }
        if self.rule >= 2 {
            words.push(format!("wait {}", exactly(wait)));
        }
        words.join(", ")
    }
}

/// As [`told`], and half a millisecond as well.
fn exactly(time: Duration) -> String {
    let rest = f64::from(time.subsec_nanos() % 1_000_000) / 1e6;
    if time == Duration::MAX || rest == 0.0 {
        return told(time);
    }
    format!("{} ms", time.as_millis() as f64 + rest)
}

/// A scene while it is written.
struct Script<'a> {
    scene: Scene,
    from: &'a Draw,
    at: Duration,
}

/// Writes some steps.
type Write = fn(&mut Script);

impl Script<'_> {
    fn write(mut self) -> Scene {
        let (from, rule) = (self.from, self.scene.rule);
        // What may be done, from which rule on, and how often.
        let all: [(usize, usize, Write); 8] = [
            (1, 5, |it| it.ask()),
            (1, 2, |it| it.receive(What::Glance, &[1, 0, 3])),
            (1, 1, |it| it.receive(What::Receive, &[1, 2, TO_THE_END])),
            (1, 1, |it| it.one(What::Poll)),
            (1, 2, |it| it.one(What::Drop)),
            (3, 1, |it| it.next(What::Close)),
            (5, 2, |it| it.one(What::Use)),
            (7, 1, |it| it.crowd()),
        ];
        let all = all.iter().filter(|(since, ..)| *since <= rule);
        let all: Vec<_> =
            all.flat_map(|&(_, often, it)| repeat_n(it, often)).collect();
        for _ in 0..2 {
            from.list(|from| from.one_of(&all)(&mut self));
        }
        if from.once_in(3) {
            self.fill_anew();
        }
        if rule >= 3 && from.once_in(2) {
            self.next(from.one_of(&[What::Close, What::Leave]));
        }
        if from.once_in(2) {
            self.next(What::End);
        }
        from.list(|_| self.one(What::Drop));
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
        // Before rule 7 each of those who wait may be the next, and many have too many orders.
        if self.scene.rule < 7 && self.scene.asks.len() == 5 {
            return;
        }
        let all = self.scene.bytes;
        let sizes = [1, 0, 2, all / 2, all / 2 + 1, all, all.saturating_add(1)];
        let long = from.time().saturating_mul(3);
        let waits = [Duration::MAX, ms(0), from.time(), HALF_A_MS, long];
        let kinds = [Kind::Send, Kind::Reserve];
        self.scene.asks.push(Ask {
            kind: from.since(5, |from| from.one_of(&kinds)),
            bytes: if from.step() < 6 { 1 } else { from.one_of(&sizes) },
            wait: if from.step() < 2 { waits[0] } else { from.one_of(&waits) },
            due: at + from.since(4, Draw::time).min(IN_THIRTY_YEARS),
        });
        self.next(What::Ask(self.scene.asks.len()));
    }

    /// Many of a kind.
    fn crowd(&mut self) {
        self.ask();
        let first = self.scene.asks[self.scene.asks.len() - 1];
        for n in 0..self.from.one_of(&[2, 5, 60]) {
            let wait = first.wait.saturating_add(ms(n));
            self.scene.asks.push(Ask { wait, ..first });
            let what = What::Ask(self.scene.asks.len());
            self.scene.steps.push(Step { at: self.at, hurried: false, what });
        }
    }

    /// The number of an ask so far, one of the last.
    fn any(&self) -> Option<usize> {
        let asks = self.scene.asks.len();
        let back = self.from.below(asks.clamp(1, 5) as u64) as usize;
        (asks > 0).then_some(asks - back)
    }

    fn one(&mut self, what: fn(usize) -> What) {
        if let Some(n) = self.any() {
            self.next(what(n));
        }
    }

    /// Often the work takes just what is left until the deadline of an item.
    fn receive(
        &mut self,
        what: fn(usize, Option<Duration>) -> What,
        times: &[usize],
    ) {
        let from = self.from;
        let times = from.one_of(times);
        let takes = from.since(4, |from| {
            let due = self.any().map_or(self.at, |n| self.scene.asks[n - 1].due);
            let left = due.saturating_sub(self.at);
            let takes = [left, left + HALF_A_MS, ms(0), from.time()];
            from.maybe(|from| from.one_of(&takes))
        });
        self.next(what(times, takes));
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
