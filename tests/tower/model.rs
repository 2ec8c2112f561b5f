//! The contract of `exercises/tower.rs` as a calculation. It is a solution without its futures: read it
//! when you have yours. Who does what when is in `callers`.

mod callers;
mod places;
mod story;
mod words;

use std::time::Duration;

use kit::scenes::{Contract, Judge, Open, Story, judge};

use Happens::*;
use callers::{At, Due, Limit, Model, Sent, Step};
pub use places::Places;
pub use story::{Answer, Caller, Deed, Happens, Layer, Request, Said, Scene, What};

/// The contract of `tower`.
pub struct Tower;

impl Contract for Tower {
    type Scene = Scene;
    type Event = Happens;

    fn judge() -> &'static dyn Judge {
        judge::<Self>()
    }

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        Model::new(scene, open).run()
    }
}

impl Model<'_> {
    /// Rule 2: a layer "calls the inner `poll_ready` and returns that answer".
    fn ask(&mut self, owner: usize) -> Said {
        let (scene, open) = (self.scene, self.open);
        let one = &mut self.owners[owner];
        let is_bounded = scene.bounded(owner).is_some();
        let said = if is_bounded {
            // Rule 6: "always ready, and while idle it holds no place".
            Said::Ready
        } else if self.fails {
            open.sometimes(2, "a service fails to get ready");
            Said::Fails(Answer::Unavailable)
        } else {
            self.places.ask(&mut one.seat)
        };
        if one.is_ready && said != Said::Ready {
            open.sometimes(2, "a service fails that was ready");
        }
        one.is_ready = said == Said::Ready;
        // Whoever waits hears of it once, and then no more until it is over.
        if said != Said::Pending || !one.waits {
            // Rule 4: "asked first".
            let asked = if is_bounded { 0 } else { scene.layers.len() };
            self.tell(Hears(owner + 1, said, scene.letters(asked)));
        } else {
            open.sometimes(2, "a caller waits for a place");
        }
        said
    }

    fn send(&mut self, owner: usize, given: Request) {
        let one = &mut self.owners[owner];
        one.is_ready = false;
        self.sent.push(Sent {
            given,
            is_awaited: false,
            // Rule 5: the value that was ready goes with the request, and its place with it.
            seat: one.seat.take(),
            at: At::Line,
            letters: String::new(),
            called: self.now,
            limits: vec![],
        });
        let n = self.sent.len() - 1;
        match self.scene.bounded(owner) {
            // Rule 6: "Its limit runs from `call` and covers both the wait and the work".
            Some(limit) => self.limit(n, 0, limit),
            None => self.enter(n, 0),
        }
        let Request { number, unpolled, nap, patience, .. } = given;
        let first = if nap.is_zero() { Step::Await } else { Step::Poll };
        self.plan(unpolled, Due::Of(number, first));
        self.plan(unpolled + nap, Due::Of(number, Step::Await));
        self.plan(patience, Due::Of(number, Step::Leave));
    }

    /// Rule 1: requests "pass through at once", from this layer on as far as they get without a poll.
    fn enter(&mut self, n: usize, from: usize) {
        let scene = self.scene;
        for (layer, what) in scene.layers.iter().enumerate().skip(from) {
            match *what {
                Layer::Trace(letter) => self.sent[n].letters.push(letter),
                Layer::Timeout(limit) => self.limit(n, layer, limit),
                Layer::Function(letter, ..) => {
                    self.sent[n].letters.push(letter);
                    self.sent[n].at = At::Function(layer, None);
                    return;
                }
            }
        }
        let Request { number, takes, .. } = self.sent[n].given;
        let until = self.later(takes);
        self.sent[n].at = At::Backend(until);
        self.plan_end(number, until);
        self.tell(Begins(number, self.sent[n].letters.clone()));
    }

    /// Rule 3: "The limit runs from `call`, even while nobody polls the future".
    fn limit(&mut self, n: usize, layer: usize, limit: Duration) {
        let (is_zero, until) = (limit.is_zero(), self.later(limit));
        self.sent[n].limits.push(Limit { layer, is_zero, until });
        self.plan_end(self.sent[n].given.number, until);
    }

    fn poll(&mut self, n: usize) {
        if let Some(layer) = self.ends_at_a_tie(n) {
            return self.answer(n, layer, Answer::Elapsed);
        }
        let come = self.advance(n);
        // The innermost limit is the one that the layers around it hear of.
        let is_over = |limit: &&Limit| limit.until <= self.now;
        let over = self.sent[n].limits.iter().rev().find(is_over).map(|it| it.layer);
        match (come, over) {
            (Some((layer, answer)), over) => {
                if over.is_some() {
                    // Rule 3: "an answer that has come by then wins".
                    self.open
                        .sometimes(3, "an answer wins over a limit that is over");
                }
                self.answer(n, layer, answer);
            }
            (None, Some(layer)) => {
                self.open.sometimes(3, "a limit ends a request");
                if self.sent[n].at == At::Line {
                    self.open.sometimes(6, "a limit ends a wait");
                }
                self.answer(n, layer, Answer::Elapsed);
            }
            (None, None) => {}
        }
    }

    /// When an answer and a limit come in one instant either is the first. And the contract does not say
    /// whether what was not polled until its limit was over looks for a place once more.
    fn ends_at_a_tie(&mut self, n: usize) -> Option<usize> {
        let Sent { given, at, called, limits, .. } = &self.sent[n];
        let has_news = self.has_news(n);
        let is_open = |limit: &Limit| match at {
            At::Line => limit.until <= self.now && *called < self.now,
            _ => limit.until == self.now && !limit.is_zero,
        };
        let last = limits.iter().rposition(|limit| limit.until <= self.now);
        let open = limits.iter().enumerate().filter(|(_, limit)| is_open(limit));
        let mut open = open.filter(|(i, _)| has_news || Some(*i) != last);
        let (_, limit) = open.find(|_| {
            // 150 of them can end in too many orders.
            self.is_clear &= given.times == 1;
            self.open.either()
        })?;
        Some(limit.layer)
    }

    /// As far as it gets now; an answer, and how many layers it comes out of.
    fn advance(&mut self, n: usize) -> Option<(usize, Answer)> {
        let Request { number, fails, is_secret, .. } = self.sent[n].given;
        loop {
            match self.sent[n].at {
                At::Line if self.fails => {
                    // Rule 6: "An error in the wait is the answer of the request".
                    self.open.sometimes(6, "an error ends a wait");
                    return Some((0, Answer::Unavailable));
                }
                At::Line => match self.places.ask(&mut self.sent[n].seat) {
                    Said::Ready => self.enter(n, 0),
                    _ => {
                        self.open.sometimes(6, "a request waits in its future");
                        return None;
                    }
                },
                At::Function(layer, None) => {
                    let until = self.later(self.scene.function(layer).0);
                    self.sent[n].at = At::Function(layer, Some(until));
                    self.plan_end(number, until);
                }
                At::Function(_, Some(until)) | At::Backend(until)
                    if until > self.now =>
                {
                    return None;
                }
                At::Function(layer, _)
                    if is_secret && self.scene.function(layer).1 =>
                {
                    self.open.sometimes(5, "a function refuses a request");
                    return Some((layer, Answer::Refused(number)));
                }
                At::Function(layer, _) => {
                    self.open.sometimes(5, "a function passes a request on");
                    self.enter(n, layer + 1);
                }
                At::Backend(_) => {
                    // Rule 1: "values and errors pass through at once".
                    let answer = if fails { Answer::Error } else { Answer::Value };
                    self.open.sometimes(1, "an answer comes when it is there");
                    self.sent[n].at = At::Gone;
                    return Some((self.scene.layers.len(), answer(number)));
                }
                At::Gone => return None,
            }
        }
    }

    /// Rule 4: "answered last". What comes from behind so many layers goes out through all of them.
    fn answer(&mut self, n: usize, layers: usize, answer: Answer) {
        let way: String = self.scene.letters(layers).chars().rev().collect();
        if way.len() > 1 {
            self.open.sometimes(4, "an answer goes out through two layers");
        }
        self.tell(Gets(self.sent[n].given.number, answer, way));
        self.is_gone(n);
    }

    /// What works on it is dropped with it, and its place is free.
    fn is_gone(&mut self, n: usize) {
        let Request { number, times, .. } = self.sent[n].given;
        if let At::Backend(_) = self.sent[n].at {
            self.tell(Dropped(number));
        }
        self.sent[n].at = At::Gone;
        self.places.leave(self.sent[n].seat.take());
        if times == 1 {
            self.agenda.forget(|due| matches!(due, Due::Of(of, _) if *of == number));
        }
    }
}
