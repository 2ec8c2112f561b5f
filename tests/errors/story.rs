//! The scenes of `errors`: what is given and what can happen, drawn and in words.

use std::time::Duration;

use kit::{
    ms,
    scenes::{Draw, Event, Setting, told, told_after},
};

use Happens::*;

/// When every caller leaves at last.
pub const HOUR: Duration = ms(3_600_000);

/// What names, messages and panics say. Some hold one another, and some look like more than one.
const TEXTS: [&str; 8] = [
    "timeout",
    "disk 7 is full",
    "IPMI command failed",
    "a timeout again",
    "GPU diagnostic failed",
    " two\nlines: {} ",
    "Zeitüberschreitung",
    "no message",
];

/// Errors, and calls that go on beside each other.
pub struct Scene {
    pub step: usize,
    pub errors: Vec<Chain>,
    pub calls: Vec<Call>,
}

/// An error, and what others have put on top of it, one after the other.
pub struct Chain {
    pub root: Any,
    pub layers: Vec<Layer>,
}

#[derive(Clone, Debug)]
pub enum Any {
    Diag(Diag),
    Ipmi(Ipmi),
    Text(&'static str),
    /// Of tokio: `deadline has elapsed`.
    Elapsed,
    /// Of another library, with the name and the text of `IpmiError::Timeout`.
    Timeout,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Diag {
    Ipmi(Ipmi),
    OverTemp(&'static str, f64, f64),
    Timeout(Duration),
    Panicked(String),
    Cancelled,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ipmi {
    Timeout,
    NoSuchSensor,
}

#[derive(Debug)]
pub enum Layer {
    Context(Any),
    /// So many errors of another library that say this, each the source of the next.
    Wrapped(usize, &'static str),
}

/// Somebody who waits for tasks.
#[derive(Clone)]
pub struct Call {
    pub of: Function,
    pub at: Duration,
    /// One, or those of a run.
    pub checks: Vec<Check>,
    /// How long it lies there before it is polled.
    pub unpolled: Duration,
    /// For how long nobody polls it after its first instant.
    pub nap: Duration,
    /// When it is dropped; as late as `unpolled`, after one poll.
    pub patience: Duration,
}

#[derive(Clone, Copy)]
pub enum Function {
    /// No function: the task is joined.
    Join,
    Outcome,
    RunAll(Duration, Option<u64>),
}

#[derive(Clone)]
pub struct Check {
    pub name: &'static str,
    /// [`Duration::MAX`] is for ever.
    pub takes: Duration,
    /// How often it is polled before that, for nothing.
    pub turns: u64,
    pub end: End,
    /// Zero is before it is polled.
    pub aborted: Option<Duration>,
}

#[derive(Clone, Debug)]
pub enum End {
    Returns(Result<(), Diag>),
    Panics(Payload),
}

#[derive(Clone, Debug)]
pub enum Payload {
    Str(&'static str),
    String(&'static str),
    Number,
}

/// One error of a chain: whose it is, and its message.
#[derive(Clone, Debug, PartialEq)]
pub struct Link(pub Is, pub String);

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Is {
    DiagError,
    IpmiError,
    Other,
}

/// An error is its chain.
pub type Outcome = Result<(), Vec<Link>>;

/// A check: of which call, and which of them.
pub type Who = (usize, usize);

#[derive(Clone, PartialEq)]
pub enum Happens {
    /// An error's own message.
    Says(usize, String),
    /// What a walk along the sources finds.
    Has(usize, Vec<Link>),
    Retryable(usize, bool),
    LogLine(usize, String),
    Answer(usize, u16, String),
    /// For which request, and whether in a task of its own.
    Begins(Who, Option<u64>, bool),
    Ends(Who, Option<u64>),
    Dropped(Who),
    JoinError(usize, Diag),
    Fails(usize, String, Vec<Link>),
    Returns(usize, usize),
    Gets(Who, Outcome),
    /// The caller drops the call.
    Leaves(usize),
}

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        let request = |of: &Option<u64>| match of {
            Some(number) => format!(", request {number}"),
            None => String::new(),
        };
        match self {
            Says(n, text) => ("error", format!("{n} says {text:?}")),
            Has(n, chain) => ("error", format!("{n} is {}", links(chain))),
            Retryable(n, is) => ("is_retryable", format!("of error {n} is {is}")),
            LogLine(n, line) => ("log_line", format!("of error {n} is {line:?}")),
            Answer(n, status, text) => {
                ("answer", format!("to error {n} is {status} {text:?}"))
            }
            Begins(who, of, own) => {
                let whose = if *own { "" } else { " in a task of another" };
                ("check", format!("{} begins{whose}{}", named(*who), request(of)))
            }
            Ends(who, of) => {
                ("check", format!("{} ends{}", named(*who), request(of)))
            }
            Dropped(who) => ("check", format!("{} is dropped", named(*who))),
            JoinError(call, diag) => {
                ("JoinError", format!("of check {} is {diag:?}", named((*call, 0))))
            }
            Fails(call, name, chain) => {
                let (call, chain) = (letter(*call), links(chain));
                ("failed", format!("of call {call} gets {name:?}, {chain}"))
            }
            Returns(call, n) => {
                ("call", format!("{} returns {n} outcomes", letter(*call)))
            }
            Gets(who, Ok(())) => ("outcome", format!("of {} is Ok", named(*who))),
            Gets(who, Err(chain)) => {
                ("outcome", format!("of {} is {}", named(*who), links(chain)))
            }
            Leaves(call) => ("call", format!("{} is dropped", letter(*call))),
        }
    }
}

/// Calls are A, B and so on, and the checks of A are A0, A1 and so on.
fn letter(call: usize) -> char {
    char::from(b'A' + call as u8)
}

fn named((call, n): Who) -> String {
    format!("{}{n}", letter(call))
}

fn links(chain: &[Link]) -> String {
    let link = |Link(is, text): &Link| match is {
        Is::Other => format!("{text:?}"),
        is => format!("{is:?} {text:?}"),
    };
    chain.iter().map(link).collect::<Vec<_>>().join(" <- ")
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        let (errors, calls) = (from.below(4), from.since(3, |from| from.below(4)));
        Scene {
            step: from.step(),
            errors: (0..errors).map(|_| Chain::draw(from)).collect(),
            calls: (0..calls).map(|_| Call::draw(from)).collect(),
        }
    }

    fn words(&self) -> Vec<String> {
        let errors = self.errors.iter().enumerate().map(|(n, Chain { root, layers })| {
            let layers = layers.iter().map(|layer| format!(", then {layer:?}"));
            format!("error {n}: {root:?}{}", layers.collect::<String>())
        });
        let calls = self.calls.iter().enumerate();
        errors.chain(calls.flat_map(|(n, call)| call.words(n))).collect()
    }
}

fn text(from: &Draw) -> &'static str {
    from.one_of(&TEXTS)
}

fn soon(from: &Draw) -> Duration {
    from.time().min(ms(100_000))
}

/// A length of time that is not always in whole milliseconds.
fn odd(from: &Draw) -> Duration {
    let nanos = if from.once_in(3) { from.below(1_000_000) } else { 0 };
    from.time().saturating_add(Duration::from_nanos(nanos))
}

impl Chain {
    fn draw(from: &Draw) -> Self {
        let any = from.since(5, |from| from.maybe(Any::draw));
        let root = any.unwrap_or_else(|| Any::Diag(Diag::draw(from)));
        Chain { root, layers: from.since(5, |from| from.list(Layer::draw)) }
    }
}

impl Any {
    fn draw(from: &Draw) -> Self {
        match from.below(6) {
            0 => Any::Text(from.one_of(&[text(from), ""])),
            1 => Any::Diag(Diag::draw(from)),
            2 => Any::Elapsed,
            3 => Any::Timeout,
            _ => Any::Ipmi(Ipmi::draw(from)),
        }
    }
}

impl Ipmi {
    fn draw(from: &Draw) -> Self {
        from.one_of(&[Ipmi::Timeout, Ipmi::NoSuchSensor])
    }
}

impl Diag {
    fn draw(from: &Draw) -> Self {
        let numbers = [97.5, 90.0, 0.0, -0.0, 0.1 + 0.2, 1e21, -40.25, f64::NAN];
        match from.below(6) {
            0 => Diag::Cancelled,
            1 => Diag::Panicked(from.one_of(&[text(from), ""]).to_owned()),
            2 => Diag::Timeout(odd(from)),
            3 => {
                let (value, max) = (from.one_of(&numbers), from.one_of(&numbers));
                Diag::OverTemp(text(from), value, max)
            }
            _ => Diag::Ipmi(Ipmi::draw(from)),
        }
    }
}

impl Layer {
    fn draw(from: &Draw) -> Self {
        match from.below(9) {
            0..=2 => Layer::Context(Any::Text(text(from))),
            3 | 4 => Layer::Context(Any::draw(from)),
            5 if from.once_in(20) => {
                Layer::Wrapped(1 + from.below(200) as usize, text(from))
            }
            _ => Layer::Wrapped(1, text(from)),
        }
    }
}

impl Call {
    fn draw(from: &Draw) -> Self {
        let run = |from: &Draw| {
            let request = from.maybe(|from| from.one_of(&[7, 0, u64::MAX]));
            Function::RunAll(odd(from), request)
        };
        let run = from.since(7, |from| from.mostly(run));
        let outcome = from.since(4, |from| from.mostly(|_| Function::Outcome));
        let of = run.or(outcome).unwrap_or(Function::Join);
        let (mut checks, mut longest_nap) = (vec![Check::draw(from)], HOUR);
        if let Function::RunAll(limit, _) = of {
            checks = from.list(Check::draw);
            // Why: what is over while nobody polls may be seen late.
            longest_nap = ms(limit.as_millis() as u64);
            if from.once_in(40) {
                let (check, apart) = (Check::draw(from), from.below(2));
                checks.extend((0..from.below(200)).map(|n| {
                    let takes = check.takes.saturating_add(ms(n * apart));
                    Check { takes, ..check.clone() }
                }));
            }
            checks.iter_mut().for_each(|check| check.aborted = None);
        }
        let seldom = |from: &Draw| from.once_in(4).then(|| soon(from));
        let [unpolled, nap, patience] =
            [0; 3].map(|_| from.since(4, |from| seldom(from)));
        Call {
            of,
            at: soon(from),
            checks,
            unpolled: unpolled.unwrap_or_default(),
            nap: nap.unwrap_or_default().min(longest_nap),
            patience: patience.unwrap_or(HOUR),
        }
    }

    fn words(&self, n: usize) -> Vec<String> {
        let (call, at) = (letter(n), told(self.at));
        let mut words = match self.of {
            Function::Join => format!("call {call}, at {at}: {call}0.await"),
            Function::Outcome => format!("call {call}, at {at}: outcome of {call}0"),
            Function::RunAll(limit, request) => {
                let limit = match limit {
                    Duration::MAX => told(limit),
                    limit => format!("{limit:?}"),
                };
                let request = request.map(|it| format!(", in request {it}"));
                let request = request.unwrap_or_default();
                format!("call {call}, at {at}: run_all with limit {limit}{request}")
            }
        };
        if !self.unpolled.is_zero() {
            words += &format!(", first polled {} later", told(self.unpolled));
        }
        if !self.nap.is_zero() {
            words += &format!(", then not polled for {}", told(self.nap));
        }
        if self.patience < HOUR {
            words += &format!(", dropped {}", told_after(self.patience));
        }
        let checks = self.checks.iter().enumerate();
        let checks = checks.map(|(i, it)| format!("check {call}{i}: {}", it.words()));
        [words].into_iter().chain(checks).collect()
    }
}

impl Check {
    fn draw(from: &Draw) -> Self {
        let payload = |from: &Draw| match from.below(3) {
            0 => Payload::Str(text(from)),
            1 => Payload::String(text(from)),
            _ => Payload::Number,
        };
        Check {
            name: text(from),
            takes: if from.below(4) > 0 { from.time() } else { ms(0) },
            turns: if from.once_in(5) { 1 + from.below(4) } else { 0 },
            end: match from.below(5) {
                0 | 1 => End::Returns(Err(Diag::draw(from))),
                2 | 3 => End::Panics(payload(from)),
                _ => End::Returns(Ok(())),
            },
            aborted: from.once_in(3).then(|| from.time()),
        }
    }

    fn words(&self) -> String {
        let (name, when) = (self.name, told_after(self.takes));
        let mut words = match &self.end {
            _ if self.takes == Duration::MAX => format!("{name:?} never ends"),
            End::Returns(end) => format!("{name:?} returns {end:?} {when}"),
            End::Panics(payload) => format!("{name:?} panics with {payload:?} {when}"),
        };
        if self.turns > 0 {
            words += &format!(", polled {} times too often", self.turns);
        }
        if let Some(after) = self.aborted {
            words += &format!(", aborted {}", told_after(after));
        }
        words
    }
}

impl Call {
    pub fn first_poll(&self) -> Duration {
        self.at + self.unpolled
    }

    pub fn leaves(&self) -> Duration {
        self.at + self.patience
    }

    /// When it is polled after something has happened.
    pub fn sees(&self, at: Duration) -> Duration {
        let first = self.first_poll();
        if at <= first { first } else { at.max(first + self.nap) }
    }
}
