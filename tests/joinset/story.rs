//! The scenes of `joinset`: what is given and what can happen, drawn and in words.

use std::time::Duration;

use kit::{
    ms, ordinal,
    scenes::{Draw, Event, Setting, told, told_after},
};

/// When every caller leaves at last. In step 1, which asks for no time, it looks at its answer then.
pub const HOUR: Duration = ms(3_600_000);

/// What an operation takes at most, unless it never ends.
const LONG: Duration = ms(100_000);

/// From the first number on more than a semaphore holds, and more bytes than there can be. One is
/// nothing in the bits that a smaller type of number keeps.
const LARGE: [usize; 8] =
    [256, 257, 65_536, 65_537, 1 << 63, (1 << 63) + 1, usize::MAX - 1, usize::MAX];

/// Calls, one after the other, and what their iterator and their operations do.
pub struct Scene {
    pub step: usize,
    pub calls: Vec<Call>,
    /// What the iterator answers each time it is asked. A `None` ends a batch.
    pub answers: Vec<Option<Item>>,
    /// After `answers` there are more items, without end; otherwise there is `None` for ever.
    pub is_endless: bool,
    pub hint: Hint,
    /// The first poll of a call has another waker than all later ones.
    pub is_moved: bool,
    /// How often a call is polled in a row when something has gone wrong.
    pub polls: usize,
    /// How many other tasks get busy when something goes wrong.
    pub neighbours: usize,
}

pub struct Call {
    /// How long after the call before it.
    pub after: Duration,
    pub limit: usize,
    /// Where its batch begins in `answers`. From step 5 on it goes on where the call before it stopped.
    pub first: usize,
    /// How long its caller stays.
    pub patience: Duration,
    pub leaving: Leaving,
}

#[derive(Clone, Copy, Default, PartialEq)]
pub enum Leaving {
    /// The call is polled, and dropped if it has no answer.
    #[default]
    AfterAPoll,
    InsteadOfAPoll,
    BeforeTheFirstPoll,
}

/// What the iterator says about the length of the batch.
#[derive(Clone, Copy, PartialEq)]
pub enum Hint {
    Exact,
    Nothing,
    AtMost,
}

#[derive(Clone, Copy)]
pub struct Item {
    pub n: usize,
    /// How long its operation takes; [`Duration::MAX`] is for ever.
    pub takes: Duration,
    /// How often its operation gives way before it ends.
    pub turns: usize,
    pub end: End,
}

/// How an operation ends, or what else becomes of an item.
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
    Number(usize),
    Another,
}

/// What a call returns, or how it ends otherwise.
#[derive(Clone, PartialEq)]
pub enum Answer {
    Values(Vec<usize>),
    /// The error of the operation on this item.
    Error(usize),
    Panic(Payload),
}

#[derive(Clone, PartialEq)]
pub enum Happens {
    /// The caller makes a call with this limit.
    Calls(usize),
    Gets(Answer),
    /// The caller drops the call.
    Leaves,
    /// The caller sees that so many futures are alive.
    Finds(usize),
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
            Happens::Calls(limit) => {
                ("caller", format!("calls, limit {}", in_words(*limit)))
            }
            Happens::Gets(Answer::Values(values)) => {
                ("caller", format!("gets Ok({values:?})"))
            }
            Happens::Gets(Answer::Error(n)) => {
                ("caller", format!("gets the error of item {n}"))
            }
            Happens::Gets(Answer::Panic(payload)) => {
                ("caller", format!("gets {}", payload.words()))
            }
            Happens::Leaves => ("caller", "drops the call".to_owned()),
            Happens::Finds(1) => ("caller", "finds 1 future alive".to_owned()),
            Happens::Finds(n) => ("caller", format!("finds {n} futures alive")),
            Happens::Gives(n) => ("iterator", format!("gives item {n}")),
            Happens::IteratorPanics => ("iterator", "panics".to_owned()),
            Happens::AskedAgain => {
                ("iterator", "is asked again after its `None`".to_owned())
            }
            Happens::Begins(n) => ("operation", format!("{n} begins")),
            Happens::CallPanics(n) => {
                ("operation", format!("{n} panics in its making"))
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
        let step = from.step();
        let is_endless = from.since(5, |from| from.once_in(8));
        let calls = from.since(3, |from| from.below(3));
        let (mut answers, mut drawn) = (vec![], vec![]);
        for nth in 0..=calls {
            let first = answers.len();
            let crowd = from.since(2, |from| nth == 0 && from.once_in(32));
            let items = from.list(Item::draw);
            let more = if crowd { Item::crowd(from) } else { vec![] };
            drawn.push(Call::draw(from, nth, first, is_endless, &items));
            answers.extend(items.into_iter().chain(more).map(Some));
            answers.push(None);
        }
        if from.since(5, |from| from.maybe(|_| ())).is_some() {
            answers.extend([Some(Item::draw(from)), None]);
        }
        if is_endless {
            answers.pop();
        }
        for (n, item) in answers.iter_mut().flatten().enumerate() {
            item.n = n;
        }
        let neighbours = |from: &Draw| match from.below(64) {
            63 => 2_500,
            n => [0, 1, 100, 500].get(n as usize / 8).copied().unwrap_or(0),
        };
        Scene {
            step,
            calls: drawn,
            answers,
            is_endless,
            hint: from.one_of(&[Hint::Exact, Hint::Nothing, Hint::AtMost]),
            is_moved: from.since(2, |from| from.once_in(4)),
            polls: 1 + from.since(4, |from| from.one_of(&[0, 0, 0, 1, 1_000])),
            neighbours: from.since(4, neighbours),
        }
    }

    fn words(&self) -> Vec<String> {
        let mut lines = vec![];
        let shares = self.step >= 5;
        let batches: Vec<_> = self.answers.split(Option::is_none).collect();
        for (nth, call) in self.calls.iter().enumerate() {
            let items = if shares { String::new() } else { batch(batches[nth]) };
            lines.push(format!("{}{items}", call.words(nth)));
        }
        if shares {
            let gives: Vec<_> = batches.into_iter().map(batch).collect();
            let end = if self.is_endless { "; more items without end" } else { "" };
            lines.push(format!("the iterator{}{end}", gives.join("; `None`")));
        }
        lines.extend(self.hint.words().map(str::to_owned));
        if self.is_moved {
            let text = "the first poll of a call has another waker than later ones";
            lines.push(text.to_owned());
        }
        if self.polls > 1 {
            let n = self.polls;
            lines
                .push(format!("after an error a call is polled {n} times in a row"));
        }
        if self.neighbours > 0 {
            let n = self.neighbours;
            lines.push(format!(
                "in the instant of an error {n} other tasks get busy"
            ));
        }
        lines
    }
}

impl Scene {
    /// What the iterator answers when it is asked for the `at`-th time.
    pub fn answer(&self, at: usize) -> Option<Item> {
        if let Some(answer) = self.answers.get(at) {
            return *answer;
        }
        let n = self.answers.iter().flatten().count() + at - self.answers.len();
        let takes = ms(100 + 10 * n as u64);
        self.is_endless.then_some(Item { n, takes, turns: 0, end: End::Error })
    }

    /// How many items are left of a batch.
    pub fn left(&self, at: usize) -> usize {
        let answers = &self.answers[at.min(self.answers.len())..];
        let is_endless = self.is_endless && !answers.iter().any(Option::is_none);
        let known = answers.iter().take_while(|answer| answer.is_some()).count();
        if is_endless { usize::MAX } else { known }
    }
}

impl Call {
    fn draw(
        from: &Draw,
        nth: u64,
        first: usize,
        small: bool,
        items: &[Item],
    ) -> Self {
        let limit = match from.step() {
            1 => from.one_of(&[3, 2, 5]),
            _ if small || from.below(4) < 3 => from.one_of(&[2, 1, 3, 4, 7]),
            _ => from.one_of(&LARGE),
        };
        let soon = |from: &Draw| from.time().min(LONG);
        let patience = |from: &Draw| match items.get(from.below(6) as usize) {
            Some(item) => item.takes,
            None => from.time(),
        };
        let leaving = |from: &Draw| {
            use Leaving::*;
            let ways = [AfterAPoll, AfterAPoll, InsteadOfAPoll, BeforeTheFirstPoll];
            from.one_of(&ways)
        };
        let patience = from.since(6, |from| from.mostly(patience)).unwrap_or(HOUR);
        Call {
            after: if nth > 0 { soon(from) } else { ms(0) },
            limit,
            first,
            patience: patience.min(HOUR),
            leaving: from.since(6, leaving),
        }
    }

    fn words(&self, nth: usize) -> String {
        let mut words = format!("limit {}", in_words(self.limit));
        if nth > 0 {
            let (nth, after) = (ordinal(nth + 1), told(self.after));
            words = format!("{nth} call, {after} later: {words}");
        }
        let leaves = told_after(self.patience);
        let never_polled = self.leaving == Leaving::BeforeTheFirstPoll;
        if never_polled {
            words += &format!(", dropped {leaves} without a poll");
        } else if self.patience < HOUR {
            words += &format!(", dropped {leaves}");
        }
        words
    }
}

impl Hint {
    fn words(self) -> Option<&'static str> {
        match self {
            Hint::Exact => None,
            Hint::Nothing => {
                Some("`size_hint` says (0, None), which is true of all")
            }
            Hint::AtMost => {
                Some("`size_hint` says at least 0, and how many at most")
            }
        }
    }
}

impl Item {
    fn draw(from: &Draw) -> Self {
        let longest = from.since(6, |_| Some(Duration::MAX)).unwrap_or(LONG);
        let takes = from.time().min(longest);
        let value = End::Value(from.below(5) as usize);
        let mut ends = vec![value; 8];
        ends.extend(from.since(3, |_| vec![End::Error; 2]));
        ends.extend(from.since(7, |from| {
            let payload = from.one_of(&[
                Payload::Str("disk full"),
                Payload::Str("no more rows"),
                Payload::String(from.below(9) as usize),
                Payload::Number(from.below(9) as usize),
            ]);
            let panics = [End::Panic, End::CallPanics, End::IteratorPanics];
            panics.map(|end| end(payload)).to_vec()
        }));
        let turns = from.one_of(&[0, 0, 0, 1, 5]);
        Item { n: 0, takes, turns, end: from.one_of(&ends) }
    }

    /// Many that are alike.
    fn crowd(from: &Draw) -> Vec<Self> {
        let spread = from.one_of(&[0, 1, 7]);
        let crowd = 0..from.one_of(&[40_u64, 130, 200]);
        let alike = |n| {
            let end = End::Value(n as usize);
            Item { n: 0, takes: ms(10 + n * spread), turns: 0, end }
        };
        crowd.map(alike).collect()
    }

    fn words(&self) -> String {
        let Item { n, takes, .. } = *self;
        let when = told_after(takes);
        let mut words = match self.end {
            End::IteratorPanics(with) => {
                return format!("it panics with {}", with.words());
            }
            End::CallPanics(with) => {
                return format!(
                    "item {n}: `operation` panics with {}",
                    with.words()
                );
            }
            _ if takes == Duration::MAX => return format!("item {n} never ends"),
            End::Value(value) => format!("item {n} gives {value} {when}"),
            End::Error => format!("item {n} fails {when}"),
            End::Panic(with) => {
                format!("item {n} panics {when} with {}", with.words())
            }
        };
        if self.turns > 0 {
            words += &format!(" and {} turns", self.turns);
        }
        words
    }
}

impl Payload {
    pub fn words(self) -> String {
        match self {
            Payload::Str(text) => format!("the &str \"{text}\""),
            Payload::String(n) => format!("the String \"row {n}\""),
            Payload::Number(n) => format!("the usize {n}"),
            Payload::Another => "something else".to_owned(),
        }
    }
}

/// The items of one batch, each after a semicolon.
fn batch(batch: &[Option<Item>]) -> String {
    let items = batch.iter().flatten();
    let mut words: String =
        items.take(6).map(|item| format!("; {}", item.words())).collect();
    if batch.len() > 6 {
        words += &format!("; and {} more items", batch.len() - 6);
    }
    words
}

/// The largest numbers have a name.
fn in_words(limit: usize) -> String {
    match limit {
        usize::MAX => "usize::MAX".to_owned(),
        _ => limit.to_string(),
    }
}
