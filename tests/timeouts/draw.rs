//! How the calls of `timeouts` are drawn.

use std::time::Duration;

use kit::{ms, scenes::Draw};

use super::story::{Answer, Call, Core, Fault, LONGEST, Layer, Line, Message, Work};

/// Values, errors, payloads and ids.
const VALUES: [u64; 4] = [7, 0, 1, u64::MAX];

/// The times of a call: many meet one of them, or miss it by the least there is.
struct Times<'a>(&'a Draw, Duration);

impl Times<'_> {
    fn draw(&self) -> Duration {
        let Times(from, met) = *self;
        if from.once_in(2) && met < LONGEST {
            // The last has the same lowest 32 bits, as milliseconds.
            let near = [met + ms(1), met.saturating_sub(ms(1)), met + ms(1 << 32)];
            return from.one_of(&[met, near[0], met, near[1], near[2]]);
        }
        from.time()
    }

    /// Now and then half a millisecond less.
    fn odd(&self) -> Duration {
        let less = if self.0.once_in(4) { 500 } else { 0 };
        self.draw().saturating_sub(Duration::from_micros(less))
    }

    fn soon(&self) -> Duration {
        self.draw().min(ms(60_000))
    }

    fn work(&self, is_task: bool, rests: bool) -> Work {
        let from = self.0;
        let value = from.one_of(&VALUES);
        let ends =
            [Answer::Ok(value), Answer::Err(Fault::E(value)), Answer::Panic(value)];
        let end = if is_task { &ends[..] } else { &ends[..2] };
        let most = from.since(2, |_| if rests { 40 } else { usize::MAX });
        Work {
            turns: from.one_of(&[0, 0, 1, 3, most, 0, most]),
            is_greedy: from.since(2, |from| from.once_in(2)),
            after: if from.once_in(5) { ms(0) } else { self.draw() },
            end: from.one_of(end),
        }
    }

    fn line(&self, rests: bool) -> Line {
        let from = self.0;
        let id = from.one_of(&VALUES);
        let other =
            |from: &Draw| id.wrapping_add(from.one_of(&[1, u64::MAX, 1 << 32]));
        let many = if from.once_in(32) { 200 } else { 0 };
        let mut messages = vec![Message { after: ms(0), to: Some(id ^ 1) }; many];
        messages.extend(from.list(|from| {
            let after = if from.once_in(3) { ms(0) } else { self.draw() };
            let to = if from.once_in(3) { id } else { other(from) };
            Message { after, to: (!from.once_in(8)).then_some(to) }
        }));
        Line { id, messages, is_flood: !rests && from.once_in(2) }
    }

    fn layers(&self, core: &Core) -> Vec<(Layer, Duration)> {
        let (from, step) = (self.0, self.0.step());
        let kinds: &[Layer] = match step {
            1..=3 => &[Layer::Within],
            5 | 6 => &[Layer::Within, Layer::Step],
            _ => &[Layer::Step, Layer::Step, Layer::Within],
        };
        let least = match core {
            Core::Work(_) => 1,
            Core::Task(_) => 0,
            _ => u64::from(step == 7),
        };
        let count = if step == 1 { 0 } else { from.one_of(&[least, 1, 2, 5]) };
        let mut layers = vec![];
        if step == 1 || from.once_in(6) {
            layers.push(Layer::IsHealthy);
        }
        layers.extend((0..count).map(|_| from.one_of(kinds)));
        if let Core::Line(_) = core {
            layers.push(Layer::ReplyTo);
        }
        layers.into_iter().map(|layer| (layer, self.draw())).collect()
    }
}

impl Call {
    pub(super) fn draw(from: &Draw, n: u64) -> Self {
        let times = Times(from, from.time());
        let busy = from.maybe(|_| times.soon().max(ms(1)));
        let patience = match busy {
            Some(busy) => busy * from.one_of(&[6, 1, 2, 3, 0, 20]),
            None if from.once_in(4) => times.draw().min(LONGEST),
            None => LONGEST,
        };
        // What never rests needs a caller that does.
        let rests = busy.is_none();
        let kinds: &[u64] = match from.step() {
            1 | 2 => &[0],
            3 => &[1, 1, 1, 0],
            4 => &[0, 0, 0, 1],
            5 => &[2, 2, 2, 0, 1],
            6 => &[3, 3, 3, 2, 0, 1],
            _ => &[0, 0, 0, 3, 2, 1],
        };
        let most = if rests { 300 } else { usize::MAX };
        let core = match from.one_of(kinds) {
            0 => Core::Work(times.work(false, rests)),
            1 => Core::Line(times.line(rests)),
            2 => Core::Task(times.work(true, true)),
            _ => Core::Pieces(from.one_of(&[3, 0, 1, 2, 7, 70, most])),
        };
        let layers = times.layers(&core);
        let unpolled = if from.once_in(4) { times.soon() } else { ms(0) };
        let total = |from: &Draw| {
            (n == 0 || from.once_in(3)).then(|| times.odd().saturating_add(unpolled))
        };
        Call {
            after: if n > 0 { times.soon() } else { ms(0) },
            total: from.since(4, total),
            unpolled,
            layers,
            core,
            busy,
            patience,
        }
    }
}
