//! The scenes of `tower`: what is given and what can happen, drawn.

use std::{cell::Cell, time::Duration};

use kit::{
    ms,
    scenes::{Draw, Setting},
};

/// When whoever waits to send gives up at last.
pub(super) const AT_LAST: Duration = ms(1_000_000);

/// When requests are dropped by their callers at last.
pub(super) const FOR_GOOD: Duration = ms(8_000_000);

/// A limit that no request comes near to.
const FAR: Duration = ms(100_000_000);

/// Layers around a backend, and the callers of the whole.
pub struct Scene {
    /// `bounded` with this limit is around everything.
    pub bounded: Option<Duration>,
    /// The layers, the outermost first. Two that are equal are one that is given twice.
    pub layers: Vec<Layer>,
    /// How many requests the backend has room for.
    pub places: usize,
    /// When the backend begins to fail at being ready, when it ends, begins again and so on.
    pub turns: Vec<Duration>,
    pub callers: Vec<Caller>,
    /// The number of the last rule that the scene speaks of.
    pub step: usize,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Layer {
    Timeout(Duration),
    /// Writes its letter on what goes in and what comes out.
    Trace(char),
    /// A `FromFn`. Its function writes its letter on the request, takes so long, and calls `next`, or
    /// refuses what is secret, if it does that.
    Function(char, Duration, bool),
}

/// Does one thing after the other with a value of its own: a clone of the service.
#[derive(Clone)]
pub struct Caller {
    /// Its value is not `bounded`, but what is behind that.
    pub is_direct: bool,
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
    /// The backend was asked more than once when this caller asked.
    AsksAgain(usize),
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
    /// Tasks are still there when every request has its answer or is dropped.
    Remain(usize),
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        let step = from.step();
        let bounded = from.since(6, |from| from.mostly(limit));
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
        self.lines()
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
        if from.once_in(8)
            && let Some(first) = layers.first()
        {
            layers.push(*first);
            continue;
        }
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
    let limit =
        |from: &Draw| from.limit().saturating_mul(from.one_of(&[1, 1, 2, 5]));
    from.since(3, |from| Some(limit(from))).unwrap_or(FAR)
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
        let is_direct = is_bounded && from.once_in(4);
        let mut deeds = from.list(|from| {
            let after = if from.once_in(4) { ms(0) } else { soon(from) };
            let asks = from.since(2, |from| from.below(5) > 2);
            if asks {
                return Deed { after, what: What::Asks };
            }
            let stays = from.since(2, |from| from.once_in(4).then(|| from.time()));
            let request = Request::draw(from, numbers, is_bounded, is_direct);
            let stays = stays.unwrap_or(AT_LAST).min(AT_LAST);
            Deed { after, what: What::Sends(stays, request) }
        });
        deeds.truncate(5);
        Caller { is_direct, deeds }
    }
}

impl Request {
    fn draw(
        from: &Draw,
        numbers: &Cell<u32>,
        is_bounded: bool,
        is_direct: bool,
    ) -> Self {
        numbers.set(numbers.get() + 1);
        let takes = if from.step() < 3 { soon(from) } else { from.time() };
        let is_late = from.since(3, |from| from.once_in(4));
        // Why not there: it may wait in a task that it holds, which goes on meanwhile.
        let naps = !is_bounded && from.since(3, |from| from.once_in(4));
        let patience = from.since(3, |from| from.once_in(4).then(|| from.time()));
        let is_crowd = is_bounded && !is_direct && !is_late && from.once_in(64);
        Request {
            number: numbers.get(),
            times: if is_crowd { from.one_of(&[150, 150, 150, 1_100]) } else { 1 },
            takes,
            fails: from.once_in(4),
            is_secret: from.since(5, |from| from.once_in(3)),
            unpolled: if is_late { soon(from) } else { ms(0) },
            nap: if naps { soon(from) } else { ms(0) },
            patience: patience
                .filter(|_| !is_crowd)
                .unwrap_or(FOR_GOOD)
                .min(FOR_GOOD),
        }
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
            What::Sends(_, request) => request.patience == FOR_GOOD,
        };
        let mut deeds = self.callers.iter().flat_map(|caller| &caller.deeds);
        self.places == usize::MAX && self.turns.is_empty() && deeds.all(stays)
    }

    /// The limit of `bounded` for this caller.
    pub fn bounded(&self, caller: usize) -> Option<Duration> {
        self.bounded.filter(|_| !self.callers[caller].is_direct)
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
