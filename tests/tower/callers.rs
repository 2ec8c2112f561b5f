//! Who does what when in the scenes of `tower`: callers, and requests on their way.

use std::time::Duration;

use kit::scenes::{Agenda, Open, Story};

use super::{Caller, Deed, Happens, Places, Request, Said, Scene, What};

/// What may come next.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Due {
    /// The backend begins to fail, or is well again.
    Turn,
    /// A caller comes to its next deed.
    Deed(usize),
    GivesUp(usize),
    /// Requests of this number.
    Of(u32, Step),
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Step {
    /// They are polled once.
    Poll,
    /// From now on they are polled whenever there is news.
    Await,
    /// Work of theirs ends at this instant, or a limit.
    End(Duration),
    Leave,
}

/// A caller, and its value of the service.
pub(super) struct Owner<'a> {
    pub(super) deeds: &'a [Deed],
    /// The value's place at the backend, or in the line for one.
    pub(super) seat: Option<usize>,
    pub(super) is_ready: bool,
    pub(super) waits: bool,
}

/// A request that was called.
pub(super) struct Sent {
    pub(super) given: Request,
    pub(super) is_awaited: bool,
    pub(super) seat: Option<usize>,
    pub(super) at: At,
    /// The letters of the layers that it has passed.
    pub(super) letters: String,
    pub(super) called: Duration,
    /// The limits that run, the outermost first.
    pub(super) limits: Vec<Limit>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum At {
    /// In the future of `bounded`.
    Line,
    /// In the function of this layer: until then, or it has not begun.
    Function(usize, Option<Duration>),
    Backend(Duration),
    Gone,
}

#[derive(Clone, Copy)]
pub(super) struct Limit {
    /// Whose it is; those before this one hear of it.
    pub(super) layer: usize,
    pub(super) is_zero: bool,
    pub(super) until: Duration,
}

pub(super) struct Model<'a> {
    pub(super) scene: &'a Scene,
    pub(super) open: &'a Open,
    pub(super) story: Story<Happens>,
    pub(super) now: Duration,
    pub(super) agenda: Agenda<Due>,
    pub(super) owners: Vec<Owner<'a>>,
    pub(super) sent: Vec<Sent>,
    pub(super) places: Places,
    pub(super) fails: bool,
    /// Whether there is a model for what has happened.
    pub(super) is_clear: bool,
}

impl<'a> Model<'a> {
    pub(super) fn new(scene: &'a Scene, open: &'a Open) -> Self {
        let owner = |caller: &'a Caller| {
            let (seat, is_ready, waits) = (None, false, false);
            Owner { deeds: &caller.deeds, seat, is_ready, waits }
        };
        Model {
            scene,
            open,
            story: Story::default(),
            now: Duration::ZERO,
            agenda: Agenda::default(),
            owners: scene.callers.iter().map(owner).collect(),
            sent: vec![],
            places: Places::new(scene.places),
            fails: false,
            is_clear: true,
        }
    }

    pub(super) fn run(mut self) -> Option<Story<Happens>> {
        for owner in 0..self.owners.len() {
            self.plan_deed(owner);
        }
        for at in self.scene.turns() {
            self.agenda.add(at, Due::Turn);
        }
        // Where nobody waits, and nobody leaves, no order shows.
        let one_order = Open::default();
        let order = if self.scene.is_calm() { &one_order } else { self.open };
        while let Some((at, due)) = self.agenda.next(order) {
            self.now = at;
            self.happens(due);
            self.serve_the_line();
        }
        self.is_clear.then_some(self.story)
    }

    fn happens(&mut self, due: Due) {
        match due {
            Due::Turn => self.fails = !self.fails,
            Due::Deed(owner) => match self.owners[owner].deeds[0].what {
                What::Asks => {
                    self.ask(owner);
                    self.next_deed(owner);
                }
                What::Sends(stays, _) => {
                    self.owners[owner].waits = true;
                    self.plan(stays, Due::GivesUp(owner));
                }
            },
            Due::GivesUp(owner) => {
                self.tell(Happens::GivesUp(owner + 1));
                self.next_deed(owner);
            }
            Due::Of(number, step) => {
                for n in 0..self.sent.len() {
                    if self.sent[n].given.number == number
                        && self.sent[n].at != At::Gone
                    {
                        self.step(n, step);
                    }
                }
            }
        }
    }

    fn step(&mut self, n: usize, step: Step) {
        if step == Step::Leave {
            // 150 of them can leave in too many orders.
            self.is_clear &= self.sent[n].given.times == 1;
            self.tell(Happens::Leaves(self.sent[n].given.number));
            return self.is_gone(n);
        }
        self.sent[n].is_awaited |= step == Step::Await;
        if step == Step::Poll || self.sent[n].is_awaited {
            self.poll(n);
        }
    }

    /// Whoever waits hears of a place, or of a failure, in the instant it is there.
    fn serve_the_line(&mut self) {
        loop {
            let before = self.story.events().len();
            for owner in 0..self.owners.len() {
                if self.owners[owner].waits {
                    self.wait_and_send(owner);
                }
            }
            for n in 0..self.sent.len() {
                if self.sent[n].is_awaited
                    && self.sent[n].at == At::Line
                    && self.has_news(n)
                {
                    self.poll(n);
                }
            }
            if self.story.events().len() == before {
                return;
            }
        }
    }

    fn wait_and_send(&mut self, owner: usize) {
        let What::Sends(_, request) = self.owners[owner].deeds[0].what else {
            return;
        };
        for _ in 0..request.times {
            let is_ready = self.owners[owner].is_ready;
            match if is_ready { Said::Ready } else { self.ask(owner) } {
                Said::Pending => return,
                Said::Fails(_) => break,
                Said::Ready => self.send(owner, request),
            }
        }
        self.next_deed(owner);
    }

    pub(super) fn next_deed(&mut self, owner: usize) {
        self.agenda.forget(|due| *due == Due::GivesUp(owner));
        let one = &mut self.owners[owner];
        one.waits = false;
        one.deeds = &one.deeds[1..];
        self.plan_deed(owner);
    }

    fn plan_deed(&mut self, owner: usize) {
        match self.owners[owner].deeds.first() {
            Some(deed) => self.plan(deed.after, Due::Deed(owner)),
            None => self.places.leave(self.owners[owner].seat.take()),
        }
    }

    /// Whether there is more to do for a request than before.
    pub(super) fn has_news(&self, n: usize) -> bool {
        match self.sent[n].at {
            At::Line => self.fails || self.places.has_room_for(self.sent[n].seat),
            At::Function(_, until) => until.is_none_or(|until| until <= self.now),
            At::Backend(until) => until <= self.now,
            At::Gone => false,
        }
    }

    pub(super) fn tell(&mut self, event: Happens) {
        self.story.tell(self.now, event);
    }

    /// So much later; the largest value means never.
    pub(super) fn later(&self, time: Duration) -> Duration {
        self.now.saturating_add(time)
    }

    /// Once, also for many requests of one number.
    pub(super) fn plan(&mut self, after: Duration, due: Due) {
        self.agenda.forget(|other| *other == due);
        self.agenda.add(self.later(after), due);
    }

    pub(super) fn plan_end(&mut self, number: u32, until: Duration) {
        let due = Due::Of(number, Step::End(until));
        self.agenda.forget(|other| *other == due);
        self.agenda.add(until, due);
    }
}
