//! The scenes of `retries`: what is given and what can happen, in words.

use std::{fmt, time::Duration};

use kit::{
    ms, ordinal,
    scenes::{Draw, Event, told},
};

/// When every caller leaves at last.
const HOUR: Duration = ms(3_600_000);

/// A policy and the calls that are made with it, one after the other.
pub struct Scene {
    /// The last rule it speaks of.
    step: usize,
    /// `Policy::attempts`.
    pub attempts: u32,
    /// `Policy::base`.
    pub base: Duration,
    /// `Policy::cap`.
    pub cap: Duration,
    /// `Policy::attempt_limit`.
    pub attempt_limit: Option<Duration>,
    /// `Policy::deadline`.
    pub deadline: Option<Duration>,
    /// `Policy::idempotent`.
    pub idempotent: bool,
    /// What `Policy::budget` holds.
    pub budget: Option<Store>,
    /// What `jitter` makes of the 1st, 2nd, 3rd wait of each call; of a later one it makes the same.
    pub jitter: Vec<Jitter>,
    /// The calls.
    pub calls: Vec<Call>,
}

/// A store of retries, full at first.
#[derive(Clone, Copy)]
pub struct Store {
    /// The most it holds.
    pub retries: u32,
    /// What a call earns, in hundredths of a retry.
    pub earned: u32,
}

/// What `jitter` makes of a wait.
#[derive(Clone, Copy, Debug)]
pub enum Jitter {
    /// The same.
    Same,
    /// Half of it, in whole milliseconds.
    Half,
    /// No wait.
    None,
    /// Twice as long a wait.
    Twice,
    /// The longest wait there is.
    Longest,
}

/// One call of `retry`.
pub struct Call {
    /// How long after the call before it.
    pub after: Duration,
    /// How long it lies there before it is polled.
    pub unpolled: Duration,
    /// How the 1st, 2nd, 3rd attempt ends; a later one succeeds at once.
    pub replies: Vec<Reply>,
    /// How long the caller stays, from the first poll on.
    pub patience: Duration,
}

/// How an attempt ends.
#[derive(Clone, Copy)]
pub struct Reply {
    /// How long it takes; [`Duration::MAX`] is for ever.
    pub after: Duration,
    /// What it returns then.
    pub what: What,
}

/// What an attempt returns: its own number as the value, or as the error.
#[derive(Clone, Copy)]
pub enum What {
    /// `Ok`.
    Value,
    /// `Failure::Transient`.
    Transient,
    /// `Failure::Permanent`.
    Permanent,
    /// `Failure::RetryAfter`.
    RetryAfter(Duration),
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Happens {
    /// An attempt begins and is told this number.
    Begins(u32),
    /// It returns its value.
    Succeeds(u32),
    /// It returns its error.
    Fails(u32),
    /// It is dropped before it has ended.
    Dropped(u32),
    /// A call has begun.
    Earns,
    /// A retry is taken.
    Takes,
    /// It is given back.
    GetsBack,
    /// `retry` returns.
    Gets(Answer),
    /// The caller drops the call.
    Leaves,
}

/// What `retry` returns; errors are named by the attempt that returned them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// `Ok`.
    Value(u32),
    /// `Error::Permanent`.
    Permanent(u32),
    /// `Error::Exhausted`.
    Exhausted(u32, u32),
    /// `Error::TimedOut`.
    TimedOut(u32),
    /// `Error::Deadline`.
    Deadline(u32, Option<u32>),
    /// `Error::OutOfBudget`.
    OutOfBudget(u32, Option<u32>),
}

impl Scene {
    /// What the rules up to [`Draw::step`] speak of. The numbers stand at the rule that needs them.
    pub fn draw(from: &Draw) -> Self {
        let base = from.since(2, Draw::time);
        let cap = |from: &Draw| match from.below(3) {
            0 => base.saturating_mul(4),
            1 => Duration::MAX,
            _ => from.time(),
        };
        let store = |from: &Draw| Store {
            retries: from.one_of(&[1, 0, 2, 9]),
            earned: from.one_of(&[0, 50, 100]),
        };
        let kinds = [
            Jitter::Same,
            Jitter::Half,
            Jitter::None,
            Jitter::Twice,
            Jitter::Longest,
        ];
        let jitter = |from: &Draw| from.list(|from| from.one_of(&kinds));
        let more_calls = |from: &Draw| from.below(3);
        Scene {
            step: from.step(),
            attempts: if from.step() < 3 {
                99
            } else {
                from.one_of(&[3, 1, 2, 6, 99, u32::MAX])
            },
            base,
            cap: from.since(2, cap),
            attempt_limit: from.since(5, |from| from.maybe(Draw::time)),
            deadline: from.since(5, |from| from.maybe(Draw::time)),
            idempotent: from.since(5, |from| from.once_in(2)),
            budget: from.since(7, |from| from.maybe(store)),
            jitter: from.since(4, jitter),
            calls: (0..=from.since(3, more_calls))
                .map(|_| Call::draw(from))
                .collect(),
        }
    }

    /// What `jitter` makes of the wait after so many failures.
    pub fn jitter(&self, failures: usize) -> Jitter {
        self.jitter.get(failures - 1).copied().unwrap_or(Jitter::Same)
    }
}

impl Call {
    fn draw(from: &Draw) -> Self {
        let soon = |from: &Draw| from.time().min(ms(100_000));
        Call {
            after: from.since(3, soon),
            unpolled: from
                .since(5, |from| if from.once_in(4) { soon(from) } else { ms(0) }),
            replies: from.list(Reply::draw),
            patience: from
                .since(3, |from| from.maybe(Draw::time))
                .unwrap_or(HOUR)
                .min(HOUR),
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
        let mut kinds = vec![What::Transient; 3];
        kinds.push(What::Value);
        kinds.extend(from.since(3, |_| Some(What::Permanent)));
        kinds.extend(
            from.since(6, |from| [What::RetryAfter(from.time()); 2].to_vec()),
        );
        let after = if from.once_in(2) { from.time() } else { ms(0) };
        Reply { after, what: from.one_of(&kinds) }
    }
}

impl Jitter {
    /// What it makes of `wait`.
    pub fn of(self, wait: Duration) -> Duration {
        match self {
            Jitter::Same => wait,
            Jitter::Half if wait == Duration::MAX => wait / 2,
            Jitter::Half => ms(wait.as_millis() as u64 / 2),
            Jitter::None => ms(0),
            Jitter::Twice => wait.saturating_mul(2),
            Jitter::Longest => Duration::MAX,
        }
    }
}

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        use Happens as H;
        match self {
            H::Begins(n) => ("attempt", format!("{n} begins")),
            H::Succeeds(n) => ("attempt", format!("{n} succeeds: v{n}")),
            H::Fails(n) => ("attempt", format!("{n} fails: e{n}")),
            H::Dropped(n) => ("attempt", format!("{n} is dropped")),
            H::Earns => ("budget", "earns".to_owned()),
            H::Takes => ("budget", "gives a retry".to_owned()),
            H::GetsBack => ("budget", "gets one back".to_owned()),
            H::Gets(answer) => ("caller", format!("gets {answer}")),
            H::Leaves => ("caller", "leaves".to_owned()),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = |error: &Option<u32>| {
            error.map_or("None".to_owned(), |e| format!("e{e}"))
        };
        match self {
            Answer::Value(v) => write!(f, "v{v}"),
            Answer::Permanent(e) => write!(f, "Permanent(e{e})"),
            Answer::Exhausted(n, e) => write!(f, "Exhausted({n}, e{e})"),
            Answer::TimedOut(n) => write!(f, "TimedOut({n})"),
            Answer::Deadline(n, e) => write!(f, "Deadline({n}, {})", last(e)),
            Answer::OutOfBudget(n, e) => write!(f, "OutOfBudget({n}, {})", last(e)),
        }
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut policy = vec![];
        if self.step >= 2 {
            policy.extend([
                format!("base {}", told(self.base)),
                format!("cap {}", told(self.cap)),
            ]);
        }
        if self.step >= 3 {
            policy.insert(0, format!("attempts {}", self.attempts));
        }
        policy.extend(
            self.attempt_limit.map(|limit| format!("attempt_limit {}", told(limit))),
        );
        policy
            .extend(self.deadline.map(|limit| format!("deadline {}", told(limit))));
        policy.extend(self.idempotent.then(|| "idempotent".to_owned()));
        if !policy.is_empty() {
            writeln!(f, "{}", policy.join(", "))?;
        }
        if let Some(Store { retries, earned }) = self.budget {
            writeln!(
                f,
                "budget of {retries}, a call earns {}.{:02}",
                earned / 100,
                earned % 100
            )?;
        }
        let jitter =
            self.jitter.iter().map(|jitter| format!("{jitter:?}").to_lowercase());
        let jitter: Vec<_> = jitter.collect();
        if !jitter.is_empty() {
            writeln!(
                f,
                "jitter makes of the waits: {}, then the same",
                jitter.join(", ")
            )?;
        }
        for (i, call) in self.calls.iter().enumerate() {
            if self.calls.len() > 1 {
                write!(f, "{} call, {} later: ", ordinal(i + 1), told(call.after))?;
            }
            writeln!(f, "{call}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.unpolled.is_zero() {
            write!(f, "first polled after {}; ", told(self.unpolled))?;
        }
        for (i, reply) in self.replies.iter().enumerate() {
            write!(f, "attempt {} {reply}, ", i + 1)?;
        }
        let next = self.replies.len() + 1;
        write!(f, "attempt {next} succeeds at once")?;
        if self.patience < HOUR {
            write!(f, "; the caller leaves after {}", told(self.patience))?;
        }
        Ok(())
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.after == Duration::MAX {
            return write!(f, "never ends");
        }
        match self.what {
            What::Value => write!(f, "succeeds")?,
            What::Transient => write!(f, "fails")?,
            What::Permanent => write!(f, "fails for good")?,
            What::RetryAfter(asked) => {
                write!(f, "fails with RetryAfter({})", told(asked))?
            }
        }
        if self.after.is_zero() {
            write!(f, " at once")
        } else {
            write!(f, " after {}", told(self.after))
        }
    }
}
