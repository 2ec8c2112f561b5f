//! The scenes of `joinset`: what is given and what can happen, `words.rs` tells what is given in words.

#[path = "words.rs"]
mod words;

use std::time::Duration;

use kit::{
    ms,
    scenes::{Draw, Event, Setting},
};

/// When every caller leaves at last. In step 1, which asks for no time, it looks at its answer then.
pub const HOUR: Duration = ms(3_600_000);

/// Nothing in the bits of a smaller number, or more than a semaphore or any memory holds.
const LARGE: [usize; 8] =
    [256, 257, 65_536, 65_537, 1 << 63, (1 << 63) + 1, usize::MAX - 1, usize::MAX];

/// Calls, one after the other, and what their iterator and their operations do.
pub struct Scene {
    pub step: usize,
    pub calls: Vec<Call>,
    /// What the iterator answers each time it is asked. A `None` ends a batch.
    pub answers: Vec<Option<Item>>,
    /// After these there are more items, and no end; otherwise `None` for ever.
    pub is_endless: bool,
    /// What the iterator says of how long it is.
    pub hint: Hint,
    /// The first poll of a call has another waker than all later ones.
    pub is_moved: bool,
    /// How often a call is polled in a row when something has gone wrong.
    pub polls: usize,
    /// How many other tasks get busy when something goes wrong.
    pub neighbours: usize,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Hint {
    Exact,
    AtMost,
    None,
}

pub struct Call {
    /// How long after the call before it.
    pub after: Duration,
    pub limit: usize,
    /// Where its batch begins. From step 5 on it goes on where the call before it has stopped.
    pub first: usize,
    /// How long its caller stays.
    pub patience: Duration,
    /// It leaves without a last poll.
    pub is_abrupt: bool,
}

#[derive(Clone, Copy)]
pub struct Item {
    pub n: usize,
    /// How long its operation takes; [`Duration::MAX`] is for ever.
    pub takes: Duration,
    /// How often its operation gives way before it ends; [`usize::MAX`] is until another task has run.
    pub turns: usize,
    pub end: End,
}

#[derive(Clone, Copy)]
pub enum End {
    Value(usize),
    Error,
    Panic(Payload),
    CallPanics(Payload),
    IteratorPanics(Payload),
}

/// What somebody panics with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Payload {
    Str(&'static str),
    String(usize),
    Usize(usize),
    Another,
}

/// The error of the operation on this item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct E(pub usize);

/// What a call returns, or how it ends otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Ok(Vec<usize>),
    Err(E),
    Panic(Payload),
}

#[derive(Clone, PartialEq)]
pub enum Happens {
    /// The caller makes a call with this limit.
    Calls(usize),
    Gets(Answer),
    /// The caller drops the call.
    Leaves,
    /// So many futures, or tasks, are alive after the end of the call.
    Finds(usize, &'static str),
    Gives(usize),
    IteratorPanics,
    AskedAgain,
    Begins(usize),
    CallPanics(usize),
    Ends(usize),
    Fails(usize),
    Panics(usize),
    Dropped(usize),
}

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        match self {
            Happens::Calls(limit) => ("caller", format!("calls, limit {limit}")),
            Happens::Gets(answer) => ("caller", format!("gets {answer:?}")),
            Happens::Leaves => ("caller", "leaves, unanswered".to_owned()),
            Happens::Finds(n, it) => ("caller", format!("finds {n} {it} alive")),
            Happens::Gives(n) => ("iterator", format!("gives item {n}")),
            Happens::IteratorPanics => ("iterator", "panics".to_owned()),
            Happens::AskedAgain => ("iterator", "is asked after `None`".to_owned()),
            Happens::Begins(n) => ("operation", format!("{n} begins")),
            Happens::CallPanics(n) => {
                ("operation", format!("{n}: the call for it panics"))
            }
            Happens::Ends(n) => ("operation", format!("{n} ends")),
            Happens::Fails(n) => ("operation", format!("{n} fails")),
            Happens::Panics(n) => ("operation", format!("{n} panics")),
            Happens::Dropped(n) => ("operation", format!("{n} is dropped")),
        }
    }
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        let is_endless = from.since(5, |from| from.once_in(8));
        let (mut answers, mut calls) = (vec![], vec![]);
        for nth in 0..=from.since(3, |from| from.below(3)) {
            let first = answers.len();
            let items = from.list(Item::draw);
            let crowd = from.since(2, |from| nth == 0 && from.once_in(64));
            calls.push(Call::draw(from, first, is_endless, &items));
            answers.extend(items.into_iter().map(Some));
            answers.extend(crowd.then(|| Item::crowd(from)).into_iter().flatten());
            answers.push(None);
        }
        let rest =
            from.since(5, |from| from.maybe(|from| [Some(Item::draw(from)), None]));
        answers.extend(rest.into_iter().flatten());
        if is_endless {
            answers.pop();
        }
        answers.iter_mut().flatten().enumerate().for_each(|(n, item)| item.n = n);
        let neighbours = [&[0; 32][..], &[1, 100, 500, 1_000]].concat();
        Scene {
            step: from.step(),
            calls,
            answers,
            is_endless,
            hint: from.one_of(&[Hint::Exact, Hint::None, Hint::AtMost]),
            is_moved: from.since(2, |from| from.once_in(4)),
            polls: from.since(4, |from| from.one_of(&[0, 0, 0, 0, 0, 1, 1_000])) + 1,
            neighbours: from.since(4, |from| from.one_of(&neighbours)),
        }
    }

    fn words(&self) -> Vec<String> {
        words::of(self)
    }
}

impl Scene {
    /// What the iterator answers when it has answered so often.
    pub fn answer(&self, at: usize) -> Option<Item> {
        self.answers.get(at).copied().unwrap_or_else(|| {
            let n = self.answers.iter().flatten().count() + at - self.answers.len();
            let takes = ms(100 + 10 * n as u64);
            self.is_endless.then_some(Item { n, takes, turns: 0, end: End::Error })
        })
    }

    /// How many items come before the next `None`.
    pub fn left(&self, at: usize) -> usize {
        let mut left = self.answers.iter().skip(at);
        let end = left.position(Option::is_none);
        let all = self.answers.len().saturating_sub(at);
        end.unwrap_or(if self.is_endless { usize::MAX } else { all })
    }
}

impl Call {
    fn draw(from: &Draw, first: usize, is_small: bool, items: &[Item]) -> Self {
        let limit = match from.step() {
            1 => from.one_of(&[3, 2, 5]),
            _ if is_small || from.below(4) < 3 => from.one_of(&[2, 1, 3, 4, 7]),
            _ => from.one_of(&LARGE),
        };
        let patience = |from: &Draw| match items.get(from.below(6) as usize) {
            Some(item) => item.takes,
            None => from.time(),
        };
        let patience = from.since(6, |from| from.mostly(patience)).unwrap_or(HOUR);
        Call {
            after: if first > 0 { from.time().min(ms(100_000)) } else { ms(0) },
            limit,
            first,
            patience: patience.min(HOUR),
            is_abrupt: from.since(6, |from| from.once_in(2)),
        }
    }
}

impl Item {
    fn draw(from: &Draw) -> Self {
        let longest = match from.step() {
            1 => ms(5_000),
            2..=5 => ms(100_000),
            _ => Duration::MAX,
        };
        let takes = from.time().min(longest);
        let mut ends = vec![End::Value(from.below(5) as usize); 8];
        ends.extend(from.since(3, |_| vec![End::Error; 2]));
        ends.extend(from.since(7, |from| {
            let n = from.below(9) as usize;
            let texts = [Payload::Str("disk full"), Payload::Str("no more rows")];
            let others = [Payload::String(n), Payload::Usize(n)];
            let with = from.one_of(&[texts, others].concat());
            vec![End::Panic(with), End::CallPanics(with), End::IteratorPanics(with)]
        }));
        let turns = from.one_of(&[0, 0, 0, 1, 5, from.since(2, |_| usize::MAX)]);
        Item { n: 0, takes, turns, end: from.one_of(&ends) }
    }

    /// Many that are alike, but for one that may fail while the others are in flight.
    fn crowd(from: &Draw) -> Vec<Option<Self>> {
        let (first, spread) = (from.one_of(&[10, 0]), from.one_of(&[0, 1, 7]));
        let fails = from.since(3, |from| from.maybe(|from| from.below(20)));
        let alike = |n| {
            let is_bad = spread > 0 && fails == Some(n);
            let end = if is_bad { End::Error } else { End::Value(n as usize) };
            Some(Item { n: 0, takes: ms(first + n * spread), turns: 0, end })
        };
        (0..from.one_of(&[40_u64, 130, 300])).map(alike).collect()
    }
}
