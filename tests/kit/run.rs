//! One run of one scenario under one seed, on a runtime of its own, that cannot hang silently.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook},
    pin::Pin,
    sync::{
        Arc, Once,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    runtime::{Builder, Runtime},
    time::{Instant, Sleep, sleep},
};

use crate::{
    ms,
    record::{Expected, Kind, Outcome, Record},
    report::report,
    world::{World, place},
};

/// 64^4 ms, about 4.7 hours. Its timer is due at the first instant of a slot of tokio's timing
/// wheel, so a runtime with nothing else to do jumps there in one step, and the start of that
/// step names the instant of the stall. (A round number would be reached in several steps.)
pub const VIRTUAL_LIMIT: Duration = ms(64 * 64 * 64 * 64);

/// When the watchdogs bite.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Idle points in one run before it is a LIVELOCK.
    pub idle_points: u64,
    /// Polls of the scenario at one instant before it is a SPIN.
    pub polls: u64,
    /// Tenths of a real second without an idle point before it is a SPIN or a BLOCK.
    pub silent_tenths: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            idle_points: 100_000,
            polls: 100_000,
            silent_tenths: 30,
        }
    }
}

/// Why a run failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Which expectation or watchdog.
    pub kind: Kind,
    /// The rule, or what the watchdog saw.
    pub message: String,
    /// Where expectation and run part.
    pub difference: Option<String>,
    /// The times that were asked for.
    pub expected: Option<Expected>,
    /// The line of the suite, or of the code that panicked.
    pub place: Option<String>,
    /// More evidence, a sentence each.
    pub notes: Vec<String>,
}

impl Failure {
    pub(crate) fn new(kind: Kind, message: String) -> Self {
        Failure {
            kind,
            message,
            difference: None,
            expected: None,
            place: None,
            notes: vec![],
        }
    }
}

/// A scenario, boxed once so that nothing below is compiled per scenario.
pub(crate) type Scenario =
    dyn Fn(World) -> Pin<Box<dyn Future<Output = ()>>> + Send + Sync;

/// A sign of life that other threads can watch.
#[derive(Default)]
pub(crate) struct Pulse(AtomicU64);

impl Pulse {
    pub(crate) fn beat(&self) {
        self.0.fetch_add(1, SeqCst);
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.load(SeqCst)
    }
}

/// Runs `scenario` once and says what happened.
pub(crate) fn run(
    scenario: &Scenario,
    world: &World,
    limits: Limits,
    pulse: &Arc<Pulse>,
) -> Result<(), Failure> {
    hook_panics();
    World::make_current(Some(world.clone()));
    let watch = Arc::new(Watch::default());
    let runtime = build(world, limits, pulse, &watch);
    let outcome = runtime.block_on(async {
        world.0.start.get_or_init(Instant::now);
        let root = Root {
            world,
            limits,
            watch: &watch,
            limit: Box::pin(sleep(VIRTUAL_LIMIT)),
            scenario: scenario(world.clone()),
            polls: 0,
            polled_at: Instant::now(),
        };
        let outcome = root.finish().await;
        world.0.seen_ms.store(world.now_ms(), SeqCst);
        outcome
    });
    world.0.over.store(true, SeqCst);
    // The wakers hold the runtime and the runtime's hooks hold the world: break the circle, or
    // every run leaks a runtime.
    world.0.root.lock().unwrap().take();
    world.0.idle.lock().unwrap().clear();
    drop(runtime);
    World::make_current(None);
    outcome.and_then(|()| count_panics(world))
}

/// What the hooks of the runtime note for the root future.
#[derive(Default)]
struct Watch {
    idle_points: AtomicU64,
    exhausted: AtomicBool,
    /// The last step of the clock, from and to.
    jump_from_ms: AtomicU64,
    jump_to_ms: AtomicU64,
}

fn build(
    world: &World,
    limits: Limits,
    pulse: &Arc<Pulse>,
    watch: &Arc<Watch>,
) -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_time().start_paused(true);
    let (idle, watching, beat) = (world.clone(), watch.clone(), pulse.clone());
    // Runs exactly when no task can: the idle point.
    builder.on_thread_park(move || {
        beat.beat();
        idle.0.seen_ms.store(idle.now_ms(), SeqCst);
        let points = watching.idle_points.fetch_add(1, SeqCst);
        if points >= limits.idle_points
            && !watching.exhausted.swap(true, SeqCst)
            && let Some(root) = idle.0.root.lock().unwrap().as_ref()
        {
            root.wake_by_ref();
        }
        let next = idle.0.idle.lock().unwrap().pop_front();
        if let Some(waker) = next {
            waker.wake();
        }
    });
    let (moved, watching) = (world.clone(), watch.clone());
    builder.on_thread_unpark(move || {
        let to = moved.now_ms();
        let from = moved.0.seen_ms.swap(to, SeqCst);
        if to > from {
            watching.jump_from_ms.store(from, SeqCst);
            watching.jump_to_ms.store(to, SeqCst);
        }
    });
    #[cfg(tokio_unstable)]
    builder.rng_seed(tokio::runtime::RngSeed::from_bytes(
        &world.0.seed.to_le_bytes(),
    ));
    builder
        .build()
        .expect("a runtime without I/O needs no resources")
}

/// The future `block_on` polls: the scenario under guard.
struct Root<'a> {
    world: &'a World,
    limits: Limits,
    watch: &'a Watch,
    limit: Pin<Box<Sleep>>,
    scenario: Pin<Box<dyn Future<Output = ()>>>,
    polls: u64,
    polled_at: Instant,
}

impl Root<'_> {
    async fn finish(mut self) -> Result<(), Failure> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.world
            .0
            .root
            .lock()
            .unwrap()
            .replace(cx.waker().clone());
        if let Some(failure) = self.failed().or_else(|| self.spins_or_livelocks()) {
            return Poll::Ready(Err(failure));
        }
        let poll = || self.scenario.as_mut().poll(cx);
        let answer = match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(answer) => answer,
            Err(_) => return Poll::Ready(Err(self.unwound())),
        };
        if let Some(failure) = self.failed() {
            return Poll::Ready(Err(failure));
        }
        if answer.is_ready() {
            return Poll::Ready(Ok(()));
        }
        if self.limit.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(self.stalled()));
        }
        Poll::Pending
    }

    fn failed(&self) -> Option<Failure> {
        self.world.0.failure.lock().unwrap().clone()
    }

    fn unwound(&self) -> Failure {
        self.failed().unwrap_or_else(|| panicked(self.world))
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
                "time moves on ({at} ms after {n} idle points) and nobody finishes"
            ),
        )))
    }

    fn stalled(&self) -> Failure {
        let from = self.watch.jump_from_ms.load(SeqCst);
        let to = self.watch.jump_to_ms.load(SeqCst);
        let step = Duration::from_millis(to - from);
        if step < VIRTUAL_LIMIT / 2 {
            let text = format!("time moved on to {to} ms and nobody finished");
            return self.with_waits(Failure::new(Kind::Livelock, text));
        }
        let alive = match self.world.alive_tasks() {
            1 => "1 spawned task is alive".to_owned(),
            n => format!("{n} spawned tasks are alive"),
        };
        let text = format!(
            "nothing moves any more after {from} ms: \
             no timer is pending, nobody is woken, {alive}"
        );
        self.with_waits(Failure::new(Kind::Stall, text))
    }

    fn with_waits(&self, mut failure: Failure) -> Failure {
        let waits = self.world.waits();
        failure.notes = waits
            .iter()
            .map(|what| format!("waiting: {what}"))
            .collect();
        failure
    }
}

/// The failure that the first recorded panic makes.
fn panicked(world: &World) -> Failure {
    let panics = world.0.panics.lock().unwrap();
    let first = panics.first().map_or("no message", String::as_str);
    let (message, place) = first.split_once('\n').unwrap_or((first, ""));
    let kind = match message.strip_prefix("not yet implemented") {
        Some(_) => Kind::Todo,
        None => Kind::Panic,
    };
    let message = message.trim_start_matches("not yet implemented: ");
    let mut failure = Failure::new(kind, message.to_owned());
    failure.place = (!place.is_empty()).then(|| place.to_owned());
    failure
}

fn count_panics(world: &World) -> Result<(), Failure> {
    let seen = world.0.panics.lock().unwrap().len();
    let expected = world.0.panics_expected.load(SeqCst);
    if seen == expected {
        return Ok(());
    }
    if expected == 0 {
        return Err(panicked(world));
    }
    let text = "as many tasks panic as the scenario makes panic".to_owned();
    let mut failure = Failure::new(Kind::Rule, text);
    failure.difference = Some(format!("expected {expected}, observed {seen}"));
    Err(failure)
}

/// Panics inside a scenario go to its world instead of the terminal.
fn hook_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            let Some(world) = World::current() else {
                return before(info);
            };
            let message = info.payload_as_str().unwrap_or("a panic without a text");
            let place = info.location().map(place).unwrap_or_default();
            let mut panics = world.0.panics.lock().unwrap();
            panics.push(format!("{message}\n{place}"));
        }));
    });
}

/// The record of a run that ended, well or not.
pub(crate) fn record(
    rule: &str,
    test: &str,
    world: &World,
    failure: Option<&Failure>,
) -> Record {
    let (lanes, events) = {
        let tape = world.0.tape.lock().unwrap();
        (tape.lanes.clone(), tape.events.clone())
    };
    let mut record = Record {
        test: test.to_owned(),
        rule: rule.to_owned(),
        outcome: if failure.is_some() {
            Outcome::Failed
        } else {
            Outcome::Passed
        },
        kind: failure.map(|f| f.kind),
        message: failure.map(|f| f.message.clone()).unwrap_or_default(),
        difference: failure.and_then(|f| f.difference.clone()),
        seed: world.0.seed,
        weather: world.0.weather,
        ended_ms: world.0.seen_ms.load(SeqCst),
        lanes,
        events,
        expected: failure.and_then(|f| f.expected.clone()),
        report: None,
    };
    if let Some(failure) = failure {
        let text = report(&record, failure.place.as_deref(), &failure.notes);
        record.report = Some(text);
    }
    record
}
