//! The scenes of `retries`: what is given and what can happen. `words.rs` tells what is given in words.

#[path = "words.rs"]
mod words;

use std::time::Duration;

use kit::{
    ms,
    scenes::{Draw, Event, Setting, told},
};

/// When every caller leaves at last.
pub const HOUR: Duration = ms(3_600_000);

/// A policy, and the calls that are made with it one after the other.
pub struct Scene {
    pub attempts: u32,
    pub base: Duration,
    pub cap: Duration,
    pub attempt_limit: Option<Duration>,
    pub deadline: Option<Duration>,
    pub idempotent: bool,
    pub budget: Option<Store>,
    /// How many tenths jitter makes of the 1st, 2nd, 3rd wait of each call; it leaves later ones alone.
    pub jitter: Vec<u32>,
    /// What it adds to these, also to a wait of no time.
    pub jitter_adds: Duration,
    pub calls: Vec<Call>,
    /// What `backoff` is asked for: with this base and cap, after so many failures.
    pub backoff: Option<(Duration, Duration, u32)>,
    /// What `full_jitter` is asked for: so many thousandths of this wait.
    pub full_jitter: Option<(Duration, u32)>,
    step: usize,
}

/// A store of retries, counted in hundredths; full at first.
#[derive(Clone, Copy)]
pub struct Store {
    most: u32,
    held: u32,
    /// What each call adds.
    earned: u32,
}

pub struct Call {
    /// How long after the call before it.
    pub after: Duration,
    /// How long it lies there before it is polled.
    pub unpolled: Duration,
    /// How the 1st, 2nd, 3rd attempt ends; a later one succeeds at once.
    pub replies: Vec<Reply>,
    /// How long its caller polls it, from the first poll on.
    pub patience: Duration,
    /// How long it lies there then, before it is dropped.
    pub nap: Duration,
    /// It is not dropped: so long its caller is busy, and then polls it again.
    pub busy: Option<Duration>,
}

#[derive(Clone, Copy)]
pub struct Reply {
    /// How long it takes; [`Duration::MAX`] is for ever.
    pub after: Duration,
    pub what: What,
}

#[derive(Clone, Copy)]
pub enum What {
    Value,
    Transient,
    Permanent,
    RetryAfter(Duration),
}

/// The error of an attempt: its number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct E(pub u32);

/// What `retry` returns. The value of an attempt is its number as well.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    Ok(u32),
    Permanent(E),
    Exhausted(u32, E),
    TimedOut(u32),
    Deadline(u32, Option<E>),
    OutOfBudget(u32, Option<E>),
}

#[derive(Clone, Copy, PartialEq)]
pub enum Happens {
    /// An attempt begins and is told this number.
    Begins(u32),
    Succeeds(u32),
    Fails(u32),
    Dropped(u32),
    Earns,
    Takes,
    GetsBack,
    Gets(Answer),
    /// The caller drops the call.
    Leaves,
    Backoff(Duration),
    FullJitter(u32),
    /// It is asked for a wait after the last attempt.
    Jitter,
}

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        match self {
            Happens::Begins(n) => ("attempt", format!("{n} begins")),
            Happens::Succeeds(n) => ("attempt", format!("{n} succeeds")),
            Happens::Fails(n) => ("attempt", format!("{n} fails: E({n})")),
            Happens::Dropped(n) => ("attempt", format!("{n} is dropped")),
            Happens::Earns => ("budget", "earns".to_owned()),
            Happens::Takes => ("budget", "gives a retry".to_owned()),
            Happens::GetsBack => ("budget", "gets one back".to_owned()),
            Happens::Gets(answer) => ("caller", format!("gets {answer:?}")),
            Happens::Leaves => ("caller", "leaves".to_owned()),
            Happens::Backoff(wait) => ("backoff", format!("is {}", told(*wait))),
            Happens::Jitter => ("jitter", "is asked for no wait".to_owned()),
            Happens::FullJitter(n) => ("full_jitter", format!("is 0.{n:03} of it")),
        }
    }
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        let step = from.step();
        let base = from.since(2, Draw::time);
        let cap = |from: &Draw| match from.below(3) {
            0 => base.saturating_mul(4),
            1 => Duration::MAX,
            _ => from.time(),
        };
        let attempts =
            |from: &Draw| from.one_of(&[3, 1, 2, 6, 257, 65_537, u32::MAX]);
        let deadline =
            |from: &Draw| from.limit().saturating_mul(from.one_of(&[1, 3, 9]));
        let jitter = |from: &Draw| from.one_of(&[5, 0, 10, 20, u32::MAX]);
        let store = |from: &Draw| {
            let most = from.one_of(&[100, 0, 200, 900]);
            Store { most, held: most, earned: from.one_of(&[0, 50, 100]) }
        };
        let backoff = |from: &Draw| {
            let least = Duration::from_nanos(from.one_of(&[3, 1]));
            let base = from.one_of(&[from.time(), least]);
            let any = 1 + from.below(140) as u32;
            let failures = from.one_of(&[any, 1, 2, 32, 33, 64, 65, 94, 95, 250]);
            (base, from.one_of(&[Duration::MAX, from.time()]), failures)
        };
        let part = |from: &Draw| (from.time(), from.below(1000) as u32);
        let calls = from.since(3, |from| from.below(3));
        Scene {
            step,
            attempts: from.since(3, |from| Some(attempts(from))).unwrap_or(u32::MAX),
            base,
            cap: from.since(2, cap),
            attempt_limit: from.since(5, |from| from.mostly(Draw::limit)),
            deadline: from.since(5, |from| from.mostly(deadline)),
            idempotent: from.since(5, |from| from.below(3) > 0),
            budget: from.since(7, |from| from.mostly(store)),
            jitter: from.since(4, |from| from.list(jitter)),
            jitter_adds: from.since(4, |from| from.one_of(&[ms(0), ms(0), ms(50)])),
            calls: (0..=calls).map(|n| Call::draw(from, n)).collect(),
            backoff: from.since(2, |from| from.maybe(backoff)),
            full_jitter: from.since(4, |from| from.maybe(part)),
        }
    }

    fn words(&self) -> Vec<String> {
        words::of(self)
    }
}

impl Scene {
    /// What `jitter` makes of the wait after so many failures in a call.
    pub fn jittered(&self, wait: Duration, failures: usize) -> Duration {
        let Some(tenths) = self.jitter.get(failures - 1) else { return wait };
        let made = wait.saturating_mul(*tenths) / 10;
        let made = made.saturating_add(self.jitter_adds);
        // Whole milliseconds, as the clock has them.
        made - Duration::from_nanos(u64::from(made.subsec_nanos() % 1_000_000))
    }

    /// Whether attempt `n` is the last one when it ends like this: then `jitter` is not asked any more.
    pub fn is_last(&self, n: u32, what: What) -> bool {
        self.step >= 4 && (n == self.attempts || matches!(what, What::Permanent))
    }
}

impl Store {
    pub fn earn(&mut self) {
        // What does not fit is lost.
        self.held = self.most.min(self.held + self.earned);
    }

    pub fn take(&mut self) -> bool {
        let taken = self.held >= 100;
        self.held -= if taken { 100 } else { 0 };
        taken
    }

    pub fn give_back(&mut self) {
        self.held = self.most.min(self.held + 100);
    }
}

impl Call {
    fn draw(from: &Draw, n: u64) -> Self {
        let soon = |from: &Draw| from.time().min(ms(100_000));
        let patience = from.since(3, |from| from.once_in(4).then(|| from.time()));
        let is_late = from.since(5, |from| from.once_in(4));
        let nap = from.since(7, |from| from.once_in(2).then(|| soon(from)));
        let is_busy = |from: &Draw| from.once_in(3).then(|| soon(from));
        let busy = from.since(5, is_busy).filter(|_| patience.is_some());
        Call {
            after: if n > 0 { soon(from) } else { ms(0) },
            unpolled: if is_late { soon(from) } else { ms(0) },
            replies: from.list(Reply::draw),
            // Who is busy from the first instant on has not polled it.
            patience: patience
                .unwrap_or(HOUR)
                .clamp(if busy.is_some() { ms(1) } else { ms(0) }, HOUR),
            nap: nap.unwrap_or_default(),
            busy,
        }
    }

    /// How attempt number `n` ends.
    pub fn reply(&self, n: u32) -> Reply {
        let at_once = Reply { after: ms(0), what: What::Value };
        self.replies.get(n as usize - 1).copied().unwrap_or(at_once)
    }
}

impl Reply {
    fn draw(from: &Draw) -> Self {
        let after = if from.once_in(2) { from.time() } else { ms(0) };
        let mut kinds = vec![What::Transient; 6];
        kinds.push(What::Value);
        kinds.extend(from.since(3, |_| Some(What::Permanent)));
        kinds.extend(from.since(6, |from| vec![What::RetryAfter(from.time()); 3]));
        Reply { after, what: from.one_of(&kinds) }
    }
}
