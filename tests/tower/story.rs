//! The scenes of `tower`: what is given and what can happen, drawn and in words.

use std::{cell::Cell, time::Duration};

use kit::{
    ms,
    scenes::{Draw, Event, Setting, told, told_after},
};

/// When every caller leaves at last.
const AT_LAST: Duration = ms(1_000_000);

/// A limit that no request comes near to.
const FAR: Duration = ms(100_000_000);

/// Layers around a backend, and the callers of the whole.
pub struct Scene {
    /// `bounded` with this limit is around everything.
    pub bounded: Option<Duration>,
    /// The layers, the outermost first.
    pub layers: Vec<Layer>,
    /// How many requests the backend has room for.
    pub places: usize,
    /// When the backend begins to fail at being ready, when it ends, begins again and so on.
    pub turns: Vec<Duration>,
    pub callers: Vec<Caller>,
    /// The number of the last rule that the scene speaks of.
    pub step: usize,
}

#[derive(Clone, Copy)]
pub enum Layer {
    Timeout(Duration),
    /// Writes its letter on what goes in and what comes out.
    Trace(char),
    /// A [`FromFn`] whose function writes its letter on the request, takes so long, and calls `next`, or
    /// refuses, if it refuses such requests.
    ///
    /// [`FromFn`]: https://docs.rs/axum/0.8/axum/middleware/fn.from_fn.html
    Function(char, Duration, bool),
}

/// Does one thing after the other with a value of its own: a clone of the service.
#[derive(Clone)]
pub struct Caller {
    pub deeds: Vec<Deed>,
}

#[derive(Clone)]
pub struct Deed {
    /// How long after the one before it.
    pub after: Duration,
    pub what: What,
}

#[derive(Clone)]
pub enum What {
    /// Asks once whether the service is ready.
    Asks,
    /// Waits at most so long until it is ready, unless the last time it said so; then calls it.
    Sends(Duration, Request),
}

#[derive(Clone, Copy)]
pub struct Request {
    pub number: u32,
    /// How many of its kind are sent at once.
    pub times: usize,
    /// How long the backend works on it; [`Duration::MAX`] is for ever.
    pub takes: Duration,
    pub fails: bool,
    /// A function may refuse it.
    pub is_secret: bool,
    /// How long it lies there before it is polled.
    pub unpolled: Duration,
    /// How long it is not polled again after the first time.
    pub nap: Duration,
    /// How long its caller stays, from the call on.
    pub patience: Duration,
}

/// Who has a place at the backend, and behind them who waits for one.
pub struct Places {
    all: usize,
    seats: usize,
    line: Vec<usize>,
}

/// What `poll_ready` says.
#[derive(Clone, Copy, PartialEq)]
pub enum Said {
    Pending,
    Ready,
    Fails(Answer),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    Value(u32),
    Error(u32),
    Refused(u32),
    Unavailable,
    Elapsed,
}

/// Requests have numbers, callers too; a way is the letters of the layers, as they were passed.
#[derive(Clone, PartialEq)]
pub enum Happens {
    Hears(usize, Said, String),
    /// Nobody asked the backend when this caller asked.
    AsksNobody(usize),
    /// Nobody asks, and the backend is asked.
    IsAsked,
    /// Gives up waiting until the service is ready.
    GivesUp(usize),
    Begins(u32, String),
    /// The value that is called was not ready.
    IsNotReady(u32),
    Dropped(u32),
    Gets(u32, Answer, String),
    /// The caller drops the request.
    Leaves(u32),
    /// Some places are still taken when everybody is gone.
    Keeps(usize),
}

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        use Happens::*;
        match self {
            Hears(n, Said::Pending, way) => {
                ("caller", format!("{n} hears Pending{}", by("asked", way)))
            }
            Hears(n, Said::Ready, way) => {
                ("caller", format!("{n} hears Ready(Ok){}", by("asked", way)))
            }
            Hears(n, Said::Fails(with), way) => {
                let said = format!("{n} hears Ready(Err({with:?}))");
                ("caller", format!("{said}{}", by("asked", way)))
            }
            AsksNobody(n) => {
                ("caller", format!("{n} asks, and the backend is not asked"))
            }
            IsAsked => ("backend", "is asked, and no caller asks".to_owned()),
            GivesUp(n) => ("caller", format!("{n} gives up waiting to send")),
            Begins(n, way) => {
                ("backend", format!("begins request {n}{}", by("came by", way)))
            }
            IsNotReady(n) => (
                "backend",
                format!("gets request {n}, but by a value that was not ready"),
            ),
            Dropped(n) => ("backend", format!("sees request {n} dropped")),
            Gets(n, answer, way) => {
                ("request", format!("{n} gets {answer:?}{}", by("back by", way)))
            }
            Leaves(n) => ("request", format!("{n} is dropped by its caller")),
            Keeps(n) => ("backend", format!("has {n} places taken, for nobody")),
        }
    }
}

fn by(how: &str, way: &str) -> String {
    if way.is_empty() { String::new() } else { format!(" ({how} {way})") }
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        let step = from.step();
        let bounded = from.since(6, |from| from.mostly(|from| limit(from)));
        let places = |from: &Draw| from.one_of(&[0, 1, 1, 2, 3]);
        let places = match from.since(2, places) {
            0 => usize::MAX,
            n => n,
        };
        let turns = |from: &Draw| {
            let count = from.one_of(&[0, 0, 1, 2, 2, 3]);
            (0..count).map(|_| from.time().max(ms(1))).collect::<Vec<_>>()
        };
        let numbers = Cell::new(0);
        let callers = 1 + from.below(3);
        Scene {
            bounded,
            layers: layers(from),
            places,
            turns: from.since(2, turns),
            callers: (0..callers)
                .map(|_| Caller::draw(from, &numbers, bounded.is_some()))
                .collect(),
            step,
        }
    }

    fn words(&self) -> Vec<String> {
        let layers: Vec<_> = self.layers.iter().map(Layer::words).collect();
        let mut words = layers.join(" around ");
        if self.step >= 4 {
            words = format!("stack of [{}]", layers.join(", "));
        }
        if let Some(limit) = self.bounded {
            words = format!("bounded, {}, around a {words}", told(limit));
        }
        words += " around a backend";
        if self.places < usize::MAX {
            words += &format!(" with room for {}", self.places);
        }
        let mut lines = vec![words];
        for (n, at) in self.turns().enumerate() {
            let does = ["the backend fails", "it is well again"][n % 2];
            if at < Duration::MAX {
                lines.push(format!("{does} at {}", told(at)));
            }
        }
        for (n, caller) in self.callers.iter().enumerate() {
            let deeds: Vec<_> = caller.deeds.iter().map(Deed::words).collect();
            if !deeds.is_empty() {
                lines.push(format!("caller {}: {}", n + 1, deeds.join("; ")));
            }
        }
        lines
    }
}

fn layers(from: &Draw) -> Vec<Layer> {
    if from.step() < 4 {
        let nested = from.one_of(&[1, 1, 1, 1, 2, 5]);
        return (0..nested).map(|_| Layer::Timeout(limit(from))).collect();
    }
    let most = from.one_of(&[3, 6]);
    let mut layers = vec![];
    while layers.len() < most && from.below(5) > 0 {
        let letter = char::from(b'A' + layers.len() as u8);
        let takes = from.one_of(&[ms(0), from.time()]);
        layers.push(match from.below(if from.step() < 5 { 3 } else { 5 }) {
            0 | 1 => Layer::Trace(letter),
            2 => Layer::Timeout(limit(from)),
            _ => Layer::Function(letter, takes, from.once_in(2)),
        });
    }
    layers
}

/// Before rule 3 no request comes near to its limit.
fn limit(from: &Draw) -> Duration {
    let limit = |from: &Draw| from.time().saturating_mul(from.one_of(&[1, 1, 2, 5]));
    if from.step() < 3 { FAR } else { limit(from) }
}

/// A length of time that ends.
fn soon(from: &Draw) -> Duration {
    match from.time() {
        time if time > ms(100_000) => ms(from.below(100_000)),
        time => time,
    }
}

impl Caller {
    fn draw(from: &Draw, numbers: &Cell<u32>, is_bounded: bool) -> Self {
        let mut deeds = from.list(|from| {
            let after = if from.once_in(4) { ms(0) } else { soon(from) };
            let asks = from.since(2, |from| from.below(5) > 2);
            if asks {
                return Deed { after, what: What::Asks };
            }
            let stays = from.since(2, |from| from.once_in(4).then(|| from.time()));
            let request = Request::draw(from, numbers, is_bounded);
            let stays = stays.unwrap_or(AT_LAST).min(AT_LAST);
            Deed { after, what: What::Sends(stays, request) }
        });
        deeds.truncate(5);
        Caller { deeds }
    }
}

impl Request {
    fn draw(from: &Draw, numbers: &Cell<u32>, is_bounded: bool) -> Self {
        numbers.set(numbers.get() + 1);
        let takes = if from.step() < 3 { soon(from) } else { from.time() };
        let is_late = from.since(3, |from| from.once_in(4));
        let naps = from.since(3, |from| from.once_in(4));
        let patience = from.since(3, |from| from.once_in(4).then(|| from.time()));
        let is_crowd = is_bounded && !is_late && !naps && from.once_in(64);
        Request {
            number: numbers.get(),
            times: if is_crowd { 150 } else { 1 },
            takes,
            fails: from.once_in(4),
            is_secret: from.since(5, |from| from.once_in(3)),
            unpolled: if is_late { soon(from) } else { ms(0) },
            nap: if naps { soon(from) } else { ms(0) },
            patience: patience.filter(|_| !is_crowd).unwrap_or(AT_LAST).min(AT_LAST),
        }
    }
}

impl Places {
    pub fn new(all: usize) -> Self {
        Places { all, seats: 0, line: vec![] }
    }

    /// Whether it has a place, or waits for one behind those who came before.
    pub fn ask(&mut self, seat: &mut Option<usize>) -> Said {
        let new = self.seats;
        let seat = *seat.get_or_insert(new);
        if seat == new {
            self.seats += 1;
            self.line.push(seat);
        }
        if self.has_room_for(Some(seat)) { Said::Ready } else { Said::Pending }
    }

    /// Whether it would have a place.
    pub fn has_room_for(&self, seat: Option<usize>) -> bool {
        let at = self.line.iter().position(|one| Some(*one) == seat);
        at.unwrap_or(self.line.len()) < self.all
    }

    pub fn leave(&mut self, seat: Option<usize>) {
        self.line.retain(|one| Some(*one) != seat);
    }

    pub fn taken(&self) -> usize {
        self.line.len()
    }
}

impl Scene {
    /// When the backend begins to fail, and when it is well again, in turns.
    pub fn turns(&self) -> impl Iterator<Item = Duration> {
        self.turns.iter().scan(Duration::ZERO, |at, turn| {
            *at = at.saturating_add(*turn);
            Some(*at)
        })
    }

    /// There is a place for everybody, at all times, and everybody stays.
    pub fn is_calm(&self) -> bool {
        let stays = |deed: &Deed| match deed.what {
            What::Asks => true,
            What::Sends(_, request) => request.patience == AT_LAST,
        };
        let mut deeds = self.callers.iter().flat_map(|caller| &caller.deeds);
        self.places == usize::MAX && self.turns.is_empty() && deeds.all(stays)
    }

    /// How long the function of this layer takes, and whether it refuses what is secret.
    pub fn function(&self, layer: usize) -> (Duration, bool) {
        match self.layers[layer] {
            Layer::Function(_, takes, refuses) => (takes, refuses),
            _ => (ms(0), false),
        }
    }

    /// The letters of those who trace among the first layers.
    pub fn letters(&self, layers: usize) -> String {
        let letter = |layer: &Layer| match layer {
            Layer::Trace(letter) => Some(*letter),
            _ => None,
        };
        self.layers[..layers].iter().filter_map(letter).collect()
    }
}

impl Layer {
    fn words(&self) -> String {
        match self {
            Layer::Timeout(limit) => format!("Timeout of {}", told(*limit)),
            Layer::Trace(letter) => format!("trace {letter}"),
            Layer::Function(letter, takes, refuses) => {
                let then =
                    if *refuses { "refuses what is secret" } else { "passes" };
                format!("FromFn {letter} that {then} {}", told_after(*takes))
            }
        }
    }
}

impl Deed {
    fn words(&self) -> String {
        let what = match &self.what {
            What::Asks => "asks".to_owned(),
            What::Sends(stays, request) if *stays < AT_LAST => {
                format!("waits at most {} to send {}", told(*stays), request.words())
            }
            What::Sends(_, request) => format!("sends {}", request.words()),
        };
        match self.after {
            Duration::ZERO => what,
            after => format!("{} later {what}", told(after)),
        }
    }
}

impl Request {
    fn words(&self) -> String {
        let mut words = format!("request {}", self.number);
        if self.times > 1 {
            words += &format!(", {} times", self.times);
        }
        let ends = if self.fails { "fails" } else { "is answered" };
        words += &format!(" (that {ends} {}", told_after(self.takes));
        if self.is_secret {
            words += ", is secret";
        }
        if !self.unpolled.is_zero() {
            words += &format!(", is first polled after {}", told(self.unpolled));
        }
        if !self.nap.is_zero() {
            words += &format!(", then not for {}", told(self.nap));
        }
        if self.patience < AT_LAST {
            words += &format!(", is dropped {}", told_after(self.patience));
        }
        words + ")"
    }
}
