//! The contract of `exercises/joinset.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours.

mod story;

use std::time::Duration;

use kit::scenes::{Contract, Judge, Open, Story, judge};

use Happens::*;
pub use story::{Answer, Call, E, End, HOUR, Happens, Hint, Item, Payload, Scene};

/// The contract of `joinset`.
pub struct Joinset;

impl Contract for Joinset {
    type Scene = Scene;
    type Event = Happens;

    fn judge() -> &'static dyn Judge {
        judge::<Self>()
    }

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let story = Story::default();
        let mut model = Model { scene, open, story, next: 0, asked: 0 };
        let mut now = Duration::ZERO;
        for call in &scene.calls {
            now = model.call(call, now + call.after);
        }
        // More have more orders than anybody tries.
        (model.asked <= 20).then_some(model.story)
    }

    /// What no tie excuses: rule 2's `limit`, and that nothing begins after the end.
    fn law(_: &Scene, came: &Story<Happens>) -> Result<(), String> {
        let (mut limit, mut in_flight, mut is_over) = (0, 0_usize, false);
        for event in came.whats() {
            match event {
                Calls(n) => (limit, in_flight, is_over) = (*n, 0, false),
                Gets(_) | Leaves => is_over = true,
                Begins(n) | Gives(n) if is_over => {
                    return Err(format!("item {n} has its turn after the end"));
                }
                Begins(n) if in_flight == limit => {
                    return Err(format!("operation {n} is one too many in flight"));
                }
                Begins(_) => in_flight += 1,
                Ends(_) | Fails(_) | Panics(_) | Dropped(_) => {
                    in_flight = in_flight.saturating_sub(1);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

struct Model<'a> {
    scene: &'a Scene,
    open: &'a Open,
    story: Story<Happens>,
    /// How many answers the iterator has given.
    next: usize,
    /// How often a tie was open.
    asked: usize,
}

impl Model<'_> {
    /// One call that is made at `at`.
    fn call(&mut self, call: &Call, at: Duration) -> Duration {
        let (scene, open) = (self.scene, self.open);
        self.story.tell(at, Calls(call.limit));
        // Rule 5: "items that a failed run did not begin are still in the iterator".
        if scene.step < 5 {
            self.next = call.first;
        } else if self.next < call.first {
            open.sometimes(5, "a call goes on where another has failed");
        }
        let leaves = at + call.patience;
        let limit = if scene.step == 1 { usize::MAX } else { call.limit };
        let mut run = Run { now: at, limit, next: self.next, ..Run::default() };
        let end = loop {
            if let Some(end) = self.instant(&mut run, leaves) {
                break end;
            }
            let due = run.in_flight.iter().map(|(due, _)| *due);
            run.now = due.fold(leaves, Duration::min);
        };
        let none_is_next = !run.has_asked && scene.answer(run.next).is_none();
        self.next = run.next + usize::from(none_is_next);
        let is_alone = run.in_flight.is_empty();
        match end {
            Gets(Answer::Ok(_)) if run.values.is_empty() => {
                open.sometimes(1, "there are no items");
            }
            Gets(_) if scene.step == 1 => run.now = HOUR,
            Gets(Answer::Err(_)) if scene.answer(run.next).is_some() => {
                open.sometimes(3, "an error comes before the last item");
            }
            Gets(Answer::Panic(_)) if !is_alone => {
                open.sometimes(7, "operations are in flight at a panic");
            }
            Leaves if !is_alone => {
                open.sometimes(6, "operations are in flight at the drop");
            }
            _ => {}
        }
        // Rule 4: "operations in flight at an error are stopped"; rules 6 and 7 stop them too.
        if scene.step >= 4 && !is_alone {
            open.sometimes(4, "operations are in flight at the end");
            run.in_flight
                .iter()
                .for_each(|(_, item)| run.told.push(Dropped(item.n)));
        }
        run.told.into_iter().for_each(|event| self.story.tell(run.now, event));
        self.story.tell(run.now, end);
        run.now
    }

    fn instant(&mut self, run: &mut Run, leaves: Duration) -> Option<Happens> {
        let (scene, is_last) = (self.scene, run.now == leaves);
        let before = run.clone();
        while let Some(step) = run.next_step() {
            run.take(step, scene);
        }
        if is_last || !run.ends.is_empty() {
            *run = before;
            self.in_any_order(run, is_last);
        }
        if let [Ends(_), .., Begins(_)] = run.told[..] {
            self.open.sometimes(2, "an operation begins as another ends");
        }
        for event in run.told.drain(..) {
            if scene.step > 1 {
                self.story.tell(run.now, event);
            }
        }
        // Rule 1: "one value per item, in the order of the items".
        if run.is_over && run.in_flight.is_empty() && run.ends.is_empty() {
            run.ends.push(Gets(Answer::Ok(run.values.clone())));
        }
        run.ends.extend(is_last.then_some(Leaves));
        // Rule 7: "the caller gets the first"; at a tie any may be.
        let ends = &run.ends;
        (!ends.is_empty()).then(|| ends[self.open.one_of(ends.len())].clone())
    }

    /// The run may end in this instant, and nobody says how much of it comes before.
    fn in_any_order(&mut self, run: &mut Run, is_last: bool) {
        while let Some(step) = run.next_step() {
            self.asked += 1;
            if self.open.either() {
                run.put_off.push(step);
            } else {
                run.take(step, self.scene);
            }
        }
        run.put_off.clear();
        // What was put off comes later in this instant, until something ends the run.
        while !is_last
            && run.ends.is_empty()
            && let Some(step) = run.next_step()
        {
            run.take(step, self.scene);
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Step {
    /// The next operation begins.
    Begin,
    /// The operation on this item ends.
    End(usize),
}

#[derive(Clone, Default)]
struct Run {
    now: Duration,
    limit: usize,
    next: usize,
    in_flight: Vec<(Duration, Item)>,
    values: Vec<usize>,
    /// The iterator has said `None`, or nothing more begins for another reason.
    has_asked: bool,
    is_over: bool,
    put_off: Vec<Step>,
    told: Vec<Happens>,
    ends: Vec<Happens>,
}

impl Run {
    fn next_step(&self) -> Option<Step> {
        // Rule 2: "the first `limit` begin at once", and one "in the instant another ends".
        let has_room = self.in_flight.len() < self.limit && !self.is_over;
        let due = self.in_flight.iter().filter(|(due, _)| *due == self.now);
        let ends = due.map(|(_, item)| Step::End(item.n));
        has_room
            .then_some(Step::Begin)
            .into_iter()
            .chain(ends)
            .find(|step| !self.put_off.contains(step))
    }

    fn take(&mut self, step: Step, scene: &Scene) {
        match step {
            Step::Begin => self.begin(scene),
            Step::End(n) => self.end(n),
        }
    }

    /// Rule 5: "an item is taken from the iterator in the instant its operation begins".
    fn begin(&mut self, scene: &Scene) {
        let answer = scene.answer(self.next);
        self.next += 1;
        self.has_asked = answer.is_none();
        self.is_over = self.has_asked;
        let Some(item) = answer else { return };
        // Rule 7: a panic "in the call that makes one or in the iterator".
        if let End::IteratorPanics(payload) = item.end {
            return self.breaks(IteratorPanics, payload);
        }
        self.told.extend((scene.step >= 5).then_some(Gives(item.n)));
        if let End::CallPanics(payload) = item.end {
            return self.breaks(CallPanics(item.n), payload);
        }
        self.told.push(Begins(item.n));
        if let End::Value(value) = item.end {
            self.values.push(value);
        }
        self.in_flight.push((self.now.saturating_add(item.takes), item));
    }

    fn breaks(&mut self, event: Happens, payload: Payload) {
        self.told.push(event);
        self.ends.push(Gets(Answer::Panic(payload)));
        self.is_over = true;
    }

    fn end(&mut self, n: usize) {
        let is_it = |(_, item): &(Duration, Item)| item.n == n;
        let Some(at) = self.in_flight.iter().position(is_it) else { return };
        let (event, end) = match self.in_flight.remove(at).1.end {
            End::Error => (Fails(n), Answer::Err(E(n))),
            End::Panic(payload) => (Panics(n), Answer::Panic(payload)),
            _ => return self.told.push(Ends(n)),
        };
        self.told.push(event);
        self.ends.push(Gets(end));
        // Rule 3: "no operation begins after it", so that its place stays empty.
        self.limit -= 1;
    }
}
