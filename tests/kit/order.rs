//! Who goes first: idle points and race points, by seed.

use std::{
    future::{Future, poll_fn},
    iter,
    mem::replace,
    pin::pin,
    sync::{Arc, atomic::Ordering::SeqCst},
    task::{Context, Poll, Waker},
};

use record::Weather;
use tokio::{
    task::{
        coop::{has_budget_remaining, poll_proceed},
        yield_now,
    },
    time::Instant,
};

use crate::{settling::Settling, world::World};

impl World {
    /// Resolves when every other task is waiting. Time does not move.
    pub fn settle(&self) -> impl Future<Output = ()> + use<> {
        let world = self.clone();
        let mut asked: Option<Arc<Settling>> = None;
        poll_fn(move |cx| {
            let waits = asked.get_or_insert_with(|| {
                let waits = Arc::new(Settling::default());
                world.0.idle.lock().unwrap().push_back(Arc::downgrade(&waits));
                waits
            });
            if waits.is_idle.load(SeqCst) {
                return Poll::Ready(());
            }
            *waits.waker.lock().unwrap() = Some(cx.waker().clone());
            Poll::Pending
        })
    }

    /// At an idle point whoever has waited longest for one goes on.
    pub(crate) fn settles(&self) {
        let mut waiting = self.0.idle.lock().unwrap();
        // Why not the first: it may be gone by now, and nobody would be woken.
        let next = iter::from_fn(|| waiting.pop_front()).find_map(|it| it.upgrade());
        drop(waiting);
        if let Some(next) = next {
            next.is_idle.store(true, SeqCst);
            let waker = next.waker.lock().unwrap().take();
            waker.iter().for_each(Waker::wake_by_ref);
        }
    }

    /// A race point. Except in calm weather it lets other ready tasks go first, up to five
    /// times, and then makes this one yield soon. Put it before each action that should meet
    /// another at one instant.
    pub async fn turn(&self) {
        if self.0.weather == Weather::Calm {
            return;
        }
        for _ in 0..self.pick(6) {
            wakes_itself().await;
        }
        self.squeeze().await;
    }

    /// Leaves the task fewer than eight units of its cooperative budget (128 in tokio 1.54, see
    /// `tokio::task::coop`), so that one of its next tokio operations yields.
    pub async fn squeeze(&self) {
        let keep = self.pick(8);
        poll_fn(|cx| {
            spends(cx, 128 - keep);
            Poll::Ready(())
        })
        .await;
    }

    /// Where callers must yield, one future in four uses up the budget of its task at the first poll of each instant:
    /// whoever polls something of tokio after it has to wait for the next poll. Why not at every poll: that one
    /// would meet the same again, and a `select!` of both would turn for ever.
    pub async fn greedily<T>(&self, future: impl Future<Output = T>) -> T {
        let is_greedy = self.weather().yields() && self.pick(4) == 0;
        let (mut future, mut last) = (pin!(future), None);
        poll_fn(|cx| {
            let answer = future.as_mut().poll(cx);
            let now = Instant::now();
            if is_greedy && last.replace(now) != Some(now) {
                spends(cx, 128);
            }
            answer
        })
        .await
    }

    /// Where callers must yield: [`World::squeeze`]. Put it before a call that is told nothing of budgets.
    pub async fn tires(&self) {
        if self.weather().yields() {
            self.squeeze().await;
        }
    }

    /// Where callers must yield it is polled with little budget left: each time after a [`World::squeeze`]. Whatever of
    /// tokio is ready then, such as a limit of zero, may say so only at the next poll, and what stands behind it is
    /// polled before.
    pub async fn wearily<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        poll_fn(|cx| {
            _ = pin!(self.tires()).poll(cx);
            future.as_mut().poll(cx)
        })
        .await
    }
}

/// Uses up what is left of the cooperative budget of this task: its next tokio operation yields.
pub async fn leaves_no_budget() {
    poll_fn(|cx| {
        spends(cx, u64::MAX);
        Poll::Ready(())
    })
    .await;
}

/// Uses up so many units of the cooperative budget, if there are so many.
fn spends(cx: &mut Context<'_>, units: u64) {
    for _ in 0..units {
        if !has_budget_remaining() {
            return;
        }
        if let Poll::Ready(unit) = poll_proceed(cx) {
            unit.made_progress();
        }
    }
}

/// Gives way once; who does so in a row counts the turns from 0. Every other one is woken while it is polled.
pub async fn gives_way(turn: usize) {
    if turn.is_multiple_of(2) {
        wakes_itself().await;
    } else {
        yield_now().await;
    }
}

/// Goes on at the next poll, and is woken before this one is over. Tokio's `yield_now` is woken later: whoever
/// forgets what came while it polled would never be found out by that.
pub async fn wakes_itself() {
    let mut is_over = false;
    poll_fn(|cx| {
        if replace(&mut is_over, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
