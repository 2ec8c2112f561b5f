//! The contract of `exercises/errors.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours.

mod story;

use std::{iter::repeat_n, time::Duration};

use kit::scenes::{Agenda, Contract, Open, Story};

use Happens::*;
pub use story::{
    Any, Call, Chain, Check, Diag, End, Function, Happens, Ipmi, Is, Layer, Link,
    Outcome, Payload, Scene, Who,
};

/// The contract of `errors`.
pub struct Errors;

impl Contract for Errors {
    type Scene = Scene;
    type Event = Happens;

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let mut model = Model { step: scene.step, open, story: Story::default() };
        for (n, chain) in scene.errors.iter().enumerate() {
            model.error(n, chain);
        }
        for (n, call) in scene.calls.iter().enumerate() {
            match call.of {
                Function::Join | Function::Outcome => model.wait(n, call),
                Function::RunAll(limit, of) => model.run_all(n, call, limit, of),
            }
        }
        Some(model.story)
    }
}

/// What may end a check.
#[derive(Clone, Copy, PartialEq)]
enum Cause {
    Itself,
    Limit,
    Leaving,
}

struct Model<'a> {
    step: usize,
    open: &'a Open,
    story: Story<Happens>,
}

impl Model<'_> {
    fn tell(&mut self, at: Duration, event: Happens) {
        self.story.tell(at, event);
    }

    /// What is said of an error. It takes no time.
    fn error(&mut self, n: usize, chain: &Chain) {
        let at = Duration::ZERO;
        if let Any::Diag(diag) = &chain.root {
            self.tell(at, Says(n, self.says(diag)));
            if self.step >= 2 {
                self.tell(at, Has(n, self.has(diag)));
            }
        }
        let is_retryable = self.is_retryable(chain);
        if self.step >= 5 {
            self.tell(at, Retryable(n, is_retryable));
        }
        if self.step >= 6 {
            self.tell(at, LogLine(n, self.log_line(chain)));
            // Rule 6: "503 `try again later` for what is worth another try".
            let (status, text) = if is_retryable {
                (503, "try again later")
            } else {
                (500, "internal error")
            };
            self.tell(at, Answer(n, status, text.to_owned()));
        }
    }

    /// Rule 1: "numbers as `{}`, durations as `{:?}`".
    fn says(&self, diag: &Diag) -> String {
        match diag {
            Diag::Ipmi(_) => "IPMI command failed".to_owned(),
            Diag::OverTemp(sensor, value, max) => {
                self.open.sometimes(1, "a sensor is out of range");
                format!("Sensor {sensor} out of range: {value}°C (max {max}°C)")
            }
            Diag::Timeout(after) => {
                if after.subsec_nanos() > 0 {
                    self.open.sometimes(1, "a timeout has a part of a second");
                }
                format!("Operation timed out after {after:?}")
            }
            Diag::Panicked(text) => format!("Task panicked: {text}"),
            Diag::Cancelled => "Task cancelled".to_owned(),
        }
    }

    /// Rule 2: "`source` hands it out".
    fn has(&self, diag: &Diag) -> Vec<Link> {
        let mut chain = vec![Link(Is::DiagError, self.says(diag))];
        if let Diag::Ipmi(cause) = diag {
            self.open.sometimes(2, "a cause is below its error");
            chain.push(Link(Is::IpmiError, says(*cause).to_owned()));
        }
        chain
    }

    /// Rule 5: "however deep, but not as a context".
    fn is_retryable(&self, chain: &Chain) -> bool {
        let is_timeout = |any: &Any| {
            matches!(
                any,
                Any::Ipmi(Ipmi::Timeout)
                    | Any::Diag(Diag::Ipmi(Ipmi::Timeout) | Diag::Timeout(_))
            )
        };
        let is_context =
            |layer: &Layer| matches!(layer, Layer::Context(any) if is_timeout(any));
        let is_it = is_timeout(&chain.root);
        if is_it && chain.layers.len() > 2 {
            self.open.sometimes(5, "what is worth another try is deep in the chain");
        }
        if !is_it && chain.layers.iter().any(is_context) {
            self.open.sometimes(5, "a timeout is no more than a context");
        }
        is_it
    }

    /// Rule 6: "the message of each error in the chain, outermost first".
    fn log_line(&self, chain: &Chain) -> String {
        let mut messages = vec![];
        for layer in chain.layers.iter().rev() {
            match layer {
                Layer::Context(any) => messages.push(self.message(any)),
                Layer::Wrapped(n, text) => {
                    messages.extend(repeat_n((*text).to_owned(), *n));
                }
            }
        }
        messages.push(self.message(&chain.root));
        if let Any::Diag(Diag::Ipmi(cause)) = &chain.root {
            messages.push(says(*cause).to_owned());
        }
        if messages.windows(2).any(|two| two[0].contains(&two[1])) {
            self.open.sometimes(6, "a message holds the next one");
        }
        messages.join(": ")
    }

    fn message(&self, any: &Any) -> String {
        match any {
            Any::Diag(diag) => self.says(diag),
            Any::Ipmi(ipmi) => says(*ipmi).to_owned(),
            Any::Text(text) => (*text).to_owned(),
            Any::Elapsed => "deadline has elapsed".to_owned(),
            Any::Timeout => "timeout".to_owned(),
        }
    }

    /// One task, and somebody who waits for it, with `outcome` or without.
    fn wait(&mut self, n: usize, call: &Call) {
        let (check, who, begins) = (&call.checks[0], (n, 0), call.at);
        let mut due = Agenda::default();
        due.add(begins.saturating_add(check.takes), true);
        due.add(begins.saturating_add(check.aborted.unwrap_or(Duration::MAX)), false);
        let is_unpolled = check.aborted == Some(Duration::ZERO);
        if is_unpolled {
            due.forget(|by_itself| *by_itself);
        } else {
            self.tell(begins, Begins(who, None, true));
        }
        // Rule 4: "Dropped, it lets the task go on".
        let ended = due.next(self.open);
        let mut sees = Duration::MAX;
        let mut end = None;
        if let Some((at, by_itself)) = ended {
            self.tell(at, if by_itself { Ends(who, None) } else { Dropped(who) });
            sees = call.sees(at);
            end = by_itself.then_some(&check.end);
        }
        if !self.is_there(call, sees) {
            if ended.is_none_or(|(at, _)| at > call.leaves()) {
                self.open.sometimes(4, "the caller leaves before the task ends");
            }
            return self.tell(call.leaves(), Leaves(n));
        }
        let end = self.joined(end);
        match (call.of, end) {
            (Function::Join, Err(ended)) => self.tell(sees, JoinError(n, ended)),
            (Function::Join, Ok(_)) => {}
            (_, end) => {
                let outcome = self.outcome(check.name, end.unwrap_or_else(Err));
                self.tell(sees, Gets(who, outcome));
            }
        }
    }

    /// What a join gives of a task, `None` for one that was aborted: rule 3 of its error.
    fn joined(&self, end: Option<&End>) -> Result<Result<(), Diag>, Diag> {
        let text = match end {
            Some(End::Returns(end)) => return Ok(end.clone()),
            Some(End::Panics(Payload::Str(text) | Payload::String(text))) => text,
            Some(End::Panics(Payload::Number)) => {
                self.open.sometimes(3, "a panic has no text");
                "no message"
            }
            None => {
                self.open.sometimes(3, "a task is cancelled");
                return Err(Diag::Cancelled);
            }
        };
        Err(Diag::Panicked(text.to_owned()))
    }

    /// Rule 4: "`NAME diagnostic failed` on top of each failure, once".
    fn outcome(&self, name: &str, end: Result<(), Diag>) -> Outcome {
        end.map_err(|diag| {
            self.open.sometimes(4, "a failure gets its name");
            let name = Link(Is::Other, format!("{name} diagnostic failed"));
            [vec![name], self.has(&diag)].concat()
        })
    }

    fn run_all(
        &mut self,
        n: usize,
        call: &Call,
        limit: Duration,
        request: Option<u64>,
    ) {
        let (first, leaves) = (call.first_poll(), call.leaves());
        let (mut outcomes, mut last) = (vec![], first);
        for (i, check) in call.checks.iter().enumerate() {
            let who = (n, i);
            // Its task has not been polled yet.
            if leaves <= first {
                self.tell(leaves, Dropped(who));
                last = Duration::MAX;
                continue;
            }
            // Rule 7: "all checks at once, each in its own task with the caller's `REQUEST`".
            self.tell(first, Begins(who, request, true));
            let (at, cause) = self.end(check, first, limit, leaves);
            let end = match cause {
                Cause::Itself => {
                    self.tell(at, Ends(who, request));
                    self.joined(Some(&check.end)).unwrap_or_else(Err)
                }
                // "At `limit` a check is dropped, as `Timeout(limit)`."
                Cause::Limit => {
                    self.open.sometimes(7, "a check is dropped at its limit");
                    self.tell(at, Dropped(who));
                    Err(Diag::Timeout(limit))
                }
                // "Dropped, it aborts them."
                Cause::Leaving => {
                    self.open.sometimes(7, "the caller leaves its checks");
                    self.tell(at, Dropped(who));
                    last = Duration::MAX;
                    continue;
                }
            };
            let sees = call.sees(at);
            last = last.max(sees);
            // "The outcomes are those of rule 4".
            outcomes.push((sees, check.name, self.outcome(check.name, end)));
        }
        let is_there = self.is_there(call, last);
        for (sees, name, outcome) in &outcomes {
            // "`failed` gets the name and the outcome's error of each that failed, as it ends."
            if let Err(chain) = outcome
                && (is_there || self.is_there(call, *sees))
            {
                if *sees < last {
                    self.open.sometimes(7, "one fails while others go on");
                }
                self.tell(*sees, Fails(n, (*name).to_owned(), chain.clone()));
            }
        }
        if !is_there {
            return self.tell(leaves, Leaves(n));
        }
        self.tell(last, Returns(n, outcomes.len()));
        for (i, (_, _, outcome)) in outcomes.into_iter().enumerate() {
            self.tell(last, Gets((n, i), outcome));
        }
    }

    /// When a check of a run ends, and why.
    fn end(
        &self,
        check: &Check,
        first: Duration,
        limit: Duration,
        leaves: Duration,
    ) -> (Duration, Cause) {
        // With a limit of zero, only what is ready at the first poll counts as in time.
        if check.takes.is_zero() && check.turns == 0 {
            return (first, Cause::Itself);
        }
        let mut due = Agenda::default();
        if !limit.is_zero() {
            due.add(first.saturating_add(check.takes), Cause::Itself);
        }
        due.add(on_the_clock(first.saturating_add(limit)), Cause::Limit);
        due.add(leaves, Cause::Leaving);
        due.next(self.open).expect("everybody leaves at last")
    }

    /// Whether the caller is still there at this time. When it leaves just then, either is right.
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
    let part = at.subsec_nanos() % 1_000_000;
    let rest = if part == 0 { 0 } else { 1_000_000 - part };
    at.saturating_add(Duration::from_nanos(rest.into()))
}
