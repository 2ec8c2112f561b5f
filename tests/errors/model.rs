//! The contract of `exercises/errors.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours.

mod story;

use std::time::Duration;

use kit::scenes::{Agenda, Contract, Open, Story};

pub use story::{
    Any, Call, Chain, Check, Diag, End, Function, Happens, Ipmi, Layer, Payload,
    Scene, Who,
};

const NEVER: Duration = Duration::MAX;

/// The contract of `errors`.
pub struct Errors;

impl Contract for Errors {
    type Scene = Scene;
    type Event = Happens;

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let mut model = Model { open, story: Story::default() };
        for (n, chain) in scene.errors.iter().enumerate() {
            for (step, what, said) in model.error(chain) {
                if scene.step >= step {
                    model.tell(Duration::ZERO, Happens::Error(n, what, said));
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

struct Model<'a> {
    open: &'a Open,
    story: Story<Happens>,
}

impl Model<'_> {
    fn tell(&mut self, at: Duration, event: Happens) {
        self.story.tell(at, event);
    }

    /// What is said of an error, and from which step on.
    fn error(&self, chain: &Chain) -> Vec<(usize, &'static str, String)> {
        let mut said = vec![];
        if let Any::Diag(diag) = &chain.root {
            said.push((1, "to_string", format!("{:?}", self.says(diag))));
            said.push((2, "chain", self.chain(diag)));
        }
        let is_retryable = self.is_retryable(chain);
        said.push((5, "is_retryable", is_retryable.to_string()));
        said.push((6, "log_line", format!("{:?}", self.log_line(chain))));
        // Rule 6: "503 `try again later` for what is worth another try, else 500".
        let answers = [(500, "internal error"), (503, "try again later")];
        let answer = answers[usize::from(is_retryable)];
        said.push((6, "answer", format!("{answer:?}")));
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
            Diag::Timeout(limit) => {
                self.open.sometimes(1, "an operation has timed out");
                format!("Operation timed out after {limit:?}")
            }
            Diag::Panicked(text) => format!("Task panicked: {text}"),
            Diag::Cancelled => "Task cancelled".to_owned(),
        }
    }

    /// Rule 2: "`source` hands it out, and the message above does not repeat it".
    fn chain(&self, diag: &Diag) -> String {
        let top = format!("DiagError {:?}", self.says(diag));
        let Diag::Ipmi(cause) = diag else { return top };
        self.open.sometimes(2, "a cause stands below its error");
        format!("{top} <- IpmiError {:?}", says(*cause))
    }

    /// Rule 5: "in its chain, however deep, but not as a context".
    fn is_retryable(&self, chain: &Chain) -> bool {
        let is_timeout = |any: &Any| match any {
            Any::Diag(Diag::Timeout(_)) => true,
            Any::Diag(Diag::Ipmi(cause)) | Any::Ipmi(cause) => {
                *cause == Ipmi::Timeout
            }
            _ => false,
        };
        for layer in &chain.layers {
            if let Layer::Context(any) = layer
                && is_timeout(any)
            {
                self.open.sometimes(5, "a timeout is a context");
            }
        }
        if is_timeout(&chain.root) && chain.layers.len() > 4 {
            self.open.sometimes(5, "a timeout is deep in the chain");
        }
        is_timeout(&chain.root)
    }

    /// Rule 6: "the message of each error in the chain, outermost first, with `: ` between two".
    fn log_line(&self, chain: &Chain) -> String {
        let mut line = self.message(&chain.root);
        if let Any::Diag(Diag::Ipmi(cause)) = &chain.root {
            line = format!("{line}: {}", says(*cause));
        }
        for layer in &chain.layers {
            let (message, times) = match layer {
                Layer::Context(any) => (self.message(any), 1),
                Layer::Around(text, times) => ((*text).to_owned(), *times),
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
            Any::Ipmi(cause) => says(*cause).to_owned(),
            Any::Text(text) | Any::Other(text) => (*text).to_owned(),
        }
    }

    fn call(&mut self, n: usize, call: &Call) {
        let (first, leaves) = (call.first_poll(), call.leaves());
        let (mut ends, mut last) = (vec![], first);
        for (i, check) in call.checks.iter().enumerate() {
            let ended = self.check((n, i), call, check);
            let sees = ended.as_ref().map_or(NEVER, |(at, _)| call.sees(*at));
            last = last.max(sees);
            ends.extend(ended.map(|(_, end)| (sees, check.name, end)));
        }
        let is_there = self.is_there(call, last);
        for &(sees, name, ref end) in &ends {
            // "`failed` gets the name and the outcome's error of each that failed, as it ends."
            if let (Err(chain), Function::RunAll(_)) = (end, call.of)
                && (is_there || self.is_there(call, sees))
            {
                if sees < last {
                    self.open.sometimes(7, "one fails while others go on");
                }
                let (name, chain) = (name.to_owned(), chain.clone());
                self.tell(sees, Happens::Failed(n, name, chain));
            }
        }
        if !is_there {
            return self.tell(leaves, Happens::Call(n, "is dropped"));
        }
        self.tell(last, Happens::Call(n, "returns"));
        // "The outcomes are those of rule 4, in order."
        for (i, (_, _, end)) in ends.into_iter().enumerate() {
            let end = end.err().unwrap_or("Ok".to_owned());
            self.tell(last, Happens::Gets((n, i), end));
        }
    }

    /// When a check ends and how, unless it never does or its caller leaves it.
    fn check(
        &mut self,
        who: Who,
        call: &Call,
        check: &Check,
    ) -> Option<(Duration, Result<(), String>)> {
        let (begins, limit, leaves) = match call.of {
            Function::RunAll(limit) => (call.first_poll(), limit, call.leaves()),
            // Rule 4: "Dropped, it lets the task go on."
            Function::Join | Function::Outcome => (call.at, NEVER, NEVER),
        };
        if check.aborted != Some(Duration::ZERO) && begins < leaves {
            // Rule 7: "all checks at once, each in its own task with the caller's `REQUEST`".
            self.tell(begins, Happens::Check(who, "begins", call.request));
        }
        let (at, cause) = self.cause(check, begins, limit, leaves)?;
        if cause == Cause::Itself {
            self.tell(at, Happens::Check(who, "ends", call.request));
        } else {
            self.tell(at, Happens::Check(who, "is dropped", None));
        }
        let end = match (cause, &check.end) {
            (Cause::Itself, End::Returns(end)) => end.clone(),
            (Cause::Itself, End::Panics(payload)) => Err(self.panicked(*payload)),
            (Cause::Abort, _) => {
                self.open.sometimes(3, "a task is aborted");
                Err(Diag::Cancelled)
            }
            // "At `limit` a check is dropped, as `Timeout(limit)`."
            (Cause::Limit, _) => {
                self.open.sometimes(7, "a check is dropped at its limit");
                Err(Diag::Timeout(limit))
            }
            (Cause::Leaving, _) => {
                self.open.sometimes(7, "the caller leaves its checks");
                return None;
            }
        };
        Some((at, end.map_err(|diag| self.failure(call.of, check.name, &diag))))
    }

    /// When a check ends, and why; `None` is never.
    fn cause(
        &self,
        check: &Check,
        begins: Duration,
        limit: Duration,
        leaves: Duration,
    ) -> Option<(Duration, Cause)> {
        let cause = match check.aborted {
            _ if leaves <= begins => Cause::Leaving,
            Some(Duration::ZERO) => Cause::Abort,
            _ if check.takes.is_zero() && check.turns == 0 => Cause::Itself,
            // With a limit of zero, only what is ready at the first poll is in time.
            _ if limit.is_zero() => Cause::Limit,
            aborted => {
                let later = |time| on_the_clock(begins.saturating_add(time));
                let mut due = Agenda::default();
                due.add(later(check.takes), Cause::Itself);
                due.add(later(aborted.unwrap_or(NEVER)), Cause::Abort);
                due.add(later(limit), Cause::Limit);
                due.add(leaves, Cause::Leaving);
                return due.next(self.open);
            }
        };
        Some((begins.min(leaves), cause))
    }

    /// Rule 3: "`Panicked` with the panic's text, `no message` without one".
    fn panicked(&self, payload: Payload) -> Diag {
        Diag::Panicked(match payload {
            Payload::Str(text) | Payload::String(text) => text,
            Payload::Number(_) => {
                self.open.sometimes(3, "a panic has no text");
                "no message"
            }
        })
    }

    /// Rule 4: "`NAME diagnostic failed` on top of each failure, once".
    fn failure(&self, of: Function, name: &str, diag: &Diag) -> String {
        let (chain, name) = (self.chain(diag), format!("{name} diagnostic failed"));
        if let Function::Join = of {
            return chain;
        }
        self.open.sometimes(4, "a failure gets its name");
        format!("{name:?} <- {chain}")
    }

    /// Whether the caller is still there. When it leaves just then, either is right.
    fn is_there(&self, call: &Call, at: Duration) -> bool {
        at < call.leaves() || at == call.leaves() && self.open.either()
    }
}

fn says(cause: Ipmi) -> &'static str {
    match cause {
        Ipmi::Timeout => "timeout",
        Ipmi::NoSuchSensor => "no such sensor",
    }
}

/// The clock has whole milliseconds, and nothing comes early.
fn on_the_clock(at: Duration) -> Duration {
    let millis = at.saturating_add(Duration::from_nanos(999_999)).as_millis();
    millis.try_into().map_or(NEVER, Duration::from_millis)
}
