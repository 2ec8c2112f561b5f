//! The contract of `exercises/errors.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours.

mod chain;
mod story;

use std::time::Duration;

use kit::scenes::{Agenda, Contract, Judge, Open, Story, judge, on_the_clock};

pub use chain::{Any, Chain, Diag, Ipmi, Layer};
pub use story::{Call, Check, End, Function, Happens, Scene, Who};
use {Cause::*, End::*};

pub struct Errors;

impl Contract for Errors {
    type Scene = Scene;
    type Event = Happens;

    fn judge() -> &'static dyn Judge {
        judge::<Self>()
    }

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let (story, are_texts) = (Story::default(), [None; 3]);
        let mut model = Model { open, story, are_texts };
        for (n, chain) in scene.errors.iter().enumerate() {
            for (step, what, said) in model.error(chain) {
                if scene.step >= step {
                    model.story.tell(Duration::ZERO, Happens::Error(n, what, said));
                }
            }
        }
        for (n, call) in scene.calls.iter().enumerate() {
            model.call(n, call);
        }
        Some(model.story)
    }
}

/// What may end a check.
#[derive(Clone, Copy, PartialEq)]
enum Cause {
    Itself,
    Abort,
    Limit,
    Leaving,
}

/// When a check ends, and how: a failure is its chain.
type Ended = (Duration, Result<(), String>);
/// When a check begins, how long it may take, and when its caller leaves it.
type Span = [Duration; 3];

struct Model<'a> {
    open: &'a Open,
    story: Story<Happens>,
    /// Whether an empty `&str`, an empty `String` and a `Box<str>` count as texts, once it is asked.
    are_texts: [Option<bool>; 3],
}

impl Model<'_> {
    /// What is said of an error, and from which step on.
    fn error(&self, chain: &Chain) -> Vec<(usize, &'static str, String)> {
        let is_retryable = self.is_retryable(chain);
        // Rule 6: "503 `try again later` for what is worth another try, else 500".
        let answer = [(500, "internal error"), (503, "try again later")]
            [usize::from(is_retryable)];
        let mut said = vec![
            (5, "is_retryable", is_retryable.to_string()),
            (6, "log_line", format!("{:?}", self.log_line(chain))),
            (6, "answer", format!("{answer:?}")),
        ];
        if let Any::Diag(diag) = &chain.root {
            said.push((
                1,
                "DiagError alone, to_string",
                format!("{:?}", self.says(diag)),
            ));
            said.push((2, "DiagError alone, chain", self.chain(diag)));
        }
        said
    }

    /// Rule 1: "numbers as `{}`, durations as `{:?}`".
    fn says(&self, diag: &Diag) -> String {
        match diag {
            Diag::Ipmi(_) => "IPMI command failed".to_owned(),
            Diag::OverTemp(sensor, value, max) => {
                self.open.sometimes(1, "a sensor is out of range");
                format!("Sensor {sensor} out of range: {value}°C (max {max}°C)")
            }
            Diag::Timeout(limit) => format!("Operation timed out after {limit:?}"),
            Diag::Panicked(text) => format!("Task panicked: {text}"),
            Diag::Cancelled => "Task cancelled".to_owned(),
        }
    }

    /// Rule 2: "`source` returns it, and the message above does not repeat it".
    fn chain(&self, diag: &Diag) -> String {
        let top = format!("DiagError {:?}", self.says(diag));
        let Diag::Ipmi(cause) = diag else { return top };
        self.open.sometimes(2, "a cause stands below its error");
        format!("{top} <- IpmiError {:?}", cause.text())
    }

    /// Rule 5: "in its chain, however deep", but not one "added as a context".
    fn is_retryable(&self, chain: &Chain) -> bool {
        let is_timeout = |any: &Any| match any {
            Any::Diag(Diag::Timeout(_)) => true,
            Any::Diag(Diag::Ipmi(it)) | Any::Ipmi(it) => *it == Ipmi::Timeout,
            _ => false,
        };
        let is_retryable = is_timeout(&chain.root);
        if is_retryable && chain.layers.len() > 4 {
            self.open.sometimes(5, "a timeout is deep in the chain");
        }
        is_retryable
    }

    /// Rule 6: "the message of each error in the chain, outermost first, with `: ` between two".
    fn log_line(&self, chain: &Chain) -> String {
        let mut line = self.message(&chain.root);
        if let Any::Diag(Diag::Ipmi(cause)) = &chain.root {
            line = format!("{line}: {}", cause.text());
        }
        for layer in &chain.layers {
            let (message, times) = match layer {
                Layer::Context(any) => (self.message(any), 1),
                Layer::Around(text, times) => (text.to_string(), *times),
            };
            if line.contains(&message) {
                self.open.sometimes(6, "the words of an error are there already");
            }
            line.insert_str(0, &format!("{message}: ").repeat(times as usize));
        }
        line
    }

    fn message(&self, any: &Any) -> String {
        match any {
            Any::Diag(diag) => self.says(diag),
            Any::Ipmi(cause) => cause.text().to_owned(),
            Any::Text(text) | Any::Other(text) => text.to_string(),
        }
    }

    fn call(&mut self, n: usize, call: &Call) {
        let (mut ends, mut last) = (vec![], call.first_poll());
        // An abort is a request: the checks of a call that is dropped at its first poll may begin.
        let do_begin = !matches!(call.of, Function::RunAll(_))
            || self.is_there(call, call.first_poll());
        for (i, check) in call.checks.iter().enumerate() {
            let ended = self.check((n, i), call, check, do_begin);
            let sees =
                ended.as_ref().map_or(Duration::MAX, |(at, _)| call.sees(*at));
            last = last.max(sees);
            ends.extend(ended.map(|(_, end)| (sees, check.name, end)));
        }
        let is_there = self.is_there(call, last);
        for &(sees, name, ref end) in &ends {
            // "As a check fails, `failed` gets its name and its outcome's error."
            if let (Err(chain), Function::RunAll(_)) = (end, call.of)
                && (is_there || self.is_there(call, sees))
            {
                if sees < last {
                    self.open.sometimes(7, "one fails while others go on");
                }
                let failed = Happens::Failed(n, name.to_owned(), chain.clone());
                self.story.tell(sees, failed);
            }
        }
        if !is_there {
            return self.story.tell(call.leaves(), Happens::Call(n, "is dropped"));
        }
        self.story.tell(last, Happens::Call(n, "returns"));
        // "Outcomes are as in rule 4, in the order of the checks."
        for (i, (_, _, end)) in ends.into_iter().enumerate() {
            let end = end.err().unwrap_or("Ok".to_owned());
            self.story.tell(last, Happens::Gets((n, i), end));
        }
    }

    /// `None` if a check never ends, or is left by its caller.
    fn check(
        &mut self,
        who: Who,
        call: &Call,
        check: &Check,
        does_begin: bool,
    ) -> Option<Ended> {
        let (begins, limit, leaves) = match call.of {
            Function::RunAll(limit) => (call.first_poll(), limit, call.leaves()),
            // Rule 4: "Dropped, it lets the task go on."
            Function::Join | Function::Outcome => {
                (call.at, Duration::MAX, Duration::MAX)
            }
        };
        if check.aborted != Some(Duration::ZERO) && does_begin {
            // Rule 7: "all checks at once, each in its own task with the caller's `REQUEST`".
            self.story.tell(begins, Happens::Check(who, "begins", call.request));
        }
        let (at, cause) = if does_begin {
            self.cause(check, [begins, limit, leaves])?
        } else {
            (leaves, Leaving)
        };
        let what = if cause == Itself { "ends" } else { "is dropped" };
        self.story.tell(at, Happens::Check(who, what, call.request));
        let diag = match (cause, &check.end) {
            (Itself, Returns(Ok(()))) => return Some((at, Ok(()))),
            (Itself, Returns(Err(diag))) => diag.clone(),
            // Rule 3: "`Panicked` with the panic's text or else `no message`".
            (Itself, PanicsWithStr("")) => self.panicked("", 0),
            (Itself, PanicsWithString("")) => self.panicked("", 1),
            (Itself, PanicsWithBox(it)) => self.panicked(it, 2),
            (Itself, PanicsWithStr(it) | PanicsWithString(it)) => Diag::Panicked(it),
            (Itself, PanicsWithNumber(_) | PanicsWithError(_)) => {
                self.open.sometimes(3, "a panic has no text");
                Diag::Panicked("no message")
            }
            (Abort, _) => {
                self.open.sometimes(3, "a task is aborted");
                Diag::Cancelled
            }
            // Rule 7: "At `limit` a check is dropped and fails with `Timeout(limit)`."
            (Limit, _) => {
                self.open.sometimes(7, "a check is dropped at its limit");
                Diag::Timeout(limit)
            }
            (Leaving, _) => {
                self.open.sometimes(7, "the caller leaves its checks");
                return None;
            }
        };
        let chain = self.chain(&diag);
        if let Function::Join = call.of {
            return Some((at, Err(chain)));
        }
        // Rule 4: "`NAME diagnostic failed` on top of each failure, once".
        self.open.sometimes(4, "a failure gets its name");
        let name = format!("{} diagnostic failed", check.name);
        Some((at, Err(format!("{name:?} <- {chain}"))))
    }

    /// A panic with what may count as a text: "that is empty, or no `&str` or `String`".
    fn panicked(&mut self, text: &'static str, kind: usize) -> Diag {
        let is_text = self.are_texts[kind].get_or_insert_with(|| self.open.either());
        Diag::Panicked(if *is_text { text } else { "no message" })
    }

    /// When a check ends, and why; `None` is never.
    fn cause(&self, check: &Check, span: Span) -> Option<(Duration, Cause)> {
        let [begins, limit, leaves] = span;
        let cause = match check.aborted {
            Some(Duration::ZERO) => Abort,
            _ if check.takes.is_zero() && check.turns == 0 => Itself,
            // With a limit of zero, only what is ready at the first poll is in time.
            _ if limit.is_zero() => Limit,
            aborted => {
                let later = |time| on_the_clock(begins.saturating_add(time));
                let mut due = Agenda::default();
                due.add(later(check.takes), Itself);
                due.add(later(aborted.unwrap_or(Duration::MAX)), Abort);
                due.add(later(limit), Limit);
                due.add(leaves, Leaving);
                return due.next(self.open);
            }
        };
        Some((begins, cause))
    }

    /// Whether the caller is still there. When it leaves just then, either is right.
    fn is_there(&self, call: &Call, at: Duration) -> bool {
        at < call.leaves() || at == call.leaves() && self.open.either()
    }
}
