//! The contract of `exercises/joinset.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours.

mod story;

use std::time::Duration;

use kit::scenes::{Contract, Open, Story};

use Happens::*;
pub use story::{
    Answer, Call, End, HOUR, Happens, Hint, Item, Leaving, Payload, Scene,
};

/// The contract of `joinset`.
pub struct Joinset;

impl Contract for Joinset {
    type Scene = Scene;
    type Event = Happens;

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let mut model = Model { scene, open, story: Story::default(), next: 0 };
        let mut now = Duration::ZERO;
        for call in &scene.calls {
            now = model.call(call, now + call.after);
        }
        Some(model.story)
    }

    /// What no tie excuses: rule 2's `limit`, and that nothing begins after the end.
    fn law(_: &Scene, came: &Story<Happens>) -> Result<(), String> {
        let (mut limit, mut in_flight, mut is_over) = (0, 0_usize, false);
        for event in came.whats() {
            match event {
                Calls(n) => (limit, in_flight, is_over) = (*n, 0, false),
                Gets(_) | Leaves => is_over = true,
                Begins(n) if is_over => {
                    return Err(format!("operation {n} begins after the end"));
                }
                Gives(n) if is_over => {
                    return Err(format!("item {n} is taken after the end"));
                }
                Begins(n) if in_flight == limit => {
                    let many = format!("while {limit} are in flight");
                    return Err(format!("operation {n} begins {many}"));
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
}

impl Model<'_> {
    /// One call that is made at `at`. When it has ended.
    fn call(&mut self, call: &Call, at: Duration) -> Duration {
        let (scene, open) = (self.scene, self.open);
        self.story.tell(at, Calls(call.limit));
        // Rule 5: "what a failed run did not begin is still in the iterator".
        if scene.step < 5 {
            self.next = call.first;
        } else if self.next < call.first {
            open.sometimes(5, "a call goes on where another has failed");
        }
        let leaves = at + call.patience;
        if call.leaving == Leaving::BeforeTheFirstPoll {
            self.story.tell(leaves, Leaves);
            return leaves;
        }
        let limit = if scene.step == 1 { usize::MAX } else { call.limit };
        let mut run = Run::new(scene, limit, self.next, at);
        let end = loop {
            if let Some(end) = self.instant(&mut run, leaves) {
                break end;
            }
            let due = run.in_flight.iter().map(|it| it.due).min();
            run.now = due.map_or(leaves, |due| due.min(leaves));
        };
        self.next = run.next;
        // Rule 4: "operations in flight at an error are stopped". Rule 6: and at the drop.
        for Flight { item, .. } in &run.in_flight {
            if scene.step >= 4 {
                self.story.tell(run.now, Dropped(item.n));
            }
        }
        // Rule 1 says of the time only: "No items give no values, at once".
        if scene.step == 1 && !run.values.is_empty() {
            run.now = HOUR;
        }
        self.reached(&run, &end);
        self.story.tell(run.now, end);
        run.now
    }

    /// All that happens in this instant, and the end of the run if it ends now.
    fn instant(&mut self, run: &mut Run, leaves: Duration) -> Option<Happens> {
        let is_last = run.now == leaves;
        let before = run.clone();
        while let Some(step) = run.next_step() {
            run.take(step);
        }
        if is_last || !run.ends.is_empty() {
            *run = before;
            self.in_any_order(run, is_last);
        }
        if let [Ends(_), .., Begins(_)] = run.told[..] {
            self.open.sometimes(2, "an operation begins as another ends");
        }
        for event in run.told.drain(..) {
            if self.scene.step > 1 {
                self.story.tell(run.now, event);
            }
        }
        run.ends.extend(run.is_complete().then(|| {
            // Rule 1: "one value per item, in the order of the items".
            Gets(Answer::Values(run.values.clone()))
        }));
        run.ends.extend(is_last.then_some(Leaves));
        // Rule 7: "the caller gets the first"; at a tie any may be.
        let ends = &run.ends;
        (!ends.is_empty()).then(|| ends[self.open.one_of(ends.len())].clone())
    }

    /// The run may end in this instant, and nobody says how much of it comes before.
    fn in_any_order(&self, run: &mut Run, is_last: bool) {
        while let Some(step) = run.next_step() {
            if self.open.either() {
                run.put_off(step);
            } else {
                run.take(step);
            }
        }
        run.resume();
        // What was put off happens later in this instant, until something ends the run.
        while !is_last
            && run.ends.is_empty()
            && let Some(step) = run.next_step()
        {
            run.take(step);
        }
    }

    fn reached(&self, run: &Run, end: &Happens) {
        let open = self.open;
        let leaves_some = !run.in_flight.is_empty();
        match end {
            Gets(Answer::Values(values)) if values.is_empty() => {
                open.sometimes(1, "there are no items");
            }
            Gets(Answer::Error(_)) => {
                let more = run.scene.answer(run.next).is_some();
                if more {
                    open.sometimes(3, "an error comes before the last item");
                }
                if leaves_some {
                    open.sometimes(4, "operations are in flight at an error");
                }
            }
            Gets(Answer::Panic(_)) if leaves_some => {
                open.sometimes(7, "operations are in flight at a panic");
            }
            Leaves if leaves_some => {
                open.sometimes(6, "operations are in flight at the drop");
            }
            _ => {}
        }
    }
}

/// What may happen next.
#[derive(Clone, Copy)]
enum Step {
    Begin,
    End(usize),
}

/// An operation in flight.
#[derive(Clone)]
struct Flight {
    due: Duration,
    item: Item,
    is_put_off: bool,
}

#[derive(Clone)]
struct Run<'a> {
    scene: &'a Scene,
    now: Duration,
    limit: usize,
    next: usize,
    in_flight: Vec<Flight>,
    values: Vec<usize>,
    /// No further operation begins.
    is_over: bool,
    is_put_off: bool,
    /// What happens in this instant.
    told: Vec<Happens>,
    /// The errors and panics of this instant.
    ends: Vec<Happens>,
}

impl<'a> Run<'a> {
    fn new(scene: &'a Scene, limit: usize, next: usize, now: Duration) -> Self {
        let (is_over, is_put_off) = (false, false);
        let (in_flight, values) = (vec![], vec![]);
        let (told, ends) = (vec![], vec![]);
        Run {
            scene,
            now,
            limit,
            next,
            in_flight,
            values,
            is_over,
            is_put_off,
            told,
            ends,
        }
    }

    /// What can happen in this instant, unless it is put off.
    fn next_step(&self) -> Option<Step> {
        // Rule 2: "the first `limit` begin at once", and one "in the instant another ends".
        let has_room = self.in_flight.len() < self.limit;
        if has_room && !self.is_over && !self.is_put_off {
            return Some(Step::Begin);
        }
        let mut flights = self.in_flight.iter();
        flights.position(|it| it.due == self.now && !it.is_put_off).map(Step::End)
    }

    fn put_off(&mut self, step: Step) {
        match step {
            Step::Begin => self.is_put_off = true,
            Step::End(at) => self.in_flight[at].is_put_off = true,
        }
    }

    fn resume(&mut self) {
        self.is_put_off = false;
        self.in_flight.iter_mut().for_each(|flight| flight.is_put_off = false);
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Begin => self.begin(),
            Step::End(at) => self.end(at),
        }
    }

    /// Rule 5: "an item is taken from the iterator in the instant its operation begins".
    fn begin(&mut self) {
        let answer = self.scene.answer(self.next);
        self.next += 1;
        let Some(item) = answer else {
            self.is_over = true;
            return;
        };
        if let End::IteratorPanics(payload) = item.end {
            return self.breaks(IteratorPanics, payload);
        }
        if self.scene.step >= 5 {
            self.told.push(Gives(item.n));
        }
        if let End::CallPanics(payload) = item.end {
            return self.breaks(CallPanics(item.n), payload);
        }
        self.told.push(Begins(item.n));
        self.values.push(if let End::Value(value) = item.end { value } else { 0 });
        let due = self.now.saturating_add(item.takes);
        self.in_flight.push(Flight { due, item, is_put_off: false });
    }

    /// Rule 7: a panic "in the call that makes one or in the iterator".
    fn breaks(&mut self, event: Happens, payload: Payload) {
        self.told.push(event);
        self.ends.push(Gets(Answer::Panic(payload)));
        self.is_over = true;
    }

    fn end(&mut self, at: usize) {
        let Item { n, end, .. } = self.in_flight.remove(at).item;
        let (event, end) = match end {
            End::Error => (Fails(n), Answer::Error(n)),
            End::Panic(payload) => (Panics(n), Answer::Panic(payload)),
            _ => return self.told.push(Ends(n)),
        };
        self.told.push(event);
        self.ends.push(Gets(end));
        // Rule 3: "no operation begins after it", so that its place stays empty.
        self.limit -= 1;
    }

    fn is_complete(&self) -> bool {
        self.is_over && self.in_flight.is_empty() && self.ends.is_empty()
    }
}
