//! Whose code is at work, and whose panicked: a part of the shop, or the shop itself.

use std::{
    cell::Cell,
    panic::PanicHookInfo,
    pin::Pin,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use crate::part::Part;

thread_local! {
    static AT_WORK: Cell<Option<Part>> = const { Cell::new(None) };
}

/// The part that was entered last, on any thread, as its place in [`Part::ALL`] plus one.
static LAST: AtomicUsize = AtomicUsize::new(0);

/// What panicked since somebody asked.
static PANICS: Mutex<Vec<Panic>> = Mutex::new(vec![]);

/// A future of a part.
pub struct Blamed<F> {
    part: Part,
    future: Pin<Box<F>>,
}

impl<F> Blamed<F> {
    /// While it is polled, `part` is at work.
    pub fn new(part: Part, future: F) -> Self {
        Self { part, future: Box::pin(future) }
    }
}

impl<F: Future> Future for Blamed<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let _at_work = at_work(self.part);
        self.future.as_mut().poll(cx)
    }
}

/// Puts back who was at work before, also when a panic unwinds.
pub struct AtWork(Option<Part>);

/// `part` is at work until the guard is dropped.
pub fn at_work(part: Part) -> AtWork {
    note(Some(part));
    AtWork(AT_WORK.replace(Some(part)))
}

/// On this thread `part` is at work, and nobody else.
pub fn is_the_thread_of(part: Part) {
    AT_WORK.set(Some(part));
}

impl Drop for AtWork {
    fn drop(&mut self) {
        note(self.0);
        AT_WORK.set(self.0);
    }
}

fn note(part: Option<Part>) {
    let place = part.and_then(|part| Part::ALL.iter().position(|one| *one == part));
    LAST.store(place.map_or(0, |place| place + 1), Relaxed);
}

/// Who is at work now, as another thread sees it.
pub fn last() -> Option<Part> {
    Part::ALL.get(LAST.load(Relaxed).checked_sub(1)?).copied()
}

/// A panic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic {
    /// Whose it is; nobody's when the shop itself panicked.
    pub part: Option<Part>,
    /// What it said.
    pub message: String,
    /// `exercises/NAME.rs:12` as far as it is known.
    pub place: String,
}

/// Panics are kept here from now on, and not printed.
pub fn listen() {
    std::panic::set_hook(Box::new(|info| {
        let mut panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
        panics.push(panic_of(info));
    }));
}

/// What panicked since the last time.
pub fn panics() -> Vec<Panic> {
    std::mem::take(&mut PANICS.lock().unwrap_or_else(PoisonError::into_inner))
}

fn panic_of(info: &PanicHookInfo<'_>) -> Panic {
    let message = info.payload_as_str().unwrap_or("something that is no text");
    let file = info.location().map_or("", |at| at.file()).replace('\\', "/");
    let line = info.location().map_or(0, |at| at.line());
    // Why the place first: tasks that a part spawns run when nobody is at work.
    let named = |part: &Part| file.ends_with(&format!("/{part}.rs"));
    let ours = file.contains("examples/shop/");
    let part = Part::ALL.into_iter().find(named).or(AT_WORK.get());
    let part = part.filter(|_| !ours);
    let tail = file.rsplit('/').take(3).collect::<Vec<_>>();
    let tail = tail.into_iter().rev().collect::<Vec<_>>().join("/");
    let message = message.lines().next().unwrap_or_default().to_owned();
    Panic { part, message, place: format!("{tail}:{line}") }
}
