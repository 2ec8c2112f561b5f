//! The scenes of `backpressure` as they are drawn.

use std::{iter::repeat_n, time::Duration};

use kit::{ms, scenes::Draw};

use super::story::{Ask, Kind, LARGEST, Scene, Step, TO_THE_END, What};

/// Beyond all that happens.
const IN_THIRTY_YEARS: Duration = ms(1_000_000_000_000);
const HALF_A_MS: Duration = Duration::from_micros(500);

pub fn write(from: &Draw) -> Scene {
    let many = from.once_in(16);
    let few = |from: &Draw| Some(from.one_of(&[10, 1, 0, 3, u32::MAX]));
    let scene = Scene {
        places: if many {
            from.one_of(&[1 << 32, LARGEST, LARGEST + 1, usize::MAX])
        } else {
            from.one_of(&[1, 2, 3, 4])
        },
        bytes: from.since(6, few).unwrap_or(u32::MAX),
        busy: from.once_in(4),
        steps: vec![],
        asks: vec![],
        rule: from.step(),
    };
    Script { scene, from, at: ms(0) }.write()
}

/// A scene while it is written.
struct Script<'a> {
    scene: Scene,
    from: &'a Draw,
    at: Duration,
}

/// Writes some steps.
type Write = fn(&mut Script);

impl Script<'_> {
    fn write(mut self) -> Scene {
        let (from, rule) = (self.from, self.scene.rule);
        // What may be done, from which rule on, and how often.
        let all: [(usize, usize, Write); 8] = [
            (1, 5, |it| it.ask()),
            (1, 2, |it| it.receive(What::Glance, &[1, 0, 3])),
            (1, 1, |it| it.receive(What::Receive, &[1, 2, TO_THE_END])),
            (1, 1, |it| it.one(What::Poll)),
            (1, 2, |it| it.one(What::Drop)),
            (3, 1, |it| it.next(What::Close)),
            (5, 2, |it| it.uses()),
            (7, 1, |it| it.crowd()),
        ];
        let all = all.iter().filter(|(since, ..)| *since <= rule);
        let all: Vec<_> =
            all.flat_map(|&(_, often, it)| repeat_n(it, often)).collect();
        from.list(|from| from.one_of(&all)(&mut self));
        if from.once_in(3) {
            self.fill_anew();
        }
        if rule >= 3 && from.once_in(2) {
            self.next(from.one_of(&[What::Close, What::Leave]));
            from.list(|from| from.one_of(&all)(&mut self));
        }
        if from.once_in(2) {
            self.next(What::End);
            from.list(|_| self.one(What::Drop));
        }
        self.then(false, What::Receive(TO_THE_END, None));
        self.scene
    }

    /// What is done next: soon, or some time later.
    fn then(&mut self, hurried: bool, what: What) {
        let hurried = hurried && !self.scene.steps.is_empty();
        if !hurried {
            self.at += self.from.time().min(ms(100_000));
        }
        self.scene.steps.push(Step { at: self.at, hurried, what });
    }

    fn next(&mut self, what: What) {
        let hurried = self.from.once_in(3);
        self.then(hurried, what);
    }

    fn ask(&mut self) {
        let Script { from, at, .. } = *self;
        // Before rule 7 each of those who wait may be the next, and many have too many orders.
        if self.scene.rule < 7 && self.scene.asks.len() == 5 {
            return;
        }
        let all = self.scene.bytes;
        let sizes = [1, 0, 2, all / 2, all / 2 + 1, all, all.saturating_add(1)];
        let long = from.time().saturating_mul(3).min(ms(7_000_000));
        let waits = [Duration::MAX, ms(0), from.time(), HALF_A_MS, long];
        let kinds = [Kind::Send, Kind::Reserve];
        self.scene.asks.push(Ask {
            kind: from.since(5, |from| from.one_of(&kinds)),
            bytes: if from.step() < 6 { 1 } else { from.one_of(&sizes) },
            wait: if from.step() < 2 {
                IN_THIRTY_YEARS
            } else {
                from.one_of(&waits)
            },
            due: at + from.since(4, Draw::time).min(IN_THIRTY_YEARS),
        });
        self.next(What::Ask(self.scene.asks.len()));
    }

    /// Many of a kind.
    fn crowd(&mut self) {
        self.ask();
        let first = self.scene.asks.len() - 1;
        // Often the first needs as many bytes as some of the others together.
        let share = self.from.one_of(&[1, 2, 3]);
        if share > 1 {
            self.scene.asks[first].bytes = self.scene.bytes;
        }
        let first = self.scene.asks[first];
        let more =
            if self.from.once_in(16) { 40 } else { self.from.one_of(&[2, 5]) };
        let bytes = first.bytes / share;
        for n in 0..more {
            let wait = first.wait.saturating_add(ms(n));
            self.scene.asks.push(Ask { wait, bytes, ..first });
            let what = What::Ask(self.scene.asks.len());
            self.scene.steps.push(Step { at: self.at, hurried: false, what });
        }
        // One of them leaves, or is polled when another has its turn.
        let one = self.scene.asks.len() - self.from.below(more) as usize;
        match self.from.below(3) {
            0 => {}
            1 => self.next(What::Drop(one)),
            _ => {
                self.then(false, What::Glance(3, None));
                self.then(true, What::Poll(one));
            }
        }
    }

    /// The number of an ask so far, one of the last.
    fn any(&self) -> Option<usize> {
        let asks = self.scene.asks.len();
        let back = self.from.below(asks.clamp(1, 5) as u64) as usize;
        (asks > 0).then_some(asks - back)
    }

    fn one(&mut self, what: fn(usize) -> What) {
        if let Some(n) = self.any() {
            self.next(what(n));
        }
    }

    fn uses(&mut self) {
        let asks = self.scene.asks.iter().zip(1..);
        let reserves = asks.filter(|(ask, _)| ask.kind == Kind::Reserve);
        let reserves: Vec<usize> = reserves.map(|(_, n)| n).collect();
        if !reserves.is_empty() {
            self.next(What::Use(self.from.one_of(&reserves)));
        }
    }

    /// Often the work takes just what is left until the deadline of an item.
    fn receive(
        &mut self,
        what: fn(usize, Option<Duration>) -> What,
        times: &[usize],
    ) {
        let from = self.from;
        let times = from.one_of(times);
        let takes = from.since(4, |from| {
            let due = self.any().map_or(self.at, |n| self.scene.asks[n - 1].due);
            let left = due.saturating_sub(self.at);
            let takes = [left, left + HALF_A_MS, ms(0), from.time()];
            from.maybe(|from| from.one_of(&takes))
        });
        self.next(what(times, takes));
    }

    /// All is given back and received, and then as many come as fit, and one more.
    fn fill_anew(&mut self) {
        for n in 1..=self.scene.asks.len() {
            self.then(n > 1, What::Drop(n));
        }
        self.then(false, What::Receive(TO_THE_END, None));
        self.then(false, What::Glance(0, None));
        for _ in 0..=self.scene.places.min(4) {
            self.ask();
        }
    }
}
