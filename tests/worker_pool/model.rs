//! The contract of `exercises/worker_pool.rs` as a calculation. It is a solution without its
//! futures: read it when you have yours.

mod law;
mod story;
mod turns;

use std::{collections::VecDeque, time::Duration};

use kit::scenes::{Contract, Open, Story};

use Happens::*;
pub use story::{
    End, Happens, Life, MOST, OVER, Scene, Sender, Sending, Shutdown, Told, Way, Work,
};
use turns::{Turn, Turns};

/// The contract of `worker_pool`.
pub struct WorkerPool;

impl Contract for WorkerPool {
    type Scene = Scene;
    type Event = Happens;

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let mut model = Model::new(scene, open);
        // A size beyond a library's limit is a panic in the call that should make it.
        if scene.capacity > MOST {
            model.tell(NewPanics);
            return Some(model.story);
        }
        if let Some(end) = scene.end.as_ref().filter(|end| !end.is_last) {
            model.turns.after(end.at, Turn::Call);
        }
        (0..scene.senders.len()).for_each(|sender| model.goes_on(sender));
        while let Some(turn) = model.next()? {
            model.take(turn);
        }
        Some(model.story)
    }

    fn law(scene: &Scene, came: &Story<Happens>) -> Result<(), String> {
        law::law(scene, came)
    }
}

/// Somebody in `send`.
struct Waits {
    sender: usize,
    item: Sending,
    since: Duration,
    sleeps: bool,
}

struct Model<'a> {
    scene: &'a Scene,
    open: &'a Open,
    story: Story<Happens>,
    turns: Turns,
    /// The items each sender has yet to send, and how many have none.
    unsent: Vec<&'a [Sending]>,
    through: usize,
    line: Vec<Waits>,
    queue: VecDeque<Sending>,
    /// What was taken, and whether its handler was called.
    work: Vec<(Sending, bool)>,
    /// When items ended, and whether they panicked.
    ended: Vec<(Duration, bool)>,
    is_gone: bool,
    is_closed: bool,
    /// Somebody polls `shutdown`.
    is_asked: bool,
    limit: Duration,
    /// From then on nobody says what becomes of the items.
    silent: Duration,
}

impl<'a> Model<'a> {
    fn new(scene: &'a Scene, open: &'a Open) -> Self {
        let unsent = scene.senders.iter().map(|it| &it.sendings[..]).collect();
        Model {
            scene,
            open,
            story: Story::default(),
            turns: Turns::default(),
            unsent,
            through: 0,
            line: vec![],
            queue: VecDeque::new(),
            work: vec![],
            ended: vec![],
            is_gone: false,
            is_closed: false,
            is_asked: false,
            limit: Duration::MAX,
            silent: OVER,
        }
    }

    fn tell(&mut self, event: Happens) {
        let now = self.turns.now;
        if now < self.silent || !event.is_of_an_item() {
            self.story.tell(now, event);
        }
    }

    /// `Some(None)` at the end, `None` where the contract does not say.
    fn next(&mut self) -> Option<Option<Turn>> {
        let at_once = self.at_once();
        let is_idle = self.work.len() < self.scene.workers;
        let waits = self.line.iter().any(|it| !it.sleeps);
        // Is the place of somebody asleep one of the queue, or one of the whole pool?
        let is_open = at_once.is_empty() && is_idle && waits;
        (!is_open).then(|| self.turns.next(at_once, self.open))
    }

    /// What the pool does in no time.
    fn at_once(&self) -> Vec<Turn> {
        let (work, queued) = (self.work.len(), self.queue.len());
        let taken = self.work.iter().filter(|it| !it.1);
        let mut turns: Vec<_> = taken.map(|it| Turn::Begin(it.0.number)).collect();
        // Rule 1: "At most `workers`", and "whoever is free takes the oldest at once".
        let takes = work < self.scene.workers && queued > 0;
        turns.extend(takes.then_some(Turn::Take));
        // Rule 2: room "goes to whoever has waited longest", and is theirs though they sleep.
        let first = self.line.iter().take(self.scene.capacity - queued);
        let awake = first.filter(|it| !it.sleeps && !self.is_closed);
        turns.extend(awake.map(|it| Turn::Enter(it.sender)));
        // Rule 4: "at the instant the last item ends".
        turns.extend((self.is_asked && work + queued == 0).then_some(Turn::Return));
        turns
    }

    fn take(&mut self, turn: Turn) {
        match turn {
            Turn::Take => {
                if self.queue.len() > 1 {
                    self.open.sometimes(1, "several wait for a worker");
                }
                self.work.extend(self.queue.pop_front().map(|item| (item, false)));
            }
            Turn::Begin(number) => self.begin(number),
            Turn::Stop(number) => self.stop(number),
            Turn::Arrive(sender) => self.arrive(sender),
            Turn::Enter(sender) => self.enter(sender),
            Turn::Leave(sender) => self.leave(sender),
            Turn::Sleep(sender) => self.sleep(sender),
            Turn::Wake(sender) => self.wake(sender),
            Turn::Call => self.call(),
            Turn::Close => self.close(),
            Turn::Return => self.report(0),
            Turn::Limit => self.cut(),
            Turn::Quit => self.quit(),
        }
    }

    /// The sender comes to its next item, or has none.
    fn goes_on(&mut self, sender: usize) {
        if let [next, ..] = self.unsent[sender] {
            return self.turns.after(next.after, Turn::Arrive(sender));
        }
        self.through += 1;
        let is_last = self.through == self.unsent.len();
        if let Some(end) = self.scene.end.as_ref().filter(|it| it.is_last && is_last) {
            self.turns.after(end.at, Turn::Call);
        }
    }

    fn arrive(&mut self, sender: usize) {
        let (item, rest) = self.unsent[sender].split_first().expect("one is due");
        self.unsent[sender] = rest;
        let since = self.turns.now;
        self.line.push(Waits { sender, item: *item, since, sleeps: false });
        match item.life {
            Life::Unpolled => self.leave(sender),
            // Rule 5: "or comes later".
            _ if self.is_closed => self.refuse(sender),
            Life::Leaves(after) => self.turns.after(after, Turn::Leave(sender)),
            Life::Sleeps { after, .. } => self.turns.after(after, Turn::Sleep(sender)),
            Life::Stays | Life::Nudged(_) => {}
        }
    }

    fn enter(&mut self, sender: usize) {
        let waits = self.out_of_line(sender);
        if waits.since < self.turns.now {
            self.open.sometimes(2, "somebody who waits is given room");
        }
        if self.is_gone {
            self.open.sometimes(4, "a pool that was dropped accepts");
        }
        self.tell(Accepted(waits.item.number));
        self.queue.push_back(waits.item);
        self.goes_on(sender);
    }

    /// "Dropped before it resolves, `item` was not accepted and is dropped with it."
    fn leave(&mut self, sender: usize) {
        let waits = self.out_of_line(sender);
        self.tell(Leaves(waits.item.number));
        self.tell(Lost(waits.item.number));
        self.goes_on(sender);
    }

    /// Rule 5: "gets the item back at once".
    fn refuse(&mut self, sender: usize) {
        let waits = self.out_of_line(sender);
        self.open.sometimes(5, "an item is given back");
        self.tell(Refused(waits.item.number));
        self.goes_on(sender);
    }

    fn out_of_line(&mut self, sender: usize) -> Waits {
        self.turns.forget(sender);
        let at = self.line.iter().position(|it| it.sender == sender);
        self.line.remove(at.expect("it is in line"))
    }

    fn sleep(&mut self, sender: usize) {
        let waits = self.line.iter_mut().find(|it| it.sender == sender);
        let waits = waits.expect("it is in line");
        waits.sleeps = true;
        if let Life::Sleeps { nap, .. } = waits.item.life {
            self.turns.after(nap, Turn::Wake(sender));
        }
    }

    fn wake(&mut self, sender: usize) {
        let waits = self.line.iter_mut().find(|it| it.sender == sender);
        let waits = waits.expect("it is in line");
        waits.sleeps = false;
        match waits.item.life {
            Life::Sleeps { leaves: true, .. } => self.leave(sender),
            _ if self.is_closed => self.refuse(sender),
            _ => {}
        }
    }

    fn begin(&mut self, number: usize) {
        let (item, begun) =
            self.work.iter_mut().find(|it| it.0.number == number).expect("taken");
        *begun = true;
        let takes = match item.work {
            Work::Ends(after, _) | Work::Panics(after) => after,
            Work::PanicsAtOnce => Duration::ZERO,
        };
        self.turns.after(takes, Turn::Stop(number));
        self.tell(Begins(number));
    }

    fn stop(&mut self, number: usize) {
        let at = self.work.iter().position(|it| it.0.number == number);
        // It was cut in this instant.
        let Some(at) = at else { return };
        let (item, _) = self.work.remove(at);
        // Rule 3: "costs its own item: no other item, and no worker".
        let panics = !matches!(item.work, Work::Ends(..));
        if panics && !self.queue.is_empty() {
            self.open.sometimes(3, "items wait behind one that panics");
        }
        self.ended.push((self.turns.now, panics));
        self.tell(if panics { Panics(number) } else { Ends(number) });
    }

    fn call(&mut self) {
        let shutdown = self.scene.end.as_ref().and_then(|end| end.shutdown);
        match shutdown.filter(|it| it.life != Life::Unpolled) {
            Some(shutdown) => self.turns.after(shutdown.unpolled, Turn::Close),
            // Rule 4: "dropped instead leaves its handles open".
            None => {
                self.is_gone = true;
                self.tell(Gone);
            }
        }
    }

    /// Rule 5: "From the first poll of `shutdown`".
    fn close(&mut self) {
        let shutdown = self.scene.end.as_ref().and_then(|end| end.shutdown);
        let Shutdown { drain, life, sends, .. } = shutdown.expect("it was called");
        self.tell(Polled);
        (self.is_closed, self.is_asked) = (true, true);
        // Rule 6: "since the first poll".
        self.limit = self.turns.now.saturating_add(drain);
        self.turns.after(drain, Turn::Limit);
        if let Life::Leaves(after) = life {
            self.turns.after(after, Turn::Quit);
        }
        if sends {
            self.tell(Refused(self.scene.items()));
        }
        let awake = self.line.iter().filter(|it| !it.sleeps).map(|it| it.sender);
        awake.collect::<Vec<_>>().into_iter().for_each(|it| self.refuse(it));
    }

    /// Rule 6: "items in work are aborted", "items not yet started are handed back".
    fn cut(&mut self) {
        if !self.is_asked {
            return;
        }
        let work = std::mem::take(&mut self.work);
        if work.len() > 1 && self.queue.len() > 1 {
            self.open.sometimes(6, "items in work and in the queue are cut");
        }
        for (item, begun) in &work {
            let number = item.number;
            // Taken in this very instant: its handler need not have been called.
            self.tell(if *begun { Aborted(number) } else { Lost(number) });
        }
        self.report(work.len());
    }

    fn report(&mut self, mut aborted: usize) {
        self.is_asked = false;
        let (mut done, mut panicked) = (0, 0);
        for (at, panics) in &self.ended {
            // At a tie it may be in the report as ended or as aborted, but once.
            if *at == self.limit && self.open.either() {
                self.open.sometimes(7, "an item ends at the limit");
                aborted += 1;
            } else if *panics {
                panicked += 1;
            } else {
                done += 1;
            }
        }
        let unstarted = self.queue.drain(..).map(|item| item.number).collect();
        self.tell(Returns(Told { done, panicked, aborted, unstarted }));
    }

    fn quit(&mut self) {
        // It has returned.
        if !self.is_asked {
            return;
        }
        if !self.work.is_empty() {
            self.open.sometimes(4, "a shutdown is dropped with items in work");
        }
        self.is_asked = false;
        // "handles what it accepted for `drain` at least".
        self.silent = self.silent.min(self.limit);
        self.tell(Quits);
    }
}
