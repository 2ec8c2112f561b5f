//! The scenes of `errors`: what is given and what can happen, drawn and in words.

use std::time::Duration;

use kit::{
    ms,
    scenes::{Draw, Event, Setting, counted, told},
};

use super::chain::{Chain, Diag, diag, odd, text};

/// When every caller leaves at last.
const HOUR: Duration = ms(3_600_000);

const NAMES: [&str; 6] = ["GPU", "FAN", "{}", "CPU 0", "GPU diagnostic failed", ""];

/// Errors to speak of, and calls that go on beside each other.
pub struct Scene {
    pub step: usize,
    pub errors: Vec<Chain>,
    pub calls: Vec<Call>,
}

/// Somebody waits for tasks.
#[derive(Clone)]
pub struct Call {
    pub of: Function,
    pub at: Duration,
    pub request: Option<u64>,
    /// One, or those of `run_all`.
    pub checks: Vec<Check>,
    /// How long it lies there before it is polled.
    pub unpolled: Option<Duration>,
    /// For how long nobody polls it after its first instant.
    pub nap: Option<Duration>,
    /// When it is dropped. If that is as late as its first poll, it is polled once.
    pub patience: Option<Duration>,
}

#[derive(Clone, Copy)]
pub enum Function {
    /// None: the task is joined.
    Join,
    Outcome,
    RunAll(Duration),
}

#[derive(Clone)]
pub struct Check {
    pub name: &'static str,
    /// How often it is polled for nothing at first.
    pub turns: usize,
    /// [`Duration::MAX`] is for ever.
    pub takes: Duration,
    pub end: End,
    /// Zero is before it is polled.
    pub aborted: Option<Duration>,
}

#[derive(Clone, Debug)]
pub enum End {
    Returns(Result<(), Diag>),
    PanicsWithStr(&'static str),
    PanicsWithString(&'static str),
    /// Of the type `Box<str>`.
    PanicsWithBox(&'static str),
    PanicsWithNumber(u32),
    PanicsWithError(Diag),
}

/// A check: of which call, and which of them.
pub type Who = (usize, usize);

/// Who, and what happens to it. The last text is what an error says, or a whole chain.
#[derive(Clone, PartialEq)]
pub enum Happens {
    Error(usize, &'static str, String),
    /// For some request.
    Check(Who, &'static str, Option<u64>),
    Call(usize, &'static str),
    Failed(usize, String, String),
    Gets(Who, String),
}

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        // Calls are A, B and so on, and the checks of A are A0, A1 and so on.
        let call = |n: &usize| char::from(b'A' + *n as u8);
        match self {
            Happens::Error(n, what, said) => {
                ("error", format!("{n}, {what}: {said}"))
            }
            Happens::Check((n, i), what, of) => {
                let of = of.map_or(String::new(), |of| format!(", request {of}"));
                ("check", format!("{}{i} {what}{of}", call(n)))
            }
            Happens::Call(n, what) => ("call", format!("{} {what}", call(n))),
            Happens::Failed(n, name, chain) => {
                ("failed", format!("{}, {name:?}: {chain}", call(n)))
            }
            Happens::Gets((n, i), chain) => {
                ("outcome", format!("{}{i}: {chain}", call(n)))
            }
        }
    }
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        Scene {
            step: from.step(),
            errors: few(from, Chain::draw),
            calls: from.since(3, |from| few(from, Call::draw)),
        }
    }

    fn words(&self) -> Vec<String> {
        let mut words = vec![];
        for (n, chain) in self.errors.iter().enumerate() {
            words.push(format!("error {n}: {}", chain.words()));
        }
        for (call, name) in self.calls.iter().zip('A'..) {
            words.push(format!("call {name}: {}", call.words()));
            for (i, check) in call.checks.iter().enumerate() {
                words.push(format!("check {name}{i}: {}", check.words()));
            }
        }
        words
    }
}

fn few<T>(from: &Draw, each: impl Fn(&Draw) -> T) -> Vec<T> {
    let mut few = vec![];
    while few.len() < 3 && from.below(3) > 0 {
        few.push(each(from));
    }
    few
}

fn soon(from: &Draw) -> Duration {
    from.time().min(ms(100_000))
}

impl Call {
    fn draw(from: &Draw) -> Self {
        let outcome = from.since(4, |from| from.mostly(|_| Function::Outcome));
        let run = |from: &Draw| from.mostly(|from| Function::RunAll(odd(from)));
        let of = from.since(7, run).or(outcome).unwrap_or(Function::Join);
        let mut checks = vec![Check::draw(from)];
        let (mut request, mut longest_nap) = (None, HOUR);
        if let Function::RunAll(limit) = of {
            checks = from.list(Check::draw);
            let (same, apart) = (Check::draw(from), from.below(2));
            let many = if from.once_in(40) { from.below(200) } else { 0 };
            checks.extend((0..many).map(|n| {
                let takes = same.takes.saturating_add(ms(n * apart));
                Check { takes, ..same.clone() }
            }));
            checks.iter_mut().for_each(|check| check.aborted = None);
            request = from.maybe(|from| from.one_of(&[7, 0, u64::MAX]));
            // Why: what is over while nobody polls may be seen late.
            longest_nap = ms(limit.as_millis() as u64);
        }
        let seldom = |from: &Draw| from.once_in(4).then(|| soon(from));
        let [unpolled, nap, patience] = [(); 3].map(|()| from.since(4, seldom));
        let nap = nap.map(|nap| nap.min(longest_nap));
        Call { of, at: soon(from), request, checks, unpolled, nap, patience }
    }

    fn words(&self) -> String {
        let of = match self.of {
            Function::Join => "task.await".to_owned(),
            Function::Outcome => "outcome".to_owned(),
            Function::RunAll(limit) => format!("run_all, limit {limit:?}"),
        };
        let request = self.request.map(|it| format!(", in request {it}"));
        let parts = [
            part("first polled after", self.unpolled),
            part("then not polled for", self.nap),
            part("dropped after", self.patience),
        ];
        let request = request.unwrap_or_default();
        format!("{of} at {}{request}{}", told(self.at), parts.concat())
    }

    pub fn first_poll(&self) -> Duration {
        self.at + self.unpolled.unwrap_or_default()
    }

    pub fn leaves(&self) -> Duration {
        self.at + self.patience.unwrap_or(HOUR)
    }

    /// When it is polled after something has happened.
    pub fn sees(&self, at: Duration) -> Duration {
        let first = self.first_poll();
        let awake = first + self.nap.unwrap_or_default();
        if at <= first { first } else { at.max(awake) }
    }
}

/// A part of a sentence, if there is such a time.
fn part(words: &str, time: Option<Duration>) -> String {
    time.map_or(String::new(), |time| format!(", {words} {}", told(time)))
}

impl Check {
    fn draw(from: &Draw) -> Self {
        let said = text(from);
        Check {
            name: from.one_of(&NAMES),
            turns: if from.once_in(5) { 1 + from.below(4) as usize } else { 0 },
            takes: if from.below(4) > 0 { from.time() } else { ms(0) },
            end: match from.below(8) {
                0 | 1 => End::Returns(Err(diag(from))),
                2 => End::PanicsWithStr(said),
                3 => End::PanicsWithString(said),
                4 => End::PanicsWithNumber(42),
                5 => End::PanicsWithError(diag(from)),
                6 => End::PanicsWithBox("boom"),
                _ => End::Returns(Ok(())),
            },
            aborted: from.once_in(3).then(|| from.time()),
        }
    }

    fn words(&self) -> String {
        let parts =
            [part("after", Some(self.takes)), part("aborted after", self.aborted)];
        let turns = format!(", polled for nothing {}", counted(self.turns, "time"));
        let turns = if self.turns > 0 { &turns } else { "" };
        format!("{:?} {:?}{}{turns}", self.name, self.end, parts.concat())
    }
}
