//! The scenes of `worker_pool`: what is given, and what can happen. `draw.rs` draws them, `words.rs` tells
//! them.

#[path = "draw.rs"]
mod draw;
#[path = "words.rs"]
mod words;

use std::time::Duration;

use kit::{
    ms,
    scenes::{Draw, Event, Setting, counted},
};

/// When a scene is over, whatever goes on in it.
pub const OVER: Duration = ms(10_000_000);

/// The largest capacity there is.
pub const MOST: usize = usize::MAX >> 3;

/// A pool, those who send to it, and how it ends.
pub struct Scene {
    pub workers: usize,
    pub capacity: usize,
    pub senders: Vec<Sender>,
    pub end: Option<End>,
    /// Whether those who meet take turns, so that anybody may be the first.
    pub takes_turns: bool,
    step: usize,
}

/// Sends one item after the other.
#[derive(Clone)]
pub struct Sender {
    pub way: Way,
    pub sendings: Vec<Sending>,
}

/// Which handle a sender has.
#[derive(Clone, Copy, PartialEq)]
pub enum Way {
    Own,
    /// The original is dropped.
    Clone,
    /// One handle for all of these.
    Shared,
    /// It asks the pool for one when it has something to send.
    Late,
}

#[derive(Clone, Copy)]
pub struct Sending {
    pub number: usize,
    /// How long after the one before it.
    pub after: Duration,
    pub work: Work,
    pub life: Life,
}

/// What the handler does with an item.
#[derive(Clone, Copy, PartialEq)]
pub enum Work {
    /// It ends after so long, and gives way so many times before; [`Duration::MAX`] is never.
    Ends(Duration, u64),
    Panics(Duration),
    /// It panics before it returns a future.
    PanicsAtOnce,
}

/// What its caller does with a future.
#[derive(Clone, Copy, PartialEq)]
pub enum Life {
    /// It is polled to the end when it is woken.
    Stays,
    /// And some times in between as well.
    Nudged(Duration),
    /// Dropped so long after the first poll.
    Leaves(Duration),
    /// Not polled for some time, and then dropped or polled again.
    Sleeps { after: Duration, nap: Duration, leaves: bool },
    /// Dropped before it is polled.
    Unpolled,
}

#[derive(Clone)]
pub struct End {
    /// When; with `is_last` counted from the answer to the last sender.
    pub at: Duration,
    pub is_last: bool,
    pub shutdown: Option<Shutdown>,
}

#[derive(Clone, Copy)]
pub struct Shutdown {
    pub drain: Duration,
    /// How long it lies there before it is polled.
    pub unpolled: Duration,
    pub life: Life,
    /// Whether its task sends one item more after the first poll: its number is [`Scene::items`].
    pub sends: bool,
}

/// A report, items by their numbers.
#[derive(Clone, PartialEq)]
pub struct Told {
    pub done: usize,
    pub panicked: usize,
    pub aborted: usize,
    pub unstarted: Vec<usize>,
}

#[derive(Clone, PartialEq)]
pub enum Happens {
    NewPanics,
    Accepted(usize),
    /// `send` gives the item back.
    Refused(usize),
    /// The caller drops `send`.
    Leaves(usize),
    Begins(usize),
    Ends(usize),
    Panics(usize),
    Aborted(usize),
    /// An item is dropped that no handler was called for.
    Lost(usize),
    /// The pool is dropped.
    Gone,
    /// `shutdown` is polled for the first time.
    Polled,
    Returns(Told),
    /// The caller drops `shutdown`.
    Quits,
    /// Tasks that are alive when all is over.
    Remain(usize),
}

impl Happens {
    /// About an item, and what its handler does.
    pub fn is_of_an_item(&self) -> bool {
        use Happens::*;
        matches!(self, Begins(_) | Ends(_) | Panics(_) | Aborted(_) | Lost(_))
    }
}

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        let send = |n: &usize, what: &str| ("send", format!("of item {n} {what}"));
        let item = |n: &usize, what: &str| ("item", format!("{n} {what}"));
        match self {
            Happens::NewPanics => ("Pool::new", "panics".to_owned()),
            Happens::Accepted(n) => send(n, "is Ok"),
            Happens::Refused(n) => send(n, "gives it back"),
            Happens::Leaves(n) => send(n, "is dropped"),
            Happens::Begins(n) => item(n, "begins"),
            Happens::Ends(n) => item(n, "ends"),
            Happens::Panics(n) => item(n, "panics"),
            Happens::Aborted(n) => item(n, "is dropped in work"),
            Happens::Lost(n) => item(n, "is dropped without its handler"),
            Happens::Gone => ("pool", "is dropped".to_owned()),
            Happens::Polled => ("shutdown", "is first polled".to_owned()),
            Happens::Returns(Told { done, panicked, aborted, unstarted }) => {
                let over = format!("{done} done, {panicked} panicked");
                let back = format!("{aborted} aborted, unstarted {unstarted:?}");
                ("shutdown", format!("returns {over}, {back}"))
            }
            Happens::Quits => ("shutdown", "is dropped".to_owned()),
            Happens::Remain(n) => {
                ("pool", format!("leaves {} behind", counted(*n, "task")))
            }
        }
    }
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        draw::scene(from)
    }

    fn words(&self) -> Vec<String> {
        words::of(self)
    }
}

impl Scene {
    /// How many items are sent by the senders.
    pub fn items(&self) -> usize {
        self.senders.iter().map(|it| it.sendings.len()).sum()
    }

    /// The shutdown, unless it is dropped before its first poll.
    pub fn shutdown(&self) -> Option<Shutdown> {
        let shutdown = self.end.as_ref()?.shutdown?;
        (shutdown.life != Life::Unpolled).then_some(shutdown)
    }
}

impl Work {
    /// How long an item is in work.
    pub fn takes(self) -> Duration {
        match self {
            Work::Ends(after, _) | Work::Panics(after) => after,
            Work::PanicsAtOnce => Duration::ZERO,
        }
    }
}
