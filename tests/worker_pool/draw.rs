//! What may be given in a scene of `worker_pool`. What rule 5 brings is there from step 5 on.

use std::time::Duration;

use kit::{ms, scenes::Draw};

use super::{End, Life, MOST, Scene, Sender, Sending, Shutdown, Way, Work};

/// The limit of a drain that is no rule's business yet.
const LONG: Duration = ms(20_000_000);

pub(super) fn scene(from: &Draw) -> Scene {
    let step = from.step();
    let is_crowd = from.once_in(if matches!(step, 1 | 2 | 4) { 240 } else { 600 });
    let workers = from.one_of(&[1, 2, 3, 7]);
    let capacity = |from: &Draw| {
        let most = from.once_in(30);
        let most = most.then(|| from.one_of(&[MOST, MOST + 1, usize::MAX]));
        most.unwrap_or(from.one_of(&[1, 2, 1, 3, 8]))
    };
    // Who does everything at a multiple of it meets the others.
    let grid = from.since(7, |from| from.maybe(|from| from.one_of(&[50, 1])));
    let times = Times { from, grid };
    let others = from.one_of(&[0, 1, 0, 1, 2]);
    let mut senders: Vec<_> = (0..=others).map(|_| Sender::draw(&times)).collect();
    if is_crowd {
        // More than a runtime polls at a stretch, and more than a byte counts.
        senders[0].sendings = vec![Sending::draw(&times, ms(0)); 260];
    }
    if grid.is_none() {
        // Whoever begins at the same time may come first: most begin apart.
        let first = senders.iter_mut().map(|it| it.sendings.first_mut());
        (0..).zip(first.flatten()).for_each(|(n, it)| it.after += ms(3 * n));
    }
    let all = senders.iter_mut().flat_map(|it| &mut it.sendings);
    all.zip(0..).for_each(|(sending, number)| sending.number = number);
    // Who sleeps through the shutdown may have been given room before it.
    if from.since(5, |from| from.once_in(4)) {
        let asleep = Life::Sleeps { after: ms(1), nap: ms(100_000), leaves: false };
        senders[0].sendings.iter_mut().skip(1).for_each(|it| it.life = asleep);
    }
    let end = |from: &Draw| (from.below(8) < 7).then(|| End::draw(&times));
    let mut end = from.since(4, end);
    // What was sent and the shutdown are there before anybody in the pool has run.
    if let Some(end) = end.as_mut().filter(|_| from.once_in(8)) {
        end.at = ms(0);
        let sendings = senders[0].sendings.iter_mut();
        sendings.for_each(|it| (it.after, it.life) = (ms(0), Life::Stays));
        if let Some(shutdown) =
            end.shutdown.as_mut().filter(|_| from.since(6, |from| from.once_in(2)))
        {
            shutdown.drain = ms(0);
        }
    }
    Scene {
        step,
        workers: if is_crowd { 90 } else { workers },
        capacity: from.since(2, |from| Some(capacity(from))).unwrap_or(1_000),
        senders,
        end,
        takes_turns: step >= 7,
    }
}

/// Where lengths of time come from.
struct Times<'a> {
    from: &'a Draw,
    grid: Option<u64>,
}

impl Times<'_> {
    fn any(&self) -> Duration {
        match self.grid {
            Some(grid) => ms(grid * self.from.below(5)),
            None => self.from.time(),
        }
    }

    fn limit(&self) -> Duration {
        if self.grid.is_some() { self.any() } else { self.from.limit() }
    }

    fn soon(&self) -> Duration {
        self.any().min(ms(100_000))
    }
}

impl Sender {
    fn draw(times: &Times<'_>) -> Self {
        let way = times.from.one_of(&[Way::Own, Way::Clone, Way::Shared, Way::Late]);
        let mut sendings = vec![];
        times.from.list(|from| {
            if sendings.len() >= 4 {
                return;
            }
            let pauses = sendings.is_empty() || from.once_in(2);
            let after = if pauses { times.soon() } else { ms(0) };
            let first = Sending::draw(times, after);
            let more = if from.once_in(10) { from.below(6) as usize } else { 0 };
            let others = vec![Sending { after: ms(0), ..first }; more];
            sendings.extend([vec![first], others].concat());
        });
        Sender { way, sendings }
    }
}

impl Sending {
    fn draw(times: &Times<'_>, after: Duration) -> Self {
        let (work, life) = (Work::draw(times), Life::draw(times));
        Sending { number: 0, after, work, life }
    }
}

impl Work {
    fn draw(times: &Times<'_>) -> Self {
        let from = times.from;
        let gives_way = if from.once_in(6) { from.below(4) } else { 0 };
        let ends = Work::Ends(times.any(), gives_way);
        let panics =
            |from: &Draw| match from.below(if from.step() == 3 { 8 } else { 20 }) {
                1 => Some(Work::PanicsAtOnce),
                2..4 => Some(Work::Panics(times.any())),
                _ => None,
            };
        from.since(3, panics).unwrap_or(ends)
    }
}

impl Life {
    fn draw(times: &Times<'_>) -> Self {
        let life = |from: &Draw| match from.below(16) {
            1 => Life::Unpolled,
            2..4 => Life::Leaves(times.any()),
            4 => Life::Nudged(times.any()),
            5..8 => Life::Sleeps {
                after: times.soon().max(ms(1)),
                nap: times.soon(),
                leaves: from.once_in(2),
            },
            _ => Life::Stays,
        };
        times.from.since(2, |from| Some(life(from))).unwrap_or(Life::Stays)
    }
}

impl End {
    fn draw(times: &Times<'_>) -> Self {
        let from = times.from;
        let at = times.soon() * from.one_of(&[1, 3, 0]);
        let life = match from.below(8) {
            1 => Life::Unpolled,
            2..4 => Life::Leaves(times.any()),
            4 => Life::Nudged(times.any()),
            _ => Life::Stays,
        };
        let late = |from: &Draw| from.once_in(4).then(|| times.soon());
        let shutdown = Shutdown {
            drain: from.since(6, |_| Some(times.limit())).unwrap_or(LONG),
            unpolled: from.since(5, late).unwrap_or(ms(0)),
            life,
            sends: from.since(5, |from| from.once_in(2)),
        };
        let is_dropped = from.once_in(5);
        let shutdown = (!is_dropped).then_some(shutdown);
        // Before rule 5 nobody sends to a pool that has been shut down.
        End { at, is_last: from.step() < 5 && shutdown.is_some(), shutdown }
    }
}
