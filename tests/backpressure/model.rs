//! The contract of `exercises/backpressure.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours.

mod order;
mod script;
mod story;

use std::time::Duration;

use kit::{
    ms,
    scenes::{Agenda, Contract, Judge, Open, Story, judge},
};

use order::{Due, Queue, take};
pub use story::{Ask, Happens, Kind, LARGEST, Scene, Step, What, Why};

/// The contract of `backpressure`.
pub struct Backpressure;

impl Contract for Backpressure {
    type Scene = Scene;
    type Event = Happens;

    fn judge() -> &'static dyn Judge {
        judge::<Self>()
    }

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        Model::new(scene, open, scene.rule >= 7).story()
    }

    fn by_all_rules(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        Model::new(scene, open, true).story()
    }
}

struct Model<'a> {
    scene: &'a Scene,
    open: &'a Open,
    story: Story<Happens>,
    now: Duration,
    agenda: Agenda<Due>,
    /// The last steps that came without anybody else running, and the number of the next.
    group: &'a [Step],
    next: usize,
    queue: Queue,
    /// Before rule 7 it is open who of those who wait is next.
    has_order: bool,
}

impl<'a> Model<'a> {
    fn new(scene: &'a Scene, open: &'a Open, has_order: bool) -> Self {
        let (places, bytes) = (scene.places, scene.bytes);
        let queue = Queue { places, bytes, ..Queue::default() };
        let (story, now, agenda, group, next) = Default::default();
        Model { scene, open, story, now, agenda, group, next, queue, has_order }
    }

    fn story(mut self) -> Option<Story<Happens>> {
        if self.scene.places > LARGEST {
            self.sometimes(1, "there cannot be so many places", true);
            self.tell(Happens::Queue("panics"));
            return Some(self.story);
        }
        self.tell(Happens::Queue("opens"));
        self.agenda.add(self.scene.steps[0].at, Due::Step(0));
        self.run();
        Some(self.story)
    }
}

impl Model<'_> {
    fn step(&mut self, step: &Step, is_polled: bool) {
        match step.what {
            What::Ask(n) => {
                self.queue.new.push(n);
                if is_polled {
                    self.goes_on(n);
                }
            }
            What::Poll(n) => self.polls(n),
            What::Drop(n) => self.drops(n),
            What::Use(n) => self.uses(n),
            What::End => self.queue.has_no_sender = true,
            _ if !self.queue.has_no_receiver => self.receiver(step),
            _ => {}
        }
    }

    fn polls(&mut self, n: usize) {
        if self.ready().contains(&n) && !self.open.either() {
            self.goes_on(n);
        }
    }

    fn uses(&mut self, n: usize) {
        if take(&mut self.queue.permits, n) {
            let Queue { is_closed, has_no_receiver, .. } = self.queue;
            self.sometimes(5, "a permit outlives the close", is_closed);
            self.sometimes(5, "a permit outlives the receiver", has_no_receiver);
            self.tell(Happens::Ends("permit", n, "is used"));
            self.queue.items.push(n);
        }
    }

    fn receiver(&mut self, step: &Step) {
        if self.queue.receives.take().is_some() {
            self.tell(Happens::Receiver("drops its wait"));
        }
        let open = self.open;
        match step.what {
            What::Receive(times, takes) => {
                self.queue.receives = Some((times, takes))
            }
            What::Glance(polls, takes) => {
                self.queue.receives = (polls > 0).then_some((1, takes));
                // Where all others have run, a wait is always ready in so many polls, or never.
                let can_receive = self.can_receive();
                let known = &mut self.queue.is_slow[polls];
                let known = if step.hurried { &mut None } else { known };
                if can_receive && !*known.get_or_insert_with(|| open.either()) {
                    self.receive();
                }
                self.queue.receives = None;
            }
            what => {
                self.queue.is_closed = true;
                self.queue.has_no_receiver = what == What::Leave;
                let it = if what == What::Close { "closes" } else { "is dropped" };
                self.tell(Happens::Receiver(it));
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
        self.queue.places > 0 && self.ask(n).bytes <= self.queue.bytes
    }

    /// Who has something to do.
    fn ready(&self) -> Vec<usize> {
        let Queue { line, new, is_closed, .. } = &self.queue;
        let heads = if self.has_order && !is_closed { 1 } else { line.len() };
        let goes = |n: &&usize| *is_closed || self.fits(**n);
        line.iter().take(heads).filter(goes).chain(new).copied().collect()
    }

    /// An ask has its turn, or has just come.
    fn goes_on(&mut self, n: usize) {
        let Ask { kind, bytes, wait, .. } = self.ask(n);
        let (fits, has_line) = (self.fits(n), !self.queue.line.is_empty());
        let is_new = take(&mut self.queue.new, n);
        // Rule 7: "No other call overtakes one in the line".
        let overtakes = || fits && !self.has_order && self.open.either();
        let is_first = !is_new || !has_line || overtakes();
        if bytes > self.scene.bytes {
            // Rule 6: "at once, from a closed queue too".
            self.sometimes(6, "an item is larger than the queue", true);
            self.returns(n, Some(Why::TooLarge));
        } else if self.queue.is_closed {
            self.sometimes(3, "somebody waits when the queue is closed", !is_new);
            self.returns(n, Some(Why::Closed));
        } else if fits && is_first {
            // Rule 2: "in at once, whatever `wait` is".
            self.sometimes(1, "there is a place for who waits for it", !is_new);
            self.queue.places -= 1;
            self.queue.bytes -= bytes;
            if kind == Kind::Reserve {
                self.queue.permits.push(n);
                return self.returns(n, None);
            }
            self.queue.items.push(n);
            // The item is in, and its send may be dropped before it has said so.
            let is_dropped = self.group.iter().any(|it| it.what == What::Drop(n));
            if is_dropped && self.open.either() {
                self.leaves(n);
                return self.queue.late.push(n);
            }
            self.returns(n, None);
        } else if wait.is_zero() {
            self.sometimes(7, "who may not wait fits, and finds a line", fits);
            self.returns(n, Some(Why::Full));
        } else {
            let is_short = self.queue.places > 0 && !has_line;
            self.sometimes(6, "there is a place, and too few bytes", is_short);
            self.queue.line.push(n);
            // The clock moves in whole milliseconds.
            let whole = wait.as_nanos().div_ceil(1_000_000);
            let wait = u64::try_from(whole).map_or(Duration::MAX, ms);
            self.agenda.add(self.now.saturating_add(wait), Due::Over(n));
        }
    }

    fn returns(&mut self, n: usize, why: Option<Why>) {
        let has_waited = self.queue.line.contains(&n);
        self.sometimes(2, "a wait is over", has_waited && why == Some(Why::Full));
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
        let has_line = !self.queue.line.is_empty();
        if take(&mut self.queue.permits, n) {
            self.sometimes(5, "a permit is dropped while others wait", has_line);
            self.tell(Happens::Ends("permit", n, "is dropped"));
            self.frees(n);
        } else if self.leaves(n) {
            self.sometimes(1, "who has its turn is dropped", has_turn);
            self.tell(Happens::Ends(self.ask(n).kind.name(), n, "is dropped"));
        } else if take(&mut self.queue.late, n) {
            self.tell(Happens::Ends("send", n, "is dropped"));
            self.tell(Happens::Ends("item", n, "is not dropped with it"));
        }
    }

    fn can_receive(&self) -> bool {
        let Queue { new, line, items, permits, receives, .. } = &self.queue;
        let is_left = self.queue.has_no_sender && new.is_empty() && line.is_empty();
        // Rule 5: "Until then `recv` does not return `None`."
        let has_ended = (self.queue.is_closed || is_left) && permits.is_empty();
        receives.is_some() && (!items.is_empty() || has_ended)
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
        // Rule 4: "done by the item's deadline or right at it".
        let due = self.ask(n).due;
        let done = takes.map(|takes| self.now.saturating_add(takes));
        self.sometimes(4, "work is done right at the deadline", done == Some(due));
        let in_time = done.map(|done| done <= due);
        self.tell(Happens::Receives(n, self.queue.received, in_time));
    }
}
