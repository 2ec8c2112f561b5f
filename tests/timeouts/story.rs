//! The scenes of `timeouts`: what is given and what can happen, drawn and in words.

use std::time::Duration;

use kit::{
    ms, ordinal,
    scenes::{Draw, Event, Setting, counted, told, told_after},
};

/// When every caller leaves at last: behind whatever 32 bits of milliseconds hold.
pub(super) const LONGEST: Duration = ms(1 << 33);

/// Calls, one after the other.
pub struct Scene {
    pub step: usize,
    pub calls: Vec<Call>,
}

/// A call, perhaps around other calls, and around what takes the time.
pub struct Call {
    /// How long after the end of the call before it.
    pub after: Duration,
    /// How far ahead a new deadline is set; else the last one stays.
    pub total: Option<Duration>,
    /// How long it lies there before it is polled.
    pub unpolled: Duration,
    /// What is around it and with which limit, from the outermost on.
    pub layers: Vec<(Layer, Duration)>,
    pub core: Core,
    /// How long the caller is busy after each poll. Else it polls whenever it is woken.
    pub busy: Option<Duration>,
    /// When the caller leaves, from the first poll on.
    pub patience: Duration,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Layer {
    IsHealthy,
    Within,
    /// Always around a line.
    ReplyTo,
    Step,
}

pub enum Core {
    Work(Work),
    /// In a task of its own.
    Task(Work),
    Line(Line),
    Pieces(usize),
}

#[derive(Clone)]
pub struct Work {
    /// How many polls it is not done after; each time it asks for another one at once.
    pub turns: usize,
    /// Whether each of them uses up all that tokio grants a task for one poll.
    pub is_greedy: bool,
    /// How long it takes from then on; [`Duration::MAX`] is for ever.
    pub after: Duration,
    pub end: Answer,
}

#[derive(Clone)]
pub struct Line {
    /// The id that is waited for.
    pub id: u64,
    pub messages: Vec<Message>,
    /// Whether messages to somebody else follow without end; else not a word.
    pub is_flood: bool,
}

#[derive(Clone, Copy)]
pub struct Message {
    /// How long after the one before it.
    pub after: Duration,
    /// For nobody: the line fails.
    pub to: Option<u64>,
}

/// What a call comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Healthy(bool),
    Ok(u64),
    Err(Fault),
    Panic(u64),
    /// A panic, but not with the payload of the work.
    OtherPanic,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// The error of the work or of the line.
    E(u64),
    Failed(Box<Fault>),
    TimedOut(Duration),
    DeadlineExceeded,
}

#[derive(Clone, PartialEq)]
pub enum Happens {
    /// The work of this call is polled for the first time.
    Begins(usize),
    /// It is polled, and asks for another poll.
    Turn(usize),
    Ends(usize, Answer),
    Dropped(usize),
    /// The line brings message `.0` to `.1`, or fails.
    Brings(usize, Option<u64>),
    Piece(usize),
    Gets(usize, Answer),
    Leaves(usize),
}

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        match self {
            Happens::Begins(n) => ("work", format!("{n} begins")),
            Happens::Turn(n) => {
                ("work", format!("{n} is polled, and asks for another poll"))
            }
            Happens::Ends(n, end) => ("work", format!("{n} ends: {end:?}")),
            Happens::Dropped(n) => ("work", format!("{n} is dropped")),
            Happens::Brings(n, Some(to)) => {
                ("line", format!("brings message {n}, to {to}"))
            }
            Happens::Brings(n, None) => ("line", format!("fails: E({n})")),
            Happens::Piece(n) => ("piece", format!("{n} is done")),
            Happens::Gets(n, Answer::Panic(value)) => {
                ("caller", format!("{n} panics, with {value} as its payload"))
            }
            Happens::Gets(n, Answer::OtherPanic) => {
                ("caller", format!("{n} panics, not with a payload of its work"))
            }
            Happens::Gets(n, answer) => ("caller", format!("{n} gets {answer:?}")),
            Happens::Leaves(n) => ("caller", format!("{n} leaves")),
        }
    }
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        let calls = (0..=from.below(3)).map(|n| Call::draw(from, n)).collect();
        Scene { step: from.step(), calls }
    }

    fn words(&self) -> Vec<String> {
        self.calls.iter().enumerate().flat_map(|(i, call)| call.words(i)).collect()
    }
}

impl Scene {
    /// What a step does that begins after its deadline is for rule 7.
    pub fn leaves_out(&self, call: &Call, is_over: bool) -> bool {
        let is_step = call.layers.iter().any(|(layer, _)| *layer == Layer::Step);
        self.step < 7 && is_step && is_over
    }
}

impl Call {
    fn words(&self, before: usize) -> Vec<String> {
        let n = before + 1;
        let mut call = format!("{} call", ordinal(n));
        if before > 0 {
            call += &format!(", {} later", told(self.after));
        }
        if let Some(total) = self.total {
            call += &format!(", deadline {} ahead", told(total));
        }
        call += ": ";
        for (layer, limit) in &self.layers {
            let name = match layer {
                Layer::IsHealthy => "is_healthy(",
                Layer::Within => "within(",
                Layer::ReplyTo => "reply_to(id, ",
                Layer::Step => "step(",
            };
            call += &format!("{name}{}, ", told(*limit));
        }
        let (core, words) = match &self.core {
            Core::Work(work) => ("work".to_owned(), work.words(n)),
            Core::Task(work) => ("in_a_task(work)".to_owned(), work.words(n)),
            Core::Line(line) => ("line".to_owned(), line.words()),
            Core::Pieces(n) => (format!("in_pieces({n})"), String::new()),
        };
        call += &(core + &")".repeat(self.layers.len()));
        let mut caller = format!("caller {n} ");
        if !self.unpolled.is_zero() {
            caller += &format!("first polls {} later, ", told(self.unpolled));
        }
        if let Some(busy) = self.busy {
            caller += &format!("is busy for {} after each poll, ", told(busy));
        }
        caller += &match self.patience {
            LONGEST => "waits".to_owned(),
            patience => format!("leaves {}", told_after(patience)),
        };
        vec![call, words, caller]
    }
}

impl Work {
    fn words(&self, n: usize) -> String {
        let end = match self.after {
            Duration::MAX => "never ends".to_owned(),
            after => format!("ends {}: {:?}", told_after(after), self.end),
        };
        let greedy = if self.is_greedy {
            ", with nothing left of what tokio grants for one"
        } else {
            ""
        };
        match self.turns {
            0 => format!("work {n} {end}"),
            usize::MAX => {
                format!("work {n} asks for another poll each time{greedy}")
            }
            turns => {
                format!(
                    "work {n} asks for another poll {}{greedy}, then {end}",
                    counted(turns, "time")
                )
            }
        }
    }
}

impl Line {
    /// The message after so many others.
    pub fn message(&self, n: usize) -> Message {
        let after = if self.is_flood { ms(0) } else { Duration::MAX };
        let last = Message { after, to: Some(self.id ^ 1) };
        self.messages.get(n).copied().unwrap_or(last)
    }

    fn words(&self) -> String {
        let mut words = format!("id {}; line: ", self.id);
        let mut at = Duration::ZERO;
        for Message { after, to } in &self.messages {
            at = at.saturating_add(*after);
            let what = to.map_or("fails".to_owned(), |to| format!("to {to}"));
            words += &format!("{what} {}, ", told_after(at));
        }
        words + if self.is_flood { "others without end" } else { "nothing more" }
    }
}
