//! The scenes of `task_tracker`: what is given and what can happen, drawn and in words.

use std::{cell::Cell, sync::Arc, time::Duration};

use kit::{
    ms,
    scenes::{Draw, Setting, counted, told},
};

use Deed::*;

pub struct Scene {
    /// What the service does; then it drops its gate.
    pub service: Arc<[Deed]>,
    pub step: usize,
}

/// What the service does, or a task.
pub enum Deed {
    HandsOver(Arc<Task>),
    Closes,
    /// Somebody waits from now on. Only the service does this.
    Calls(Caller),
    Pauses(Duration),
    /// Waits until it is told, at most so long.
    Listens(Duration),
    Asks,
    CancelsItsToken,
    /// Polls a new `wait` once.
    Looks,
}

#[derive(Default)]
pub struct Task {
    pub n: u32,
    pub times: u32,
    pub making: Vec<Deed>,
    pub cannot_be_made: bool,
    pub work: Vec<Deed>,
    pub panics: bool,
    /// If it is stopped it polls a new `wait` while it is dropped.
    pub looks_back: bool,
    /// What it hands over in a destructor, once it has finished or panics.
    pub leaves: Option<Arc<Task>>,
}

/// Who calls `wait`, or `shutdown` with a grace.
#[derive(Clone, Copy)]
pub struct Caller {
    pub n: u32,
    pub grace: Option<Duration>,
    /// How long it lies there before it is polled.
    pub unpolled: Duration,
    pub glances: usize,
    /// How long nobody polls it after these glances.
    pub nap: Duration,
    /// Whether its task polls another `wait` right after it, and drops that.
    pub is_double: bool,
    pub patience: Duration,
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        let numbers = Numbers::default();
        let deeds = from.below(7);
        let mut service: Vec<_> =
            (0..deeds).map(|_| numbers.deed_of_service(from)).collect();
        if from.once_in(100) {
            service.push(numbers.crowd(from));
        }
        let last = from.since(2, |from| from.mostly(|from| numbers.stop(from)));
        service.extend(last.into_iter().flatten());
        let late = from.since(2, |from| from.below(4));
        service.extend((0..late).map(|_| numbers.deed_of_service(from)));
        Scene { service: service.into(), step: from.step() }
    }

    fn words(&self) -> Vec<String> {
        let deeds = sentence(&self.service);
        let mut lines = vec![format!("the service {deeds}, then drops its gate")];
        self.service.iter().for_each(|deed| deed.explain(&mut lines));
        lines
    }
}

#[derive(Default)]
struct Numbers(Cell<u32>);

impl Numbers {
    fn next(&self) -> u32 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }

    fn deed_of_service(&self, from: &Draw) -> Deed {
        match from.below(6 + from.since(2, |_| 3)) {
            0..=2 => self.task(from, 0),
            3..=5 => Pauses(soon(from)),
            6 if from.once_in(4) => Closes,
            _ => Calls(self.caller(from)),
        }
    }

    /// The service stops, and somebody waits for that.
    fn stop(&self, from: &Draw) -> Vec<Deed> {
        let waits = Calls(self.caller(from));
        let shuts = from.since(6, |from| from.mostly(|from| self.caller(from)));
        let mut deeds = vec![waits, shuts.map_or(Closes, Calls)];
        deeds.rotate_left(from.below(2) as usize);
        deeds.insert(1, Pauses(soon(from)));
        deeds
    }

    fn task(&self, from: &Draw, depth: u32) -> Deed {
        let n = self.next();
        let making = from.since(7, |from| from.below(2) * from.below(3));
        HandsOver(Arc::new(Task {
            n,
            times: 1,
            making: (0..making).map(|_| self.deed_of_maker(from, depth)).collect(),
            cannot_be_made: from.since(7, |from| from.once_in(5)),
            work: (0..from.below(4))
                .map(|_| self.deed_of_task(from, depth))
                .collect(),
            panics: from.since(5, |from| from.once_in(4)),
            looks_back: from.since(6, |from| from.once_in(3)),
            leaves: from.since(5, |from| from.once_in(6).then(|| self.left(from))),
        }))
    }

    /// What a task hands over at last.
    fn left(&self, from: &Draw) -> Arc<Task> {
        let (n, times) = (self.next(), 1);
        let work = vec![Pauses(soon_or_never(from))];
        Arc::new(Task { n, times, work, ..Task::default() })
    }

    fn deed_of_maker(&self, from: &Draw, depth: u32) -> Deed {
        match from.below(3) {
            0 => Closes,
            1 if depth < 4 => self.task(from, depth + 1),
            _ => Looks,
        }
    }

    fn deed_of_task(&self, from: &Draw, depth: u32) -> Deed {
        match from.below(6 + from.since(2, |_| 1) + from.since(4, |_| 4)) {
            // Once there is a chain it gets long.
            4 | 5 if depth < 4 && (depth > 0 || from.once_in(2)) => {
                self.task(from, depth + 1)
            }
            6 if from.once_in(4) => Closes,
            6 => Looks,
            7 => Asks,
            8 => CancelsItsToken,
            9 => Listens(Duration::MAX),
            10 => Listens(soon_or_never(from).max(ms(1))),
            _ => Pauses(soon_or_never(from)),
        }
    }

    fn crowd(&self, from: &Draw) -> Deed {
        HandsOver(Arc::new(Task {
            n: self.next(),
            times: from.one_of(&[40, 300]),
            work: vec![Pauses(soon_or_never(from))],
            panics: from.since(5, |from| from.once_in(4)),
            ..Task::default()
        }))
    }

    fn caller(&self, from: &Draw) -> Caller {
        let grace = from.since(6, |from| from.mostly(Draw::limit));
        let glances = from.one_of(&[0, 0, 1, 3]);
        // Why not with a grace: nobody says that it counts for a call that is not polled.
        let naps = grace.is_none() && glances > 0 && from.once_in(2);
        Caller {
            n: self.next(),
            grace,
            unpolled: if from.once_in(4) { soon(from) } else { ms(0) },
            glances,
            nap: if naps { soon(from) } else { ms(0) },
            is_double: from.once_in(4),
            patience: if from.once_in(3) { from.time() } else { Duration::MAX },
        }
    }
}

fn soon(from: &Draw) -> Duration {
    from.time().min(ms(100_000))
}

fn soon_or_never(from: &Draw) -> Duration {
    if from.once_in(12) { Duration::MAX } else { soon(from) }
}

fn sentence(deeds: &[Deed]) -> String {
    let words: Vec<_> = deeds.iter().map(Deed::words).collect();
    if words.is_empty() { "does nothing".to_owned() } else { words.join(", ") }
}

impl Deed {
    fn words(&self) -> String {
        match self {
            HandsOver(task) if task.times > 1 => {
                format!("hands over {} tasks like {}", task.times, task.n)
            }
            HandsOver(task) => format!("hands over task {}", task.n),
            Closes => "closes the gate".to_owned(),
            Calls(caller) => format!("lets caller {} begin", caller.n),
            Pauses(time) => format!("pauses {}", told(*time)),
            Listens(most) => {
                format!("waits until it is told, at most {}", told(*most))
            }
            Asks => "asks its token".to_owned(),
            CancelsItsToken => "cancels its token".to_owned(),
            Looks => "polls a `wait` once".to_owned(),
        }
    }

    /// Who is in it, one line each.
    fn explain(&self, lines: &mut Vec<String>) {
        if let Calls(caller) = self {
            lines.push(caller.words());
        }
        let HandsOver(task) = self else { return };
        let Task { n, making, work, cannot_be_made, panics, .. } = &**task;
        if !making.is_empty() {
            lines.push(format!("task {n}, while it is made, {}", sentence(making)));
        }
        let end = if *panics { "panics" } else { "finishes" };
        lines.push(if *cannot_be_made {
            format!("task {n} panics while it is made")
        } else {
            format!("task {n} {}, {end}{}", sentence(work), task.last_words())
        });
        if let Some(left) = &task.leaves {
            HandsOver(left.clone()).explain(lines);
        }
        making.iter().chain(work).for_each(|deed| deed.explain(lines));
    }
}

impl Task {
    /// What it does while it is dropped.
    fn last_words(&self) -> String {
        let mut words = String::new();
        if self.looks_back {
            words += "; polls a `wait` if stopped";
        }
        if let Some(left) = &self.leaves {
            words += &format!(", and hands over task {} in a destructor", left.n);
        }
        words
    }
}

impl Caller {
    /// When it is first polled, if it is called at `at`; never, if it is dropped by then.
    pub fn begins(&self, at: Duration) -> Duration {
        let is_kept = self.unpolled < self.patience;
        if is_kept { at + self.unpolled } else { Duration::MAX }
    }

    pub fn leaves(&self, at: Duration) -> Duration {
        at.saturating_add(self.patience)
    }

    fn words(&self) -> String {
        let Caller { n, grace, unpolled, glances, nap, is_double, patience } = *self;
        let mut words = match grace {
            None => format!("caller {n} calls `wait`"),
            Some(grace) => {
                format!("caller {n} calls `shutdown`, grace {}", told(grace))
            }
        };
        if !unpolled.is_zero() {
            words += &format!(", polls it first after {}", told(unpolled));
        }
        if glances > 0 {
            let looks = counted(glances, "time");
            words += &format!(", polls it {looks} with a waker that nobody hears");
        }
        if !nap.is_zero() {
            words += &format!(", then not for {}", told(nap));
        }
        if is_double {
            words += ", then polls another `wait` once in the same task";
        }
        if patience < Duration::MAX {
            words += &format!(", drops it after {}", told(patience));
        }
        words
    }
}
