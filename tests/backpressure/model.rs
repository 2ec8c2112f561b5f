//! The contract of `exercises/backpressure.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours.

mod story;

use std::time::Duration;

use kit::{
    ms,
    scenes::{Agenda, Contract, Open, Story},
};

use Happens::*;
pub use story::{Ask, Happens, LARGEST, Scene, Step, What, Why};

/// The contract of `backpressure`.
pub struct Backpressure;

impl Contract for Backpressure {
    type Scene = Scene;
    type Event = Happens;

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let mut model = Model::new(scene, open);
        if scene.places > LARGEST {
            open.sometimes(1, "there cannot be so many places");
            model.tell(Panics);
            return Some(model.story);
        }
        model.tell(Opens);
        model.agenda.add(scene.steps[0].at, Due::Step(0));
        while let Some((at, due)) = model.agenda.next(open) {
            model.now = at;
            match due {
                Due::Step(n) => model.steps(n),
                Due::Over(n) => {
                    open.sometimes(2, "a wait is over");
                    model.refuses(n, Why::Full);
                }
                Due::Others => {
                    model.others();
                    continue;
                }
            }
            model.agenda.forget(|due| *due == Due::Others);
            model.agenda.add(at, Due::Others);
        }
        Some(model.story)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Due {
    Step(usize),
    /// The wait of this ask.
    Over(usize),
    /// Whoever can go on does.
    Others,
}

/// Whose turn it is: the receiver's, nobody's, or that of an ask, by its number.
const RECEIVER: usize = 0;
const NOBODY: usize = usize::MAX;

struct Model<'a> {
    scene: &'a Scene,
    open: &'a Open,
    story: Story<Happens>,
    now: Duration,
    agenda: Agenda<Due>,
    /// The step that comes when the others have run.
    next: usize,
    /// What is free of them.
    places: usize,
    bytes: u32,
    /// Who asks and has no answer and no place in the line yet.
    new: Vec<usize>,
    line: Vec<usize>,
    permits: Vec<usize>,
    queue: Vec<usize>,
    /// How many items are waited for, and how long the work takes that they bring.
    receives: Option<(usize, Option<Duration>)>,
    received: usize,
    is_closed: bool,
    has_receiver: bool,
    has_sender: bool,
}

impl<'a> Model<'a> {
    fn new(scene: &'a Scene, open: &'a Open) -> Self {
        let Scene { places, bytes, .. } = *scene;
        let (story, now, agenda) = Default::default();
        let (new, line, permits, queue) = Default::default();
        let (next, receives, received, is_closed) = Default::default();
        let (has_receiver, has_sender) = (true, true);
        #[rustfmt::skip]
        let model = Model {
            scene, open, story, now, agenda, next, places, bytes, new, line, permits, queue,
            receives, received, is_closed, has_receiver, has_sender,
        };
        model
    }

    /// A step, and those that come before anybody else runs.
    fn steps(&mut self, first: usize) {
        let hurried = |step: &&Step| step.hurried;
        let more = self.scene.steps[first + 1..].iter().take_while(hurried).count();
        // An answer may need a second poll for what it has at once.
        let is_slow = more > 0 && self.open.either();
        self.next = first + more + 1;
        for n in first..self.next {
            let is_polled = n + 1 < self.next && !is_slow;
            self.step(self.scene.steps[n].what, is_polled);
        }
    }

    fn step(&mut self, what: What, is_polled: bool) {
        match what {
            What::Ask(n) => {
                self.new.push(n);
                if is_polled {
                    self.goes_on(n);
                }
            }
            What::Poll(n) => {
                if self.ready().contains(&n) && !self.open.either() {
                    self.goes_on(n);
                }
            }
            What::Drop(n) => self.drops(n),
            What::Use(n) => {
                if take(&mut self.permits, n) {
                    self.tell(PermitUsed(n));
                    if self.is_closed {
                        self.open.sometimes(5, "a permit outlives the close");
                    }
                    self.enters(n);
                }
            }
            What::End => self.has_sender = false,
            _ if !self.has_receiver => {}
            _ => self.receiver(what),
        }
    }

    fn receiver(&mut self, what: What) {
        if self.receives.take().is_some() {
            self.tell(GivesUp);
        }
        match what {
            What::Receive(times, takes) => self.receives = Some((times, takes)),
            What::Glance(polls, takes) => {
                self.receives = (polls > 0).then_some((1, takes));
                // What is not ready at its first poll is slow, and has lost nothing.
                if self.can_receive() && !self.open.either() {
                    self.receive();
                }
                self.receives = None;
            }
            What::Leave => {
                self.tell(Leaves);
                (self.is_closed, self.has_receiver) = (true, false);
                self.queue.clear();
            }
            _ => {
                self.tell(Closes);
                self.is_closed = true;
            }
        }
    }

    fn tell(&mut self, event: Happens) {
        self.story.tell(self.now, event);
    }

    fn ask(&self, n: usize) -> Ask {
        self.scene.asks[n - 1]
    }

    fn fits(&self, n: usize) -> bool {
        // Rule 6: "Too few free bytes are like no place."
        self.places > 0 && self.ask(n).bytes <= self.bytes
    }

    /// Before rule 7 it is open who of those who wait is next.
    fn has_order(&self) -> bool {
        self.scene.rule >= 7
    }

    /// Who has something to do.
    fn ready(&self) -> Vec<usize> {
        let heads = if self.has_order() { 1 } else { self.line.len() };
        let fits = |n: &usize| self.is_closed || self.fits(*n);
        let line = self.line.iter().take(heads).copied().filter(fits);
        // Of many who come at once only one order is looked at.
        let new = if self.new.len() > 3 { 1 } else { 3 };
        line.chain(self.new.iter().take(new).copied()).collect()
    }

    fn goes_on(&mut self, n: usize) {
        let open = self.open;
        if take(&mut self.new, n) {
            self.asks(n);
        } else if self.is_closed {
            // Rule 3: "every `send` that waits ends at once".
            open.sometimes(3, "somebody waits when the queue is closed");
            self.refuses(n, Why::Closed);
        } else {
            open.sometimes(1, "a place comes to who waits for it");
            self.gets_in(n);
        }
    }

    /// An ask is polled for the first time.
    fn asks(&mut self, n: usize) {
        let (Ask { bytes, wait, .. }, open) = (self.ask(n), self.open);
        let (fits, is_line) = (self.fits(n), !self.line.is_empty());
        let overtakes = fits && is_line && !self.has_order() && open.either();
        if bytes > self.scene.bytes {
            // Rule 6: "at once, from a closed queue too".
            open.sometimes(6, "an item is larger than the queue");
            self.refuses(n, Why::TooLarge);
        } else if self.is_closed {
            self.refuses(n, Why::Closed);
        } else if fits && !is_line || overtakes {
            // Rule 2: "in at once, whatever `wait` is".
            self.gets_in(n);
        } else if wait.is_zero() {
            if fits {
                open.sometimes(7, "who may not wait would fit, and finds a line");
            }
            self.refuses(n, Why::Full);
        } else {
            if self.places > 0 && !is_line {
                open.sometimes(6, "there is a place, and too few bytes");
            }
            self.line.push(n);
            // The clock moves in whole milliseconds.
            let ms_up = wait.as_nanos().div_ceil(1_000_000);
            let wait = u64::try_from(ms_up).map_or(Duration::MAX, ms);
            self.agenda.add(self.now.saturating_add(wait), Due::Over(n));
        }
    }

    /// It has its place and its bytes, and ends.
    fn gets_in(&mut self, n: usize) {
        self.forgets(n);
        self.places -= 1;
        self.bytes -= self.ask(n).bytes;
        if self.ask(n).reserves {
            self.permits.push(n);
            self.tell(Reserved(n));
        } else {
            self.tell(Sent(n));
            self.enters(n);
        }
    }

    fn enters(&mut self, n: usize) {
        // "Without a receiver it is lost."
        if self.has_receiver {
            self.queue.push(n);
        }
    }

    fn refuses(&mut self, n: usize, why: Why) {
        self.forgets(n);
        let reserves = self.ask(n).reserves;
        self.tell(if reserves { Refused(n, why) } else { Returns(n, n, why) });
    }

    /// It waits no longer.
    fn forgets(&mut self, n: usize) -> bool {
        self.agenda.forget(|due| *due == Due::Over(n));
        take(&mut self.line, n) || take(&mut self.new, n)
    }

    fn frees(&mut self, n: usize) {
        self.places += 1;
        self.bytes += self.ask(n).bytes;
    }

    fn drops(&mut self, n: usize) {
        let is_ready = self.line.contains(&n) && self.ready().contains(&n);
        if take(&mut self.permits, n) {
            if !self.line.is_empty() {
                self.open.sometimes(5, "a permit is dropped while others wait");
            }
            self.tell(PermitDropped(n));
            self.frees(n);
        } else if self.forgets(n) {
            if is_ready {
                self.open.sometimes(1, "who could go on is dropped");
            }
            let reserves = self.ask(n).reserves;
            self.tell(if reserves { ReserveDropped(n) } else { SendDropped(n) });
        }
    }

    /// Everybody goes on as far as possible.
    fn others(&mut self) {
        let mut is_stuck = false;
        loop {
            let mut turns = self.ready();
            turns.retain(|n| !is_stuck || self.new.contains(n));
            // A line may let those wait who fit, because others do not: that is rule 7 and before.
            if !self.has_order() && turns.len() < self.line.len() && !is_stuck {
                turns.push(NOBODY);
            }
            // Before or after those who come makes a difference.
            if self.can_receive() && (turns.is_empty() || !self.new.is_empty()) {
                turns.push(RECEIVER);
            }
            let choices = if self.is_closed { 1 } else { turns.len() };
            if turns.is_empty() {
                break;
            }
            match turns[self.open.one_of(choices)] {
                NOBODY => is_stuck = true,
                RECEIVER => {
                    is_stuck = false;
                    self.receive();
                }
                n => self.goes_on(n),
            }
        }
        if let Some(step) = self.scene.steps.get(self.next) {
            self.agenda.forget(|due| *due == Due::Step(self.next));
            self.agenda.add(step.at, Due::Step(self.next));
        }
    }

    fn has_ended(&self) -> bool {
        let nobody = self.new.is_empty() && self.line.is_empty();
        let is_over = self.is_closed || !self.has_sender && nobody;
        // Rule 5: "Until then `recv` does not say `None`."
        is_over && self.permits.is_empty()
    }

    fn can_receive(&self) -> bool {
        self.receives.is_some() && (!self.queue.is_empty() || self.has_ended())
    }

    /// The receiver gets what it waits for.
    fn receive(&mut self) {
        let Some((times, takes)) = self.receives.take() else { return };
        if self.queue.is_empty() {
            return self.tell(HearsNone);
        }
        // Rule 1: "first in, first out".
        let n = self.queue.remove(0);
        self.frees(n);
        self.received += 1;
        let in_time = takes.map(|takes| self.is_in_time(n, takes));
        self.tell(Receives(n, self.received, in_time));
        self.receives = (times > 1).then_some((times - 1, takes));
    }

    /// Rule 4: "done by its deadline or right at it".
    fn is_in_time(&self, n: usize, takes: Duration) -> bool {
        let due = self.ask(n).due;
        let done = self.now.saturating_add(takes);
        if done == due {
            self.open.sometimes(4, "work is done right at the deadline");
        }
        if takes.is_zero() && done > due {
            self.open.sometimes(4, "work of no time is late");
        }
        done <= due
    }
}

/// Takes `n` out of the list, if it is there.
fn take(list: &mut Vec<usize>, n: usize) -> bool {
    let found = list.iter().position(|it| *it == n);
    found.map(|at| list.remove(at)).is_some()
}
