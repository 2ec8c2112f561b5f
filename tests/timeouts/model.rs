//! The contract of `exercises/timeouts.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours.

mod core;
mod draw;
mod story;

use std::{mem::take, time::Duration};

use kit::scenes::{Agenda, Contract, Judge, Open, Story, judge, on_the_clock};

use Happens::*;
use Layer::*;
pub use story::{
    Answer, Call, Core, Fault, Happens, Layer, Line, Message, Scene, Work,
};

/// The contract of `timeouts`.
pub struct Timeouts;

impl Contract for Timeouts {
    type Scene = Scene;
    type Event = Happens;

    fn judge() -> &'static dyn Judge {
        judge::<Self>()
    }

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let mut story = Story::default();
        let (mut now, mut deadline) = (Duration::ZERO, Duration::MAX);
        for (i, call) in scene.calls.iter().enumerate() {
            now += call.after;
            // Rule 4: "counted from `after`". The clock has whole milliseconds.
            let set = |total| on_the_clock(now.saturating_add(total));
            deadline = call.total.map_or(deadline, set);
            now += call.unpolled;
            if !scene.leaves_out(call, deadline <= now) {
                let (n, step, state) = (i + 1, scene.step, State::default());
                let mut model =
                    Model { n, step, call, open, story, now, deadline, state };
                let end = model.run();
                (now, story) = (model.now, model.story);
                story.tell(now, end);
            }
        }
        Some(story)
    }

    fn law(_: &Scene, came: &Story<Happens>) -> Result<(), String> {
        let mut over = 0;
        for event in came.whats() {
            match event {
                Gets(n, _) | Leaves(n) => over = *n,
                // Rules 2 and 5: what is dropped or aborted is not polled any more.
                Begins(n) | Turn(n) | Ends(n, _) if *n <= over => {
                    return Err(format!("work {n} goes on after its call is over"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// One call.
struct Model<'a> {
    n: usize,
    step: usize,
    call: &'a Call,
    open: &'a Open,
    story: Story<Happens>,
    now: Duration,
    deadline: Duration,
    state: State,
}

#[derive(Default)]
struct State {
    /// When the limits of the layers are over, once they were polled.
    limits: Vec<Duration>,
    /// How many turns, messages or pieces are done.
    done: usize,
    /// When the work ends, or the next message comes.
    due: Option<Duration>,
    /// Whether it asks for another poll at once.
    is_woken: bool,
    /// Whether a message to somebody else came after the limit.
    is_late: bool,
    /// Whether the work has begun and is not over.
    is_running: bool,
    /// When the task is polled, and what it came to.
    task: Option<Duration>,
    result: Option<Answer>,
}

impl Model<'_> {
    /// What it comes to for the caller.
    fn run(&mut self) -> Happens {
        let (n, busy) = (self.n, self.call.busy);
        let (mut next, leaves) = (self.now, self.now + self.call.patience);
        loop {
            let mut agenda = Agenda::default();
            agenda.add(next.min(leaves), false);
            agenda.add(self.state.task.unwrap_or(Duration::MAX), true);
            let (at, is_task) = agenda.next(self.open).expect("every caller leaves");
            self.now = at;
            if is_task {
                self.run_task();
            } else if (at < leaves || busy.is_none())
                && let Some(answer) = self.poll(0)
            {
                return Gets(n, answer);
            } else if at == leaves {
                self.drop_work();
                return Leaves(n);
            }
            next = match busy {
                None => self.wakes(),
                Some(_) if is_task => next,
                Some(busy) => at + busy,
            };
        }
    }

    /// When the call asks for another poll.
    fn wakes(&self) -> Duration {
        let State { limits, due, is_woken, result, .. } = &self.state;
        let is_task = matches!(self.call.core, Core::Task(_));
        if if is_task { result.is_some() } else { *is_woken } {
            return self.now;
        }
        let ends = limits.iter().chain([&self.deadline]);
        let ends = ends.chain(due.as_ref().filter(|_| !is_task));
        ends.filter(|end| **end > self.now).min().copied().unwrap_or(Duration::MAX)
    }

    /// One poll of a layer and of all that it is around.
    fn poll(&mut self, depth: usize) -> Option<Answer> {
        let (open, now) = (self.open, self.now);
        let Some(&(layer, limit)) = self.call.layers.get(depth) else {
            return self.core();
        };
        if depth == self.state.limits.len() {
            // Rule 1: "a limit runs from the first poll".
            self.state.limits.push(now.saturating_add(limit));
        }
        let end = self.state.limits[depth];
        let is_step_over = layer == Step && self.deadline <= now;
        let timed_out = Answer::Err(Fault::TimedOut(limit));
        let over = match layer {
            IsHealthy => Answer::Healthy(false),
            // Rule 7: "`TimedOut` promises that time is left".
            _ if is_step_over => Answer::Err(Fault::DeadlineExceeded),
            _ => timed_out.clone(),
        };
        // No rule tells what a check in a late poll is, and only rule 7 what a late step is.
        let is_open =
            layer == IsHealthy && end < now || is_step_over && self.step < 7;
        // Nor what is asked first in the turn after a message to somebody else.
        let is_turn = layer == ReplyTo && self.state.is_woken && end <= now;
        if is_turn && self.state.is_late || (is_open || is_turn) && open.either() {
            self.drop_work();
            return Some(over);
        }
        // Rule 2: "It asks the work before the clock".
        if let Some(answer) = self.poll(depth + 1) {
            match layer {
                IsHealthy if end == now => {
                    open.sometimes(1, "a check ends at the limit")
                }
                Within if end < now => open.sometimes(2, "what is ready wins, late"),
                Step if is_step_over => open.sometimes(7, "what is ready wins"),
                _ => {}
            }
            let is_over = is_open && open.either();
            return Some(if is_over { over } else { around(layer, answer) });
        }
        // Only rule 7 says that a poll of the work at the deadline is the last.
        if is_step_over
            && self.step < 7
            && open.either()
            && let Some(answer) = self.poll(depth + 1)
        {
            return Some(around(layer, answer));
        }
        if !is_step_over && now < end {
            return None;
        }
        // Rule 3: after each message "other tasks have their turn", perhaps also after the last.
        if layer == ReplyTo && self.state.is_woken && open.either() {
            open.sometimes(3, "a message to somebody else comes at the limit");
            self.state.is_late = end < now;
            return None;
        }
        self.drop_work();
        if is_step_over && self.deadline < end {
            open.sometimes(4, "the deadline ends a step");
        } else if is_step_over {
            open.sometimes(7, "the limit came first, and no time is left");
        }
        // Where both are over, rule 7 alone says what that is.
        let is_limit = is_step_over && is_open && end <= now && open.either();
        Some(if is_limit { timed_out } else { over })
    }

    /// One poll of what takes the time.
    fn core(&mut self) -> Option<Answer> {
        match &self.call.core {
            Core::Work(work) => self.work(work),
            Core::Line(line) => self.line(line),
            Core::Pieces(n) => {
                self.open.sometimes(6, "a piece is done");
                self.pieces(*n)
            }
            // Rule 5: "in a task of its own".
            Core::Task(_)
                if self.state.task.is_none() && self.state.result.is_none() =>
            {
                self.state.task = Some(self.now);
                None
            }
            Core::Task(_) => self.state.result.take(),
        }
    }

    /// One poll of the task, whenever the work asks for it.
    fn run_task(&mut self) {
        let Core::Task(work) = &self.call.core else { return };
        self.state.result = self.work(work);
        let due = if self.state.is_woken { Some(self.now) } else { self.state.due };
        self.state.task = due.filter(|_| self.state.result.is_none());
    }

    /// Nobody waits for it any more.
    fn drop_work(&mut self) {
        if self.state.task == Some(self.now) && self.open.either() {
            // They meet: the task is polled just before.
            self.run_task();
        }
        if self.state.task.take().is_some() {
            self.open.sometimes(5, "a task is aborted");
        }
        if take(&mut self.state.is_running) {
            self.story.tell(self.now, Dropped(self.n));
        }
    }
}

/// What a layer makes of the answer of what it is around.
fn around(layer: Layer, answer: Answer) -> Answer {
    match answer {
        Answer::Panic(payload) => Answer::Panic(payload),
        answer if layer == IsHealthy => {
            Answer::Healthy(matches!(answer, Answer::Ok(_)))
        }
        // Rule 2: "success or failure".
        Answer::Err(error) => Answer::Err(Fault::Failed(Box::new(error))),
        answer => answer,
    }
}
