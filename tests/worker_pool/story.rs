//! The scenes of `worker_pool`: what is given and what can happen, drawn and in words.

use std::time::Duration;

use kit::{
    ms, ordinal,
    scenes::{Draw, Event, Setting, told, told_after},
};

/// When a scene is over, whatever goes on in it.
pub const OVER: Duration = ms(10_000_000);

/// The limit of a drain that is no rule's business yet.
const LONG: Duration = ms(20_000_000);

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
#[derive(Clone, Debug, PartialEq)]
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
        let of = |n: &usize, what: &str| format!("of item {n} {what}");
        let item = |n: &usize, what: &str| ("item", format!("{n} {what}"));
        match self {
            Happens::NewPanics => ("Pool::new", "panics".to_owned()),
            Happens::Accepted(n) => ("send", of(n, "is Ok")),
            Happens::Refused(n) => ("send", of(n, "gives it back")),
            Happens::Leaves(n) => ("send", of(n, "is dropped")),
            Happens::Begins(n) => item(n, "begins"),
            Happens::Ends(n) => item(n, "ends"),
            Happens::Panics(n) => item(n, "panics"),
            Happens::Aborted(n) => item(n, "is dropped in work"),
            Happens::Lost(n) => item(n, "is dropped without its handler"),
            Happens::Gone => ("pool", "is dropped".to_owned()),
            Happens::Polled => ("shutdown", "is first polled".to_owned()),
            Happens::Returns(Told { done, panicked, aborted, unstarted }) => {
                let ended = format!("{done} done, {panicked} panicked");
                let cut = format!("{aborted} aborted, unstarted {unstarted:?}");
                ("shutdown", format!("returns {ended}, {cut}"))
            }
            Happens::Quits => ("shutdown", "is dropped".to_owned()),
            Happens::Remain(1) => ("pool", "leaves 1 task behind".to_owned()),
            Happens::Remain(n) => ("pool", format!("leaves {n} tasks behind")),
        }
    }
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        let step = from.step();
        let is_crowd = from.once_in(60);
        let workers = from.one_of(&[1, 2, 3, 7]);
        let capacity = |from: &Draw| {
            let most = from.once_in(30);
            let most = most.then(|| from.one_of(&[MOST, MOST + 1, usize::MAX]));
            most.unwrap_or(from.one_of(&[1, 2, 1, 3, 8]))
        };
        // Who does everything at a multiple of it meets the others.
        let grid = from.since(7, |from| from.maybe(|from| from.one_of(&[50, 1])));
        let times = Times { from, grid };
        let others = from.below(3);
        let mut senders: Vec<_> = (0..=others).map(|_| Sender::draw(&times)).collect();
        if is_crowd {
            // More than a runtime polls before it looks at its main task again.
            senders[0].sendings = vec![Sending::draw(&times, ms(0)); 140];
        }
        let all = senders.iter_mut().flat_map(|it| &mut it.sendings);
        all.zip(0..).for_each(|(sending, number)| sending.number = number);
        let end = |from: &Draw| (from.below(8) < 7).then(|| End::draw(&times));
        Scene {
            step,
            workers: if is_crowd { 130 } else { workers },
            capacity: if step < 2 { 1_000 } else { capacity(from) },
            senders,
            end: from.since(4, end),
            takes_turns: step >= 7,
        }
    }

    fn words(&self) -> Vec<String> {
        let workers = match self.workers {
            1 => "1 worker".to_owned(),
            n => format!("{n} workers"),
        };
        let capacity = match self.capacity {
            usize::MAX => "usize::MAX".to_owned(),
            n if n == MOST => "Semaphore::MAX_PERMITS".to_owned(),
            n if n > MOST => "Semaphore::MAX_PERMITS + 1".to_owned(),
            n => n.to_string(),
        };
        let mut lines = vec![workers];
        if self.step >= 2 {
            lines[0] += &format!(", capacity {capacity}");
        }
        let senders = self.senders.iter().enumerate();
        lines.extend(senders.map(|(i, sender)| sender.words(i)));
        lines.extend(self.end.as_ref().map(End::words));
        lines
    }
}

impl Scene {
    /// How many items are sent by the senders.
    pub fn items(&self) -> usize {
        self.senders.iter().map(|it| it.sendings.len()).sum()
    }
}

/// Where lengths of time come from.
struct Times<'a> {
    from: &'a Draw,
    grid: Option<u64>,
}

impl Times<'_> {
    fn any(&self) -> Duration {
        match self.grid {
            Some(grid) => ms(grid * self.from.below(5)),
            None => self.from.time(),
        }
    }

    fn soon(&self) -> Duration {
        self.any().min(ms(100_000))
    }
}

impl Sender {
    fn draw(times: &Times<'_>) -> Self {
        let way = times.from.one_of(&[Way::Own, Way::Clone, Way::Shared, Way::Late]);
        let mut sendings = vec![];
        times.from.list(|from| {
            let pauses = sendings.is_empty() || from.once_in(2);
            let after = if pauses { times.soon() } else { ms(0) };
            let first = Sending::draw(times, after);
            let more = if from.once_in(6) { from.below(6) as usize } else { 0 };
            let others = vec![Sending { after: ms(0), ..first }; more];
            sendings.extend([vec![first], others].concat());
        });
        Sender { way, sendings }
    }

    fn words(&self, before: usize) -> String {
        let way = match self.way {
            Way::Own => "with a handle of its own",
            Way::Clone => "with a clone whose original is dropped",
            Way::Shared => "with a handle that others use as well",
            Way::Late => "with a handle it asks for at its first item",
        };
        let same = |a: &Sending, b: &Sending| {
            b.after.is_zero() && (a.work, a.life) == (b.work, b.life)
        };
        let items: Vec<_> = self.sendings.chunk_by(same).map(items).collect();
        format!("{} sender, {way}: {}", ordinal(before + 1), items.join("; "))
    }
}

impl Sending {
    fn draw(times: &Times<'_>, after: Duration) -> Self {
        let (work, life) = (Work::draw(times), Life::draw(times));
        Sending { number: 0, after, work, life }
    }
}

/// Items that are alike, in words.
fn items(of: &[Sending]) -> String {
    let first = &of[0];
    let after = match first.after {
        Duration::ZERO => "at once".to_owned(),
        _ => format!("after {}", told(first.after)),
    };
    let (who, work) = (first.number, first.work.words());
    let who = match of.last() {
        Some(last) if last.number > who => {
            format!("items {who} to {}, each of which", last.number)
        }
        _ => format!("item {who}, which"),
    };
    format!("{after} {who} {work}{}", first.life.words("its `send`"))
}

impl Work {
    fn draw(times: &Times<'_>) -> Self {
        let from = times.from;
        let gives_way = if from.once_in(6) { from.below(4) } else { 0 };
        let ends = Work::Ends(times.any(), gives_way);
        let panics = |from: &Draw| match from.below(6) {
            1 => Some(Work::PanicsAtOnce),
            2 => Some(Work::Panics(times.any())),
            _ => None,
        };
        from.since(3, panics).unwrap_or(ends)
    }

    fn words(self) -> String {
        let when = |after| told_after(after);
        match self {
            Work::Ends(Duration::MAX, _) | Work::Panics(Duration::MAX) => {
                "never ends".to_owned()
            }
            Work::Ends(after, 0) => format!("ends {}", when(after)),
            Work::Ends(after, n) => format!("gives way {n}× and ends {}", when(after)),
            Work::Panics(after) => format!("panics {}", when(after)),
            Work::PanicsAtOnce => "panics before there is a future".to_owned(),
        }
    }
}

impl Life {
    fn draw(times: &Times<'_>) -> Self {
        let life = |from: &Draw| match from.below(16) {
            1 => Life::Unpolled,
            2..4 => Life::Leaves(times.any()),
            4 => Life::Nudged(times.any()),
            5..8 => Life::Sleeps {
                after: times.soon().max(ms(1)),
                nap: times.soon(),
                leaves: from.once_in(2),
            },
            _ => Life::Stays,
        };
        times.from.since(2, |from| Some(life(from))).unwrap_or(Life::Stays)
    }

    fn words(self, what: &str) -> String {
        match self {
            Life::Stays => String::new(),
            Life::Nudged(every) => {
                format!("; {what} is also polled every {}, five times", told(every))
            }
            Life::Leaves(after) => {
                format!("; {what} is dropped {} after its first poll", told(after))
            }
            Life::Sleeps { after, nap, leaves } => {
                let then = if leaves { "then dropped" } else { "then polled again" };
                let (after, nap) = (told(after), told(nap));
                format!("; {what} is polled for {after}, not polled for {nap}, {then}")
            }
            Life::Unpolled => format!("; {what} is dropped before it is polled"),
        }
    }
}

impl End {
    fn draw(times: &Times<'_>) -> Self {
        let from = times.from;
        let at = times.soon() * from.one_of(&[1, 3, 0]);
        let life = match from.below(8) {
            1 => Life::Unpolled,
            2..4 => Life::Leaves(times.any()),
            4 => Life::Nudged(times.any()),
            _ => Life::Stays,
        };
        let late = |from: &Draw| from.once_in(4).then(|| times.soon());
        let shutdown = Shutdown {
            drain: from.since(6, |_| Some(times.any())).unwrap_or(LONG),
            unpolled: from.since(5, late).unwrap_or(ms(0)),
            life,
            sends: from.since(5, |from| from.once_in(2)),
        };
        let is_dropped = from.once_in(5);
        let shutdown = (!is_dropped).then_some(shutdown);
        // Before rule 5 nobody sends to a pool that has been shut down.
        End { at, is_last: from.step() < 5 && shutdown.is_some(), shutdown }
    }

    fn words(&self) -> String {
        let at = told(self.at);
        let when = if self.is_last {
            format!("{at} after the last answer of `send`")
        } else {
            format!("at {at}")
        };
        let Some(shutdown) = self.shutdown else {
            return format!("{when} the pool is dropped");
        };
        let drain = told(shutdown.drain);
        let mut words = format!("{when} `shutdown` is called, drain {drain}");
        if !shutdown.unpolled.is_zero() {
            words += &format!("; first polled {} later", told(shutdown.unpolled));
        }
        if shutdown.sends {
            words += "; its task then sends one item more";
        }
        words + &shutdown.life.words("it")
    }
}
