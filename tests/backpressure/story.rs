//! The scenes of `backpressure`: what is given and what can happen, in words. They are written in
//! `script.rs`.

use std::time::Duration;

use kit::{
    ordinal,
    scenes::{Draw, Event, Setting, counted, told},
};

use super::script;

/// As many places as the docs of `queue` allow, `Semaphore::MAX_PERMITS`.
pub const LARGEST: usize = usize::MAX >> 3;
pub const TO_THE_END: usize = usize::MAX;

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

#[derive(Clone, Copy)]
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
        script::write(from)
    }

    fn words(&self) -> Vec<String> {
        let mut lines =
            vec![format!("a queue of {}", counted(self.places, "place"))];
        if self.rule >= 6 {
            lines[0] += " and ";
            lines[0] += &counted(self.bytes as usize, "byte");
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
            Some(takes) => format!("recv_in_time({})", told(takes)),
        };
        match what {
            What::Ask(n) => name(n) + &self.asked(n),
            What::Drop(n) if self.asks[n - 1].kind == Kind::Send => {
                name(n) + " is dropped if it waits"
            }
            What::Drop(n) => name(n) + " or its permit is dropped",
            What::Use(n) => format!("permit {n} is used if it is there"),
            What::Poll(n) => name(n) + " is polled if it waits",
            What::Receive(TO_THE_END, takes) => recv(takes) + " until it gets None",
            What::Receive(1, takes) => recv(takes),
            What::Receive(times, takes) => {
                recv(takes) + &format!(", {times} times in a row")
            }
            What::Glance(0, takes) => {
                recv(takes) + " is dropped before its first poll"
            }
            What::Glance(1, takes) => recv(takes) + " is polled once and dropped",
            What::Glance(polls, takes) => {
                recv(takes)
                    + &format!(" is polled {polls} times at most and dropped")
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
            words.push(counted(bytes as usize, "byte"));
        }
        if self.rule >= 4 {
            words.push(format!("deadline at {}", told(due)));
        }
        if self.rule >= 2 {
            words.push(format!("wait {}", told(wait)));
        }
        words.join(", ")
    }
}
