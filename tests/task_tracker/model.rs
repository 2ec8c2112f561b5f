//! The contract of `exercises/task_tracker.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours.

mod story;

use std::time::Duration;

use kit::scenes::{Contract, Event, Open, Story};

use Happens::*;
pub use story::{Caller, Deed, Happens, Scene, Task};

/// The contract of `task_tracker`.
pub struct TaskTracker;

impl Contract for TaskTracker {
    type Scene = Scene;
    type Event = Happens;

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        // Why twice: who closes the gate first does so whatever the close changes.
        let aside = Open::default();
        let first = Model::read(scene, &aside, vec![], Duration::MAX);
        let stops = first.calls.iter().filter_map(|call| call.stops(open));
        let stop = stops.min().unwrap_or(Duration::MAX);
        let mut model = Model::read(scene, open, first.closers, stop);
        model.answer_calls();
        model.is_judged.then_some(model.story)
    }

    /// The order within one instant, which no time shows.
    fn law(_: &Scene, came: &Story<Happens>) -> Result<(), String> {
        let (mut is_closed, mut may_be_closed, mut is_over) = (false, false, false);
        for event in came.whats() {
            let broken = match event {
                // Rule 3: "From the close on nobody is let in".
                Makes(_) if is_closed => "after the close",
                Refuses(_) if !may_be_closed => "before the close",
                // Rules 2 and 6: "the last task has ended", "gone before it returns".
                Begins(_) | Finishes(_) | Panics(_) | Stopped(_) if is_over => {
                    "after a caller has heard that all have ended"
                }
                _ => {
                    is_closed |= *event == IsClosed;
                    may_be_closed |= matches!(event, IsClosed | ShutsDown(_));
                    is_over |= matches!(event, Hears(..));
                    continue;
                }
            };
            let (who, what) = event.words();
            return Err(format!("{who} {what} {broken}"));
        }
        Ok(())
    }
}

/// A task; or the service, whose number is 0.
struct Actor {
    n: u32,
    is_one_of_many: bool,
    now: Duration,
    /// It has closed the gate, or found it closed.
    knows_of_close: bool,
    /// Its token is cancelled.
    is_told: bool,
}

struct Call {
    n: u32,
    /// When it is first polled.
    begins: Duration,
    leaves: Duration,
    grace: Option<Duration>,
}

struct Model<'a> {
    open: &'a Open,
    step: usize,
    story: Story<Happens>,
    is_judged: bool,
    /// When the gate closes, and by whom: whoever closes it in that instant may be the first.
    close: Duration,
    close_by: Vec<u32>,
    /// When the tasks are stopped that are left.
    stop: Duration,
    closers: Vec<(Duration, u32)>,
    calls: Vec<Call>,
    /// When the last task has ended.
    last: Duration,
    counts: [usize; 3],
}

impl<'a> Model<'a> {
    /// All but what the calls return.
    fn read(
        scene: &Scene,
        open: &'a Open,
        closers: Vec<(Duration, u32)>,
        stop: Duration,
    ) -> Self {
        let close = closers.iter().map(|(at, _)| *at).min().unwrap_or(Duration::MAX);
        let close_by = closers.iter().filter(|(at, _)| *at == close);
        let mut model = Model {
            open,
            step: scene.step,
            story: Story::default(),
            is_judged: true,
            close,
            close_by: close_by.map(|(_, n)| *n).collect(),
            stop,
            closers: vec![],
            calls: vec![],
            last: Duration::ZERO,
            counts: [0; 3],
        };
        let mut service = Actor::new(0, Duration::ZERO);
        for deed in &*scene.service {
            model.does(&mut service, deed);
        }
        model
    }

    /// At the end of time is never.
    fn tell(&mut self, at: Duration, event: Happens) {
        if at < Duration::MAX {
            self.story.tell(at, event);
        }
    }

    /// `false` if the actor does not get over that: it is stopped, or stands there for ever.
    fn does(&mut self, actor: &mut Actor, deed: &Deed) -> bool {
        let (n, now, open) = (actor.n, actor.now, self.open);
        match deed {
            Deed::HandsOver(task) => {
                (0..task.times).for_each(|_| self.hand_over(actor, task));
            }
            Deed::Closes => {
                self.tell(now, IsClosed);
                self.closers.push((now, n));
                actor.knows_of_close = true;
            }
            Deed::Calls(caller) => {
                let call = Call::new(now, caller);
                // Rule 6: "closes the gate at its first poll".
                self.closers.extend(call.grace.map(|_| (call.begins, call.n)));
                self.calls.push(call);
            }
            Deed::Pauses(time) => {
                return self.pass(actor, now.saturating_add(*time));
            }
            Deed::Listens(most) => {
                // Rule 4: "The close tells every task in that instant".
                let told = if actor.is_told { now } else { now.max(self.close) };
                let gives_up = now.saturating_add(*most);
                let is_told = is_first(told, gives_up, open);
                if !self.pass(actor, told.min(gives_up)) {
                    return false;
                }
                if is_told {
                    open.sometimes(4, "a task is told");
                    actor.is_told = true;
                    self.tell(actor.now, IsTold(n));
                }
            }
            Deed::Asks => {
                let is_told = actor.is_told || is_first(self.close, now, open);
                self.tell(now, Asked(n, is_told));
            }
            // Rule 4: "affects neither another task nor the gate".
            Deed::CancelsItsToken => actor.is_told = true,
            // Rules 2, 6 and 7: while a task is there no wait is over, so nothing happens.
            Deed::Looks => {}
        }
        true
    }

    /// Time goes by until `until`, unless the task is stopped.
    fn pass(&mut self, actor: &mut Actor, until: Duration) -> bool {
        let is_stopped =
            actor.n > 0 && (self.stop < until || self.is_stopped_at(actor, until));
        actor.now = if is_stopped { self.stop } else { until };
        !is_stopped && until < Duration::MAX
    }

    /// Whether a task is stopped in the instant in which it would go on.
    fn is_stopped_at(&mut self, actor: &Actor, at: Duration) -> bool {
        if at != self.stop || at == Duration::MAX {
            return false;
        }
        self.open
            .sometimes(6, "a task goes on in the instant in which a grace ends");
        // Of many there are too many stories.
        self.is_judged &= !actor.is_one_of_many;
        self.open.either()
    }

    /// Whether the gate is closed when `actor` comes. If others close it then, they may be first.
    fn is_closed(&self, actor: &mut Actor) -> bool {
        let others = self.close_by.iter().any(|n| *n != actor.n);
        actor.knows_of_close |= self.close < actor.now
            || others && self.close == actor.now && self.open.either();
        actor.knows_of_close
    }

    fn hand_over(&mut self, actor: &mut Actor, task: &Task) {
        let (n, now, open) = (task.n, actor.now, self.open);
        if self.is_closed(actor) {
            open.sometimes(3, "a task is refused");
            // Before rule 3 nobody comes too late.
            return if self.step >= 3 {
                self.tell(now, Refuses(n))
            };
        }
        if actor.n > 0 {
            open.sometimes(1, "a task lets another one in");
        }
        if !self.calls.is_empty() {
            open.sometimes(2, "a task is let in after somebody began to wait");
        }
        // Rule 7: from here on it is let in, also if the gate closes now.
        self.tell(now, Makes(n));
        for deed in &task.making {
            self.does(actor, deed);
        }
        if actor.knows_of_close {
            open.sometimes(7, "the gate closes while a task is made");
        }
        // Rule 7: "and the task was never let in".
        if task.cannot_be_made {
            open.sometimes(7, "a task cannot be made");
            return self.tell(now, CannotBeMade(n, true));
        }
        self.run(task, now);
    }

    fn run(&mut self, task: &Task, at: Duration) {
        let (n, mut actor) = (task.n, Actor::new(task.n, at));
        actor.is_one_of_many = task.times > 1;
        // Rule 1: "begins in that instant", unless it is stopped in that instant.
        let begins = !self.is_stopped_at(&actor, at);
        if begins {
            self.tell(at, Begins(n));
        }
        let ends =
            begins && task.work.iter().all(|deed| self.does(&mut actor, deed));
        let (count, end) = match (ends, task.panics) {
            (true, false) => (0, Finishes(n)),
            (true, true) => (1, Panics(n)),
            (false, _) => (2, Stopped(n)),
        };
        // Rule 5: "Each counts once".
        self.counts[count] += 1;
        self.last = self.last.max(actor.now);
        if begins {
            self.tell(actor.now, end);
        }
        match end {
            Panics(_) => self.open.sometimes(5, "a task panics"),
            Stopped(_) => self.open.sometimes(6, "a task is stopped"),
            _ => {}
        }
    }

    fn answer_calls(&mut self) {
        // Rule 2: "the gate is closed, and the last task has ended".
        let over = self.close.max(self.last);
        for call in std::mem::take(&mut self.calls) {
            if call.grace.is_some() {
                self.tell(call.begins, ShutsDown(call.n));
            }
            let due = over.max(call.begins);
            if is_first(due, call.leaves, self.open) {
                // Rule 5: "whoever waits later hears the same".
                let heard = (self.step >= 5).then_some(self.counts);
                self.tell(due, Hears(call.n, heard));
            } else {
                self.tell(call.leaves, Leaves(call.n));
            }
        }
    }
}

/// Whether `one` comes before `other`; where they meet, each may be first.
fn is_first(one: Duration, other: Duration, open: &Open) -> bool {
    one < other || one == other && one < Duration::MAX && open.either()
}

impl Actor {
    fn new(n: u32, now: Duration) -> Self {
        let (is_one_of_many, knows_of_close, is_told) = (false, false, false);
        Actor { n, is_one_of_many, now, knows_of_close, is_told }
    }
}

impl Call {
    fn new(now: Duration, caller: &Caller) -> Self {
        let begins =
            if caller.is_polled() { now + caller.unpolled } else { Duration::MAX };
        let leaves = now.saturating_add(caller.patience);
        Call { n: caller.n, begins, leaves, grace: caller.grace }
    }

    /// When its grace is over. Rule 6: "a call that is dropped stops nobody".
    fn stops(&self, open: &Open) -> Option<Duration> {
        let end = self.begins.saturating_add(self.grace?);
        is_first(end, self.leaves, open).then_some(end)
    }
}
