//! The watchdogs inside a run: STALL, LIVELOCK, and the SPIN that polls on and on. A thread that is never
//! given back (BLOCK, or a SPIN without an await) is seen from outside, in `workers.rs`.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    task::{Context, Poll},
    time::Duration,
};

use record::Kind;
use tokio::{
    task::unconstrained,
    time::{Instant, Sleep, sleep},
};

use crate::{failure::Failure, ms, wakers::Rewaked, world::World};

/// The longest slot of tokio's timing wheel, in milliseconds: about twelve days. On the way to a timer that is further
/// away the clock stops where such slots begin, and nothing happens there.
const SLOT_MS: u64 = 64_u64.pow(5);

/// 29 and a half years, when such a slot begins. After it there is nothing to see: tokio's own "never", which
/// `sleep(Duration::MAX)` waits for, is thirty years.
pub const VIRTUAL_LIMIT: Duration = ms(868 * SLOT_MS);

/// Whoever is woken now and then, and more often than this, keeps time moving.
const SELDOM: Duration = ms(8 * SLOT_MS);

/// When the watchdogs bite.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Idle points in one run before it is a LIVELOCK.
    pub idle_points: u64,
    /// Polls of the scenario at one instant before it is a SPIN.
    pub polls: u64,
    /// Tenths of a real second without an idle point before it is a SPIN or a BLOCK. Well below the ten
    /// seconds after which the runner kills the process: the report comes first.
    pub silent_tenths: u32,
    /// Tenths of a real second that the thread may sleep in one test, in all, before it is a BLOCK: under the
    /// paused clock a runtime has nothing to sleep for.
    pub asleep_tenths: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            idle_points: 400_000,
            polls: 100_000,
            silent_tenths: 30,
            asleep_tenths: 20,
        }
    }
}

/// What the hooks of the runtime note for the root future.
#[derive(Default)]
pub(crate) struct Watch {
    pub(crate) exhausted: AtomicBool,
    /// The last step of the clock, from and to.
    jump_from_ms: AtomicU64,
    jump_to_ms: AtomicU64,
}

impl Watch {
    /// The clock moves. Steps that only stop where a slot begins are one.
    pub(crate) fn steps(&self, from_ms: u64, to_ms: u64) {
        if from_ms == 0 || !from_ms.is_multiple_of(SLOT_MS) {
            self.jump_from_ms.store(from_ms, SeqCst);
        }
        self.jump_to_ms.store(to_ms, SeqCst);
    }
}

/// The future `block_on` polls: the scenario under guard.
pub(crate) struct Root<'a> {
    world: &'a World,
    limits: Limits,
    watch: &'a Watch,
    limit: Pin<Box<Sleep>>,
    scenario: Rewaked<Pin<Box<dyn Future<Output = ()> + 'a>>>,
    polls: u64,
    polled_at: Instant,
}

impl<'a> Root<'a> {
    pub(crate) fn new(
        world: &'a World,
        limits: Limits,
        watch: &'a Watch,
        scenario: Pin<Box<dyn Future<Output = ()> + 'a>>,
    ) -> Self {
        Root {
            world,
            limits,
            watch,
            limit: Box::pin(sleep(VIRTUAL_LIMIT)),
            scenario: Rewaked::new(scenario, Some(world.clone())),
            polls: 0,
            polled_at: Instant::now(),
        }
    }

    pub(crate) async fn finish(mut self) -> Option<Failure> {
        let outcome = poll_fn(|cx| self.poll(cx)).await;
        if outcome.is_some() {
            // What is dropped from here on is no part of the story.
            self.world.0.over.store(true, SeqCst);
        }
        outcome
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Failure>> {
        self.world.0.root.lock().unwrap().replace(cx.waker().clone());
        if let Some(failure) = self.failed().or_else(|| self.spins_or_livelocks()) {
            return Poll::Ready(Some(failure));
        }
        // Why before the scenario: polled once more by the watchdog's timer, one that nobody wakes would go on.
        if Instant::now() >= self.limit.deadline() {
            return Poll::Ready(Some(self.stalled()));
        }
        let poll = || Pin::new(&mut self.scenario).poll(cx);
        let answer = match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(answer) => answer,
            Err(_) => return Poll::Ready(Some(self.unwound())),
        };
        if let Some(failure) = self.failed() {
            return Poll::Ready(Some(failure));
        }
        if answer.is_ready() {
            return Poll::Ready(None);
        }
        // From now on it wakes this task, and a task that has no budget left too.
        let limit = pin!(unconstrained(self.limit.as_mut()));
        limit.poll(cx).map(|()| Some(self.stalled()))
    }

    fn failed(&self) -> Option<Failure> {
        self.world.0.failure.lock().unwrap().clone()
    }

    fn unwound(&self) -> Failure {
        self.failed().unwrap_or_else(|| self.world.panicked())
    }

    fn spins_or_livelocks(&mut self) -> Option<Failure> {
        let now = Instant::now();
        if now != self.polled_at {
            (self.polled_at, self.polls) = (now, 0);
        }
        self.polls += 1;
        if self.polls > self.limits.polls {
            let (n, at) = (self.polls, self.world.now_ms());
            let text = format!(
                "polled {n} times at {at} ms and never done: time stands still"
            );
            return Some(Failure::new(Kind::Spin, text));
        }
        if !self.watch.exhausted.load(SeqCst) {
            return None;
        }
        let (n, at) = (self.limits.idle_points, self.world.now_ms());
        Some(self.with_waits(Failure::new(
            Kind::Livelock,
            format!(
                "something wakes all the time: {n} times up to {at} ms, and there is no end to it"
            ),
        )))
    }

    fn stalled(&self) -> Failure {
        let from = self.watch.jump_from_ms.load(SeqCst);
        let to = self.watch.jump_to_ms.load(SeqCst);
        let step = Duration::from_millis(to - from);
        if step < SELDOM {
            let text = format!("time moved on to {to} ms and nobody finished");
            return self.with_waits(Failure::new(Kind::Livelock, text));
        }
        let alive = match self.world.alive_tasks() {
            1 => "1 spawned task is alive".to_owned(),
            n => format!("{n} spawned tasks are alive"),
        };
        // The clock has jumped to the limit; the story ended before.
        self.world.0.seen_ms.store(from, SeqCst);
        let text = format!(
            "nothing moves any more after {from} ms: \
             no timer is pending, nobody is woken, {alive}"
        );
        let mut failure = self.with_waits(Failure::new(Kind::Stall, text));
        failure.notes.extend(self.world.old_waker(from));
        failure
    }

    fn with_waits(&self, mut failure: Failure) -> Failure {
        let waits = self.world.waits().into_iter();
        failure.notes = waits.map(|what| format!("waiting: {what}")).collect();
        failure.notes.extend(self.world.open_spans());
        failure
    }
}
