//! A waker of its own for each poll.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
};

use crate::world::World;

/// Polls a future with another waker each time, and from then on the one before wakes nobody: "only the `Waker` from
/// the `Context` passed to the most recent call should be scheduled to receive a wakeup" ([`Future::poll`]). A
/// future may move to another task between two polls; in one task of tokio all wakers are alike, so that whoever
/// keeps the first would never be found out.
pub(crate) struct Rewaked<F> {
    future: F,
    world: Option<World>,
    last: Option<Arc<Once>>,
}

impl<F> Rewaked<F> {
    pub(crate) fn new(future: F, world: Option<World>) -> Self {
        Rewaked { future, world, last: None }
    }
}

impl<F: Future + Unpin> Future for Rewaked<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let (waker, world) = (cx.waker().clone(), self.world.clone());
        let now = Arc::new(Once { waker, world, is_old: AtomicBool::new(false) });
        if let Some(before) = self.last.replace(now.clone()) {
            before.is_old.store(true, SeqCst);
        }
        Pin::new(&mut self.future).poll(&mut Context::from_waker(&now.into()))
    }
}

/// The waker of one poll.
struct Once {
    waker: Waker,
    world: Option<World>,
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
            let at_ms = world.0.seen_ms.load(SeqCst);
            *world.0.old_waker_at_ms.lock().unwrap() = Some(at_ms);
        }
    }
}
