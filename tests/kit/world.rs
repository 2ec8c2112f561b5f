//! The handle a scenario holds: time, seeds, lanes.

use std::{
    any::Any,
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    panic::resume_unwind,
    sync::{
        Arc, Mutex, OnceLock, Weak,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
    task::Waker,
};

use record::{Kind, Weather};
use tokio::time::{Instant, sleep_until};

use crate::{
    dice::{Dice, weather_of},
    failure::Failure,
    gauge::Gauge,
    ms,
    old_wakes::OldWakes,
    panics::Panic,
    pollers::Pollers,
    settling::Settling,
    timeline::{Tape, Words},
};

/// How often one instant may touch the instruments before it counts as a spin.
const TOUCHES_PER_INSTANT: u32 = 40_000;

/// The running simulation. Cheap to clone, usable in every task of it.
#[derive(Clone)]
pub struct World(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) seed: u64,
    pub(crate) weather: Weather,
    pub(crate) start: OnceLock<Instant>,
    pub(crate) tape: Mutex<Tape>,
    /// The words of what came in a scene.
    pub(crate) words: OnceLock<Words>,
    /// Who waits in [`World::settle`]; one is woken per idle point.
    pub(crate) idle: Mutex<VecDeque<Weak<Settling>>>,
    pub(crate) root: Mutex<Option<Waker>>,
    pub(crate) failure: Mutex<Option<Failure>>,
    pub(crate) panics: Mutex<Vec<Panic>>,
    pub(crate) panics_expected: AtomicUsize,
    /// The choices of the scene that is acted, if it is one.
    pub(crate) choices: OnceLock<Vec<u64>>,
    /// The number of the last rule that this scene speaks of.
    pub(crate) step: OnceLock<usize>,
    /// That scene, if it is drawn already.
    pub(crate) scene: OnceLock<Box<dyn Any + Send + Sync>>,
    /// That scene in words, once somebody is to read them.
    pub(crate) told: OnceLock<Vec<String>>,
    /// Set when the run is judged: what still drops then leaves no trace.
    pub(crate) over: AtomicBool,
    /// The virtual time of the last idle point or step, readable from any thread.
    pub(crate) seen_ms: AtomicU64,
    /// Whom somebody woke by a waker of an earlier poll. Whoever is polled again in that instant has missed nothing.
    pub(crate) old_wakers: Mutex<BTreeMap<u64, OldWakes>>,
    /// The tasks of the suite that wait.
    pub(crate) pollers: Mutex<Pollers>,
    /// How often all tasks waited.
    pub(crate) idle_points: AtomicU64,
    /// The suite waits for a thread of its own.
    pub(crate) is_elsewhere: AtomicBool,
    dice: Mutex<Dice>,
    waiting: Mutex<Vec<(u64, String)>>,
    waits: AtomicU64,
    touched: Mutex<Touched>,
}

/// How often the instruments were touched at the last instant that had a touch.
#[derive(Default)]
struct Touched {
    at_ms: u64,
    count: u32,
}

thread_local! {
    static CURRENT: RefCell<Option<World>> = const { RefCell::new(None) };
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        World(Arc::new(Inner {
            seed,
            weather: weather_of(seed),
            start: OnceLock::new(),
            tape: Mutex::default(),
            words: OnceLock::new(),
            idle: Mutex::default(),
            root: Mutex::default(),
            failure: Mutex::default(),
            panics: Mutex::default(),
            panics_expected: AtomicUsize::new(0),
            choices: OnceLock::new(),
            step: OnceLock::new(),
            scene: OnceLock::new(),
            told: OnceLock::new(),
            over: AtomicBool::new(false),
            seen_ms: AtomicU64::new(0),
            old_wakers: Mutex::default(),
            pollers: Mutex::default(),
            idle_points: AtomicU64::new(0),
            is_elsewhere: AtomicBool::new(false),
            dice: Mutex::new(Dice::new(seed)),
            waiting: Mutex::default(),
            waits: AtomicU64::new(0),
            touched: Mutex::default(),
        }))
    }

    /// The world this thread is running, if it is running one.
    pub(crate) fn current() -> Option<World> {
        CURRENT
            .try_with(|slot| slot.try_borrow().ok().and_then(|slot| slot.clone()))
            .ok()
            .flatten()
    }

    pub(crate) fn make_current(world: Option<World>) {
        CURRENT.with(|slot| *slot.borrow_mut() = world);
    }

    /// Virtual milliseconds since the start of the scenario.
    pub fn now_ms(&self) -> u64 {
        if self.0.over.load(SeqCst) {
            return self.0.seen_ms.load(SeqCst);
        }
        let start = self.0.start.get().copied().unwrap_or_else(Instant::now);
        Instant::now().duration_since(start).as_millis() as u64
    }

    /// Sleeps until `at_ms` virtual milliseconds since the start.
    pub async fn at(&self, at_ms: u64) {
        let start = *self.0.start.get().expect("a scenario is running");
        sleep_until(start + ms(at_ms)).await;
    }

    /// The seed of this run.
    pub fn seed(&self) -> u64 {
        self.0.seed
    }

    /// What this run's seed disturbs.
    pub fn weather(&self) -> Weather {
        self.0.weather
    }

    /// A seeded number in `0..n`.
    ///
    /// # Panics
    ///
    /// If `n` is zero.
    pub fn pick(&self, n: u64) -> u64 {
        self.0.dice.lock().unwrap().below(n)
    }

    /// A new gauge, at zero.
    pub fn gauge(&self) -> Gauge {
        Gauge::default()
    }

    /// Names what the surrounding code waits for; a stall lists it.
    pub fn waiting(&self, what: impl Into<String>) -> Waiting {
        let id = self.0.waits.fetch_add(1, SeqCst);
        self.0.waiting.lock().unwrap().push((id, what.into()));
        Waiting(self.clone(), id)
    }

    pub(crate) fn waits(&self) -> Vec<String> {
        let waiting = self.0.waiting.lock().unwrap();
        waiting.iter().map(|(_, what)| what.clone()).collect()
    }

    /// What has begun and not ended, a sentence each.
    pub(crate) fn open_spans(&self) -> Vec<String> {
        self.0.tape.lock().unwrap().open_spans()
    }

    /// Declares that exactly `n` panics belong to the scenario. Any other number fails it.
    pub fn expect_panics(&self, n: usize) {
        self.0.panics_expected.store(n, SeqCst);
    }

    /// Spawned tasks that have not ended. Ask after [`World::settle`].
    pub fn alive_tasks(&self) -> usize {
        tokio::runtime::Handle::current().metrics().num_alive_tasks()
    }

    /// Counts a touch of the instrument or fake that `what` names; too many touches at one
    /// instant are a spin. A fake says it in whatever may be polled in a loop.
    ///
    /// # Panics
    ///
    /// Ends the test when there are too many.
    pub fn touch(&self, what: impl FnOnce() -> String) {
        let now = self.now_ms();
        let count = {
            let mut touched = self.0.touched.lock().unwrap();
            if touched.at_ms != now {
                *touched = Touched { at_ms: now, count: 0 };
            }
            touched.count += 1;
            touched.count
        };
        if count > TOUCHES_PER_INSTANT && !self.0.over.load(SeqCst) {
            let what = what();
            self.fail(Failure::spin(format!(
                "{what} was called {count} times at {now} ms: time stands still"
            )));
        }
    }

    /// Ends the run with `failure`, from whichever task this is. The first failure counts.
    ///
    /// # Panics
    ///
    /// Ends the test. The panic hook stays silent.
    pub fn fail(&self, failure: Failure) -> ! {
        self.0.failure.lock().unwrap().get_or_insert(failure);
        if let Some(root) = self.0.root.lock().unwrap().as_ref() {
            root.wake_by_ref();
        }
        // Why not `panic!`: the panic hook would print over the report.
        resume_unwind(Box::new("the scenario failed"));
    }

    /// Ends the run with the panic that a fake has caught in the code under test.
    ///
    /// # Panics
    ///
    /// Ends the test. The panic hook stays silent.
    pub fn fail_with_caught_panic(&self) -> ! {
        self.fail(self.panicked())
    }

    /// The failure that the recorded panics make: the first that is not the suite's own, because what a
    /// scenario makes panic on purpose is not what went wrong.
    pub(crate) fn panicked(&self) -> Failure {
        let panics = self.0.panics.lock().unwrap();
        let told = panics.iter().find(|panic| !panic.is_the_suites());
        let Some(panic) = told.or(panics.first()) else {
            return Failure::new(Kind::Panic, String::new());
        };
        let kind = if panic.is_todo() { Kind::Todo } else { Kind::Panic };
        let message = panic.message.trim_start_matches("not yet implemented: ");
        let mut failure = Failure::new(kind, message.to_owned());
        failure.panic = Some(panic.clone());
        failure
    }

    /// Fails the current world, or panics plainly outside of one.
    pub(crate) fn fail_current(failure: Failure) -> ! {
        match World::current() {
            Some(world) => world.fail(failure),
            None => panic!("{}", failure.message),
        }
    }
}

/// See [`World::waiting`].
pub struct Waiting(World, u64);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.0.waiting.lock().unwrap().retain(|(id, _)| *id != self.1);
    }
}
