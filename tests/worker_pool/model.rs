//! The contract of `exercises/worker_pool.rs` as a calculation. It is a solution without its
//! futures: read it when you have yours.

mod law;
mod line;
mod story;
mod turns;

use std::{collections::VecDeque, time::Duration};

use kit::scenes::{Contract, Judge, Open, Story, judge};

use Happens::*;
use line::Waits;
pub use story::{
    End, Happens, Life, MOST, OVER, Scene, Sender, Sending, Shutdown, Told, Way,
    Work,
};
use turns::{Turn, Turns};

/// The contract of `worker_pool`.
pub struct WorkerPool;

impl Contract for WorkerPool {
    type Scene = Scene;
    type Event = Happens;

    fn judge() -> &'static dyn Judge {
        judge::<Self>()
    }

    /// More than elsewhere: most of its faults need a send, an end and the signal at one instant.
    fn scenes(step: usize) -> u64 {
        8 + step as u64
    }

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let unsent = scene.senders.iter().map(|it| &it.sendings[..]).collect();
        let mut model = Model {
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
            is_closed: false,
            is_asked: false,
            limit: Duration::MAX,
            silent: OVER,
            is_open: false,
        };
        // A size beyond a library's limit is a panic in the call that should make it.
        if scene.capacity > MOST {
            model.tell(NewPanics);
            return Some(model.story);
        }
        model.begins();
        while let Some(turn) = model.next()? {
            model.take(turn);
        }
        Some(model.story)
    }

    fn law(scene: &Scene, came: &Story<Happens>) -> Result<(), String> {
        law::law(scene, came)
    }
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
    is_closed: bool,
    /// Somebody polls `shutdown`.
    is_asked: bool,
    limit: Duration,
    /// From then on nobody says what becomes of the items.
    silent: Duration,
    /// What comes now may be anything.
    is_open: bool,
}

impl Model<'_> {
    fn tell(&mut self, event: Happens) {
        let now = self.turns.now;
        if now < self.silent || !event.is_of_an_item() {
            self.story.tell(now, event);
        }
    }

    /// `Some(None)` at the end, `None` where the contract does not say.
    fn next(&mut self) -> Option<Option<Turn>> {
        let at_once = self.at_once();
        // Do those asleep hold the whole queue, though a worker is idle?
        let Scene { workers, capacity, .. } = *self.scene;
        let is_idle = self.work.len() + self.queue.len() < workers;
        let asleep = self.line.iter().filter(|it| it.sleeps).count();
        self.is_open |= is_idle && (capacity..self.line.len()).contains(&asleep);
        let is_said = !self.is_open && !self.turns.are_too_many();
        is_said.then(|| self.turns.next(at_once, self.open))
    }

    /// What the pool does in no time.
    fn at_once(&self) -> Vec<Turn> {
        let (work, queued) = (self.work.len(), self.queue.len());
        let new = self.work.iter().filter(|it| !it.1);
        let mut turns: Vec<_> = new.map(|it| Turn::Begin(it.0.number)).collect();
        // Rule 1: "At most `workers`", and "a free worker takes the oldest item at once".
        let Scene { workers, capacity, .. } = *self.scene;
        let next = self.queue.iter().take(workers - work);
        turns.extend(next.map(|item| item.work.takes()).min().map(Turn::Take));
        // Rule 2: room "goes to the sender that has waited longest", and is its own though it sleeps.
        let first = self.line.iter().take(workers + capacity - work - queued);
        let awake = first.filter(|it| !it.sleeps && !self.is_closed);
        turns.extend(awake.map(|it| Turn::Enter(it.sender)));
        // Rule 4: "at the instant the last item ends".
        turns.extend((self.is_asked && work + queued == 0).then_some(Turn::Return));
        turns
    }

    fn take(&mut self, turn: Turn) {
        match turn {
            Turn::Take(shortest) => {
                if self.queue.len() > 1 {
                    self.open.sometimes(1, "several wait for a worker");
                }
                let oldest = self.queue.front();
                if oldest.is_some_and(|item| item.work.takes() > shortest) {
                    self.open.sometimes(1, "a shorter item is taken right behind");
                }
                self.work.extend(self.queue.pop_front().map(|item| (item, false)));
            }
            Turn::Begin(number) => self.begin(number),
            Turn::Stop(number) => self.stop(number),
            Turn::Arrive(sender) => self.arrive(sender),
            Turn::Enter(sender) => {
                if self.line.iter().any(|it| it.since < self.turns.now) {
                    self.open.sometimes(2, "somebody who waits is given room");
                }
                self.enter(sender);
            }
            Turn::Leave(sender) => self.leave(sender),
            Turn::Sleep(sender) => self.sleep(sender),
            Turn::Wake(sender) => self.wake(sender),
            Turn::Call => self.call(),
            Turn::Close => self.close(),
            Turn::Return => self.report(0),
            Turn::Limit if self.is_asked => self.cut(),
            Turn::Quit if self.is_asked => self.quit(),
            Turn::Limit | Turn::Quit => {}
        }
    }

    fn begin(&mut self, number: usize) {
        let taken = self.work.iter_mut().find(|it| it.0.number == number);
        let (item, is_begun) = taken.expect("it was taken");
        *is_begun = true;
        self.turns.after(item.work.takes(), Turn::Stop(number));
        self.tell(Begins(number));
    }

    fn stop(&mut self, number: usize) {
        let at = self.work.iter().position(|it| it.0.number == number);
        let Some(at) = at else { return }; // it was cut
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
        match self.scene.shutdown() {
            Some(shutdown) => self.turns.after(shutdown.unpolled, Turn::Close),
            // Rule 4: "dropped instead, its handles stay open".
            None => {
                if !self.unsent.concat().is_empty() {
                    self.open.sometimes(4, "a pool is dropped and items come");
                }
                self.tell(Gone);
            }
        }
    }

    /// Rule 5: "From the first poll of `shutdown`".
    fn close(&mut self) {
        let shutdown = self.scene.shutdown().expect("it was called");
        let Shutdown { drain, life, sends, .. } = shutdown;
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
        let awake = self.line.iter().filter(|it| !it.sleeps);
        for sender in awake.map(|it| it.sender).collect::<Vec<_>>() {
            self.open.sometimes(5, "who waits gets the item back");
            self.refuse(sender);
        }
    }

    /// Rule 6: "items in work are aborted", "items not yet started are handed back".
    fn cut(&mut self) {
        let work = std::mem::take(&mut self.work);
        if work.len() > 1 && self.queue.len() > 1 {
            self.open.sometimes(6, "items in work and in the queue are cut");
        }
        for (Sending { number, .. }, is_begun) in &work {
            // Taken in this very instant: its handler need not have been called.
            self.tell(if *is_begun { Aborted(*number) } else { Lost(*number) });
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
        self.is_asked = false;
        // Whoever leaves at the limit may have seen a part of what it does.
        self.is_open |= self.turns.now == self.limit;
        // "handles what it accepted for `drain` at least".
        self.silent = self.silent.min(self.limit);
        self.tell(Quits);
    }
}
