//! The contract of `exercises/backpressure.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours.

mod story;

use std::time::Duration;

use kit::{
    ms,
    scenes::{Agenda, Contract, Open, Story},
};

pub use story::{Ask, Happens, Kind, LARGEST, Scene, Step, What, Why};

/// The contract of `backpressure`.
pub struct Backpressure;

impl Contract for Backpressure {
    type Scene = Scene;
    type Event = Happens;

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let (story, now, agenda, next, is_slow) = Default::default();
        let queue =
            Queue { places: scene.places, bytes: scene.bytes, ..Queue::default() };
        let mut model =
            Model { scene, open, story, now, agenda, next, is_slow, queue };
        if scene.places > LARGEST {
            open.sometimes(1, "there cannot be so many places");
            model.tell(Happens::Queue("panics"));
            return Some(model.story);
        }
        model.tell(Happens::Queue("opens"));
        model.agenda.add(scene.steps[0].at, Due::Step(0));
        while let Some((at, due)) = model.agenda.next(open) {
            model.now = at;
            match due {
                Due::Step(n) => model.steps(n),
                Due::Over(n) => {
                    open.sometimes(2, "a wait is over");
                    model.returns(n, Some(Why::Full));
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

/// Whose turn it is: that of an ask, by its number, the receiver's or nobody's.
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
    /// Whether this answer is slow, if that was asked.
    is_slow: Option<bool>,
    queue: Queue,
}

#[derive(Default)]
struct Queue {
    /// So many are free.
    places: usize,
    bytes: u32,
    items: Vec<usize>,
    permits: Vec<usize>,
    /// Who has come and has been given no answer and no place in the line yet.
    new: Vec<usize>,
    line: Vec<usize>,
    /// How many items are waited for, and how long the work takes that they bring.
    receives: Option<(usize, Option<Duration>)>,
    received: usize,
    is_closed: bool,
    has_no_receiver: bool,
    has_no_sender: bool,
}

impl Model<'_> {
    /// A step, and those that come before anybody else runs.
    fn steps(&mut self, first: usize) {
        let steps = &self.scene.steps[first..];
        let hurried = steps[1..].iter().take_while(|step| step.hurried).count();
        // An answer may need a second poll, even for what it has at once.
        let is_slow = hurried > 0 && self.open.either();
        self.next = first + hurried + 1;
        for (i, step) in steps[..=hurried].iter().enumerate() {
            let is_polled = i < hurried && !is_slow;
            self.step(step, is_polled);
        }
    }

    fn step(&mut self, step: &Step, is_polled: bool) {
        let open = self.open;
        match step.what {
            What::Ask(n) => {
                self.queue.new.push(n);
                if is_polled {
                    self.goes_on(n);
                }
            }
            What::Poll(n) => {
                let has_turn = self.queue.new.contains(&n) || self.ready().contains(&n);
                if has_turn && !open.either() {
                    self.goes_on(n);
                }
            }
            What::Drop(n) => self.drops(n),
            What::Use(n) => {
                if take(&mut self.queue.permits, n) {
                    if self.queue.is_closed {
                        open.sometimes(5, "a permit outlives the close");
                    }
                    self.tell(Happens::Ends("permit", n, "is used"));
                    self.queue.items.push(n);
                }
            }
            What::End => self.queue.has_no_sender = true,
            _ if !self.queue.has_no_receiver => self.receiver(step),
            _ => {}
        }
    }

    fn receiver(&mut self, step: &Step) {
        if self.queue.receives.take().is_some() {
            self.tell(Happens::Receiver("drops its wait"));
        }
        match step.what {
            What::Receive(times, takes) => {
                self.queue.receives = Some((times, takes))
            }
            What::Glance(polls, takes) => {
                self.queue.receives = (polls > 0).then_some((1, takes));
                if self.can_receive() && !self.is_slow(step.hurried) {
                    self.receive();
                }
                self.queue.receives = None;
            }
            what => {
                self.queue.is_closed = true;
                self.queue.has_no_receiver = what == What::Leave;
                let closes =
                    if what == What::Leave { "is dropped" } else { "closes" };
                self.tell(Happens::Receiver(closes));
            }
        }
    }

    /// Whether a wait needs a second poll for what is there. Where all others have run before, it always
    /// does or never.
    fn is_slow(&mut self, is_hurried: bool) -> bool {
        if is_hurried {
            return self.open.either();
        }
        *self.is_slow.get_or_insert_with(|| self.open.either())
    }

    fn tell(&mut self, event: Happens) {
        self.story.tell(self.now, event);
    }

    fn ask(&self, n: usize) -> Ask {
        self.scene.asks[n - 1]
    }

    /// Before rule 7 it is open who of those who wait is next.
    fn has_order(&self) -> bool {
        self.scene.rule >= 7
    }

    fn fits(&self, n: usize) -> bool {
        // Rule 6: "Too few free bytes are like no place."
        self.queue.places > 0 && self.ask(n).bytes <= self.queue.bytes
    }

    /// Who has something to do.
    fn ready(&self) -> Vec<usize> {
        let Queue { line, new, is_closed, .. } = &self.queue;
        let heads = if self.has_order() { 1 } else { line.len() };
        let goes = |n: &&usize| *is_closed || self.fits(**n);
        line.iter().take(heads).filter(goes).chain(new.first()).copied().collect()
    }

    /// An ask has its turn, or has just come.
    fn goes_on(&mut self, n: usize) {
        let (Ask { kind, bytes, wait, .. }, open) = (self.ask(n), self.open);
        let (fits, has_line) = (self.fits(n), !self.queue.line.is_empty());
        let is_new = take(&mut self.queue.new, n);
        // Rule 7: "Nobody overtakes it".
        let overtakes = || fits && !self.has_order() && open.either();
        let is_first = !is_new || !has_line || overtakes();
        if bytes > self.scene.bytes {
            // Rule 6: "at once, from a closed queue too".
            open.sometimes(6, "an item is larger than the queue");
            self.returns(n, Some(Why::TooLarge));
        } else if self.queue.is_closed {
            if !is_new {
                open.sometimes(3, "somebody waits when the queue is closed");
            }
            self.returns(n, Some(Why::Closed));
        } else if fits && is_first {
            // Rule 2: "in at once, whatever `wait` is".
            open.sometimes(1, if is_new { "at once" } else { "there is a place" });
            self.queue.places -= 1;
            self.queue.bytes -= bytes;
            match kind {
                Kind::Send => self.queue.items.push(n),
                Kind::Reserve => self.queue.permits.push(n),
            }
            self.returns(n, None);
        } else if wait.is_zero() {
            if fits {
                open.sometimes(7, "who may not wait would fit, and finds a line");
            }
            self.returns(n, Some(Why::Full));
        } else {
            if self.queue.places > 0 && !has_line {
                open.sometimes(6, "there is a place, and too few bytes");
            }
            self.queue.line.push(n);
            // The clock moves in whole milliseconds.
            let whole = wait.as_nanos().div_ceil(1_000_000);
            let wait = u64::try_from(whole).map_or(Duration::MAX, ms);
            self.agenda.add(self.now.saturating_add(wait), Due::Over(n));
        }
    }

    fn returns(&mut self, n: usize, why: Option<Why>) {
        self.leaves(n);
        self.tell(Happens::Returns(self.ask(n).kind, n, why));
    }

    /// Whether it has waited.
    fn leaves(&mut self, n: usize) -> bool {
        self.agenda.forget(|due| *due == Due::Over(n));
        take(&mut self.queue.line, n) || take(&mut self.queue.new, n)
    }

    fn frees(&mut self, n: usize) {
        self.queue.places += 1;
        self.queue.bytes += self.ask(n).bytes;
    }

    fn drops(&mut self, n: usize) {
        let has_turn = self.ready().contains(&n);
        if take(&mut self.queue.permits, n) {
            if !self.queue.line.is_empty() {
                self.open.sometimes(5, "a permit is dropped while others wait");
            }
            self.tell(Happens::Ends("permit", n, "is dropped"));
            self.frees(n);
        } else if self.leaves(n) {
            if has_turn {
                self.open.sometimes(1, "who has its turn is dropped");
            }
            self.tell(Happens::Ends(self.ask(n).kind.name(), n, "is dropped"));
        }
    }

    /// Everybody goes on as far as possible.
    fn others(&mut self) {
        let mut is_stuck = false;
        loop {
            let mut turns = self.ready();
            let Queue { new, line, .. } = &self.queue;
            turns.retain(|n| !is_stuck || new.contains(n));
            // Before rule 7 a line may stand behind one that does not fit, whoever that is.
            if !self.has_order() && turns.len() < line.len() && !is_stuck {
                turns.push(NOBODY);
            }
            // Whether it comes before those who ask makes a difference.
            if self.can_receive() && (turns.is_empty() || !new.is_empty()) {
                turns.push(RECEIVER);
            }
            if turns.is_empty() {
                break;
            }
            // After a close no order makes a difference.
            let choices = if self.queue.is_closed { 1 } else { turns.len() };
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
            self.agenda.forget(|due| matches!(due, Due::Step(_)));
            self.agenda.add(step.at, Due::Step(self.next));
        }
    }

    fn can_receive(&self) -> bool {
        let Queue { new, line, items, permits, .. } = &self.queue;
        let is_asked = !new.is_empty() || !line.is_empty();
        let is_over = self.queue.is_closed || self.queue.has_no_sender && !is_asked;
        // Rule 5: "Until then `recv` does not say `None`."
        let is_next = !items.is_empty() || is_over && permits.is_empty();
        self.queue.receives.is_some() && is_next
    }

    /// The receiver gets what it waits for.
    fn receive(&mut self) {
        let Some((times, takes)) = self.queue.receives.take() else { return };
        if self.queue.items.is_empty() {
            return self.tell(Happens::Receiver("gets None"));
        }
        // Rule 1: "first in, first out".
        let n = self.queue.items.remove(0);
        self.frees(n);
        self.queue.received += 1;
        self.queue.receives = (times > 1).then_some((times - 1, takes));
        // Rule 4: "done by its deadline or right at it".
        let (due, done) =
            (self.ask(n).due, takes.map(|it| self.now.saturating_add(it)));
        if done == Some(due) {
            self.open.sometimes(4, "work is done right at the deadline");
        }
        let in_time = done.map(|done| done <= due);
        self.tell(Happens::Receives(n, self.queue.received, in_time));
    }
}

/// Takes `n` out of the list, if it is there.
fn take(list: &mut Vec<usize>, n: usize) -> bool {
    let found = list.iter().position(|it| *it == n);
    found.map(|at| list.remove(at)).is_some()
}
