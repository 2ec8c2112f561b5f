//! How the tasks of a suite are polled: with a waker of its own each time, and now and then for no reason.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
};

use crate::{old_wakes::OldWakes, world::World};

/// Polls a future with another waker each time, and from then on the one before wakes nobody: "only the `Waker` from
/// the `Context` passed to the most recent call should be scheduled to receive a wakeup" ([`Future::poll`]). A
/// future may move to another task between two polls; in one task of tokio all wakers are alike, so that whoever
/// keeps the first would never be found out.
///
/// Where callers must yield, one poll in four wakes a task of the suite that nobody has news for: a future may be polled
/// at any time.
pub(crate) struct Rewaked<F> {
    future: F,
    world: Option<World>,
    number: u64,
    last: Option<Arc<Once>>,
}

impl<F> Rewaked<F> {
    pub(crate) fn new(future: F, world: Option<World>) -> Self {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let number = NUMBERS.fetch_add(1, SeqCst);
        Rewaked { future, world, number, last: None }
    }
}

impl<F: Future + Unpin> Future for Rewaked<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        if let Some(world) = &self.world
            && world.weather().yields()
        {
            world.0.pollers.lock().unwrap().waits(self.number, cx.waker());
            world.wakes_somebody();
        }
        if let Some(world) = &self.world {
            world.is_polled(self.number);
        }
        let (waker, world) = (cx.waker().clone(), self.world.clone());
        let (number, is_old) = (self.number, AtomicBool::new(false));
        let now = Arc::new(Once { waker, world, number, is_old });
        if let Some(before) = self.last.replace(now.clone()) {
            before.is_old.store(true, SeqCst);
        }
        Pin::new(&mut self.future).poll(&mut Context::from_waker(&now.into()))
    }
}

impl<F> Drop for Rewaked<F> {
    fn drop(&mut self) {
        if let Some(world) = &self.world {
            // Why not dropped at once: its waker may be the last that holds a task, which has such a waker too.
            let waker = world.0.pollers.lock().unwrap().forget(self.number);
            drop(waker);
        }
    }
}

impl World {
    /// That somebody woke a waker that wakes nobody any more, as a sentence, if that may be why something is missing at
    /// `at_ms`.
    pub(crate) fn old_waker(&self, at_ms: u64) -> Option<String> {
        let woken = self.0.old_wakers.lock().unwrap();
        let at_ms = woken.values().find_map(|wakes| wakes.matters_at(at_ms))?;
        Some(format!(
            "at {at_ms} ms somebody woke the waker of an earlier poll: only that of the last one wakes"
        ))
    }

    /// Whoever is polled in the instant of such a wake has missed nothing.
    fn is_polled(&self, number: u64) {
        let mut woken = self.0.old_wakers.lock().unwrap();
        let now_ms = self.now_ms();
        if woken.get(&number).is_some_and(|it| it.last_ms == now_ms) {
            woken.remove(&number);
        } else if let Some(wakes) = woken.get_mut(&number) {
            wakes.polled_ms.get_or_insert(now_ms);
        }
    }

    /// Once in four times.
    fn wakes_somebody(&self) {
        if self.pick(4) == 0 {
            let pollers = self.0.pollers.lock().unwrap();
            let chosen = self.pick(pollers.count() as u64) as usize;
            pollers.wake(chosen);
        }
    }
}

/// The waker of one poll.
struct Once {
    waker: Waker,
    world: Option<World>,
    number: u64,
    is_old: AtomicBool,
}

impl Wake for Once {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.is_old.load(SeqCst) {
            self.waker.wake_by_ref();
        } else if let Some(world) = &self.world {
            // A timer wakes in the midst of a step of the clock. Another thread has no virtual clock.
            let at_ms = match World::current() {
                Some(here) => here.now_ms(),
                None => world.0.seen_ms.load(SeqCst),
            };
            let mut woken = world.0.old_wakers.lock().unwrap();
            let wakes = woken.entry(self.number).or_insert(OldWakes {
                first_ms: at_ms,
                last_ms: at_ms,
                polled_ms: None,
            });
            (wakes.last_ms, wakes.polled_ms) = (at_ms, None);
        }
    }
}
