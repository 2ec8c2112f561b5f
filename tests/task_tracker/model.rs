//! The contract of `exercises/task_tracker.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours.

mod events;
mod story;

use std::time::Duration;

use kit::scenes::{Contract, Judge, Open, Story, judge};

use Deed::*;
use Happens::*;
pub use events::Happens;
pub use story::{Caller, Deed, Scene, Task};
const NEVER: Duration = Duration::MAX;

pub struct TaskTracker;

impl Contract for TaskTracker {
    type Scene = Scene;
    type Event = Happens;

    fn judge() -> &'static dyn Judge {
        judge::<Self>()
    }

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        // Why twice: who closes the gate first does so whatever the close changes.
        let aside = Open::default();
        let first = Model::read(scene, &aside, vec![], NEVER);
        let stops = first.calls.iter().map(|(at, caller)| stop(*at, caller, open));
        let stop = stops.min().unwrap_or(NEVER);
        let mut model = Model::read(scene, open, first.closers, stop);
        model.answer_calls();
        model.is_judged.then_some(model.story)
    }

    /// The order within one instant, which no time shows.
    fn law(_: &Scene, came: &Story<Happens>) -> Result<(), String> {
        let (mut is_closed, mut may_be_closed, mut is_over) = (false, false, false);
        let broken = came.whats().find_map(|event| match event {
            // Rule 3: "From the close on no task is let in".
            Makes(n) if is_closed => Some((n, "is made after the close")),
            Refuses(n) if !may_be_closed => Some((n, "is refused before the close")),
            // Rules 2 and 6: "the last task has ended", "gone before it returns".
            Begins(n) | Finishes(n) | Panics(n) | Stopped(n) if is_over => {
                Some((n, "is there after a caller has heard that all have ended"))
            }
            _ => {
                is_closed |= *event == IsClosed;
                may_be_closed |= matches!(event, IsClosed | ShutsDown(_));
                is_over |= matches!(event, Hears(..));
                None
            }
        });
        broken.map_or(Ok(()), |(n, what)| Err(format!("task {n} {what}")))
    }
}

/// A task; or the service, whose number is 0.
#[derive(Default)]
struct Actor {
    n: u32,
    is_one_of_many: bool,
    now: Duration,
    knows_of_close: bool,
    is_told: bool,
}

type Closers = Vec<(Duration, u32)>;
struct Model<'a> {
    open: &'a Open,
    step: usize,
    story: Story<Happens>,
    is_judged: bool,
    /// When the gate closes, and when those are stopped who are left.
    close: Duration,
    stop: Duration,
    /// Who closes the gate, and when: as it was known before, and as it is found.
    known: Closers,
    closers: Closers,
    calls: Vec<(Duration, Caller)>,
    last: Duration,
    counts: [usize; 3],
}

impl<'a> Model<'a> {
    fn read(scene: &Scene, open: &'a Open, known: Closers, stop: Duration) -> Self {
        let mut model = Model {
            open,
            step: scene.step,
            story: Story::default(),
            is_judged: true,
            close: known.iter().map(|(at, _)| *at).min().unwrap_or(NEVER),
            stop,
            known,
            closers: vec![],
            calls: vec![],
            last: Duration::ZERO,
            counts: [0; 3],
        };
        let mut service = Actor::default();
        scene.service.iter().for_each(|deed| _ = model.does(&mut service, deed));
        model
    }

    fn tell(&mut self, at: Duration, event: Happens) {
        if at < NEVER {
            self.story.tell(at, event)
        }
    }

    /// `false` if the actor does not get over that: it is stopped, or stands there for ever.
    fn does(&mut self, actor: &mut Actor, deed: &Deed) -> bool {
        let (n, now, open) = (actor.n, actor.now, self.open);
        match deed {
            HandsOver(task) => self.hand_over(actor, task),
            Closes => {
                self.tell(now, IsClosed);
                self.closers.push((now, n));
                actor.knows_of_close = true;
            }
            Calls(caller) => {
                // Rule 6: "closes the gate at its first poll".
                let closes = caller.grace.map(|_| (caller.begins(now), caller.n));
                self.closers.extend(closes);
                self.calls.push((now, *caller));
            }
            Pauses(time) => return self.pass(actor, now.saturating_add(*time)),
            Listens(most) => {
                // Rule 4: "The close tells every task in that instant".
                let told = if actor.is_told { now } else { now.max(self.close) };
                let gives_up = now.saturating_add(*most);
                let is_told = is_first(told, gives_up, open);
                let goes_on = self.pass(actor, told.min(gives_up));
                if goes_on && is_told {
                    open.sometimes(4, "a task is told");
                    actor.is_told = true;
                    self.tell(actor.now, IsTold(n));
                }
                return goes_on;
            }
            Asks => {
                actor.is_told |= is_first(self.close, now, open);
                self.tell(now, Asked(n, actor.is_told));
            }
            // Rule 4: "affects neither another task nor the gate".
            CancelsItsToken => actor.is_told = true,
            // Rules 2, 6 and 7: while a task is there no wait is over, so nothing happens.
            Looks => {}
        }
        true
    }

    fn pass(&mut self, actor: &mut Actor, until: Duration) -> bool {
        let is_stopped =
            actor.n > 0 && (self.stop < until || self.is_tie(until, actor));
        actor.now = if is_stopped { self.stop } else { until };
        !is_stopped && until < NEVER
    }

    /// Whether a task is stopped in the instant in which it would go on.
    fn is_tie(&mut self, at: Duration, actor: &Actor) -> bool {
        let is_tie = at == self.stop && at < NEVER;
        self.is_judged &= !(is_tie && actor.is_one_of_many); // too many stories
        is_tie && self.open.either()
    }

    /// Whether the gate is closed when `actor` comes. If others close it then, they may be first.
    fn is_closed(&self, actor: &mut Actor) -> bool {
        let is_other = |(at, n): &(_, u32)| *at == actor.now && *n != actor.n;
        let may_be = self.close == actor.now && self.known.iter().any(is_other);
        actor.knows_of_close |=
            self.close < actor.now || may_be && self.open.either();
        actor.knows_of_close
    }

    fn hand_over(&mut self, actor: &mut Actor, task: &Task) {
        let (n, now, open) = (task.n, actor.now, self.open);
        if self.is_closed(actor) {
            open.sometimes(3, "a task is refused");
            let at = if self.step >= 3 { now } else { NEVER }; // before that nobody is late
            return (0..task.times).for_each(|_| self.tell(at, Refuses(n)));
        }
        if actor.n > 0 {
            open.sometimes(1, "a task lets another one in");
        }
        if !self.calls.is_empty() {
            open.sometimes(2, "a task is let in after somebody began to wait");
        }
        // Rule 7: from here on it is let in, also if the gate closes now.
        (0..task.times).for_each(|_| self.tell(now, Makes(n)));
        task.making.iter().for_each(|deed| _ = self.does(actor, deed));
        if actor.knows_of_close {
            open.sometimes(7, "the gate closes while a task is made");
        }
        // Rule 7: "and the task was never let in".
        if task.cannot_be_made {
            return self.tell(now, CannotBeMade(n, true));
        }
        (0..task.times).for_each(|_| self.run(task, now));
    }

    fn run(&mut self, task: &Task, at: Duration) {
        let (n, is_one_of_many) = (task.n, task.times > 1);
        let mut actor = Actor { n, is_one_of_many, now: at, ..Actor::default() };
        // Rule 1: "begins in that instant", unless it is stopped in that instant.
        let begins = !self.is_tie(at, &actor);
        self.tell(if begins { at } else { NEVER }, Begins(n));
        let does = |deed| self.does(&mut actor, deed);
        let ends = begins && task.work.iter().all(does);
        let (count, end) = match (ends, task.panics) {
            (true, false) => (0, Finishes(n)),
            (true, true) => (1, Panics(n)),
            (false, _) => (2, Stopped(n)),
        };
        match end {
            Panics(_) => self.open.sometimes(5, "a task panics"),
            Stopped(_) => self.open.sometimes(6, "a task is stopped"),
            _ => {}
        }
        // Rule 5: "Each counts once".
        self.counts[count] += 1;
        self.last = self.last.max(actor.now);
        self.tell(if begins { actor.now } else { NEVER }, end);
        // Rule 7: it is refused, or let in as any other.
        let left = task.leaves.as_ref().filter(|_| ends);
        left.into_iter().for_each(|left| self.hand_over(&mut actor, left));
    }

    fn answer_calls(&mut self) {
        // Rule 2: "the gate is closed, and the last task has ended".
        let over = self.close.max(self.last);
        for (at, caller) in std::mem::take(&mut self.calls) {
            let (begins, leaves) = (caller.begins(at), caller.leaves(at));
            if caller.grace.is_some() {
                self.tell(begins, ShutsDown(caller.n));
            }
            let is_over = |at| is_first(over, at, self.open);
            let again = begins.saturating_add(caller.nap);
            let naps = again > begins && !is_over(begins);
            let hears = over.max(if naps { again } else { begins });
            if is_first(hears, leaves, self.open) {
                // Rule 5: "A later `wait` returns the same numbers".
                let heard = (self.step >= 5).then_some(self.counts);
                self.tell(hears, Hears(caller.n, heard));
            } else {
                self.tell(leaves, Leaves(caller.n));
            }
        }
    }
}

/// When a call stops the tasks. Rule 6: "A call that is dropped stops no task".
fn stop(at: Duration, caller: &Caller, open: &Open) -> Duration {
    let grace = caller.grace.unwrap_or(NEVER);
    let end = caller.begins(at).saturating_add(grace);
    if is_first(end, caller.leaves(at), open) { end } else { NEVER }
}

/// Whether `one` comes before `other`; where they meet, each may be first.
fn is_first(one: Duration, other: Duration, open: &Open) -> bool {
    one < other || one == other && one < NEVER && open.either()
}
