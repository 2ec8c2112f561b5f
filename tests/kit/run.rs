//! One run of one scenario under one seed, on a runtime of its own, that cannot hang silently.

use std::{
    cell::RefCell,
    future::Future,
    io::Write,
    panic::{set_hook, take_hook},
    pin::Pin,
    sync::{
        Arc, Once,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
};

use record::{Kind, Outcome, Record, Scene};
use tokio::{
    runtime::{Builder, Runtime},
    time::Instant,
};

use crate::{
    failure::Failure,
    panics::Panic,
    report::report,
    watchdog::{Limits, Root, Watch},
    world::World,
};

/// A scenario without its type, so that nothing below is compiled once per test.
pub(crate) trait Scenario: Send + Sync {
    fn begin(&self, world: World) -> Pin<Box<dyn Future<Output = ()> + '_>>;

    /// All runs of one seed, up to the first that fails: the one to be recorded, and what went wrong in it.
    fn runs(
        &self,
        seed: u64,
        one: &mut dyn FnMut(&World) -> Option<Failure>,
    ) -> (World, Option<Failure>) {
        let world = World::new(seed);
        let failure = one(&world);
        (world, failure)
    }

    /// A smaller run that fails as well, if there is one.
    fn smaller(
        &self,
        world: World,
        failure: Failure,
        _one: &mut dyn FnMut(&World) -> Option<Failure>,
    ) -> (World, Failure) {
        (world, failure)
    }

    /// Puts into words what was given in this run, for a report.
    fn tells(&self, _world: &World) {}
}

impl<F: AsyncFn(World) + Send + Sync> Scenario for F {
    fn begin(&self, world: World) -> Pin<Box<dyn Future<Output = ()> + '_>> {
        Box::pin(self(world))
    }
}

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

    /// It is the one of this thread from now on.
    pub(crate) fn make_own(this: &Arc<Pulse>) {
        OWN.set(Some(this.clone()));
    }

    /// A sign of life of this thread. Between two stories of a model no task goes by.
    pub(crate) fn beat_own() {
        OWN.with_borrow(|own| own.iter().for_each(|own| own.beat()));
    }
}

thread_local! {
    static OWN: RefCell<Option<Arc<Pulse>>> = const { RefCell::new(None) };
}

/// Runs `scenario` once and says what went wrong, if something did.
pub(crate) fn run(
    scenario: &dyn Scenario,
    world: &World,
    limits: Limits,
    pulse: &Arc<Pulse>,
) -> Option<Failure> {
    hook_panics();
    World::make_current(Some(world.clone()));
    let watch = Arc::new(Watch::default());
    let runtime = build(world, limits, pulse, &watch);
    let outcome = runtime.block_on(async {
        world.0.start.get_or_init(Instant::now);
        let root = Root::new(world, limits, &watch, scenario.begin(world.clone()));
        let outcome = root.finish().await;
        world.0.seen_ms.store(world.now_ms(), SeqCst);
        outcome
    });
    world.0.over.store(true, SeqCst);
    // The wakers hold the runtime and the runtime's hooks hold the world: break the circle, or
    // every run leaks a runtime.
    world.0.root.lock().unwrap().take();
    world.0.idle.lock().unwrap().clear();
    world.0.pollers.lock().unwrap().forget_all();
    drop(runtime);
    World::make_current(None);
    let outcome = outcome.map(|failure| with_panics(world, failure));
    outcome.or_else(|| count_panics(world))
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
        let points = idle.0.idle_points.fetch_add(1, SeqCst);
        if points >= limits.idle_points
            && !watching.exhausted.swap(true, SeqCst)
            && let Some(root) = idle.0.root.lock().unwrap().as_ref()
        {
            root.wake_by_ref();
        }
        idle.settles();
    });
    let (moved, watching) = (world.clone(), watch.clone());
    builder.on_thread_unpark(move || {
        let to = moved.now_ms();
        let from = moved.0.seen_ms.swap(to, SeqCst);
        if to > from {
            watching.steps(from, to);
        }
    });
    #[cfg(tokio_unstable)]
    builder
        .rng_seed(tokio::runtime::RngSeed::from_bytes(&world.0.seed.to_le_bytes()));
    builder.build().expect("a runtime without I/O needs no resources")
}

/// What the suite missed is often the echo of a panic in a spawned task: a `todo!` is the failure
/// itself, and any other panic that nobody expected is told with it.
fn with_panics(world: &World, mut failure: Failure) -> Failure {
    let panics = world.0.panics.lock().unwrap().clone();
    let is_one_too_many = panics.len() > world.0.panics_expected.load(SeqCst);
    // Why not by the count alone: one that was expected may not have come.
    let of_an_answer = panics.iter().find(|panic| !panic.is_the_suites());
    if failure.kind != Kind::Rule || !is_one_too_many && of_an_answer.is_none() {
        return failure;
    }
    if panics.first().is_some_and(Panic::is_todo) {
        return world.panicked();
    }
    failure.panic = of_an_answer.or(panics.last()).cloned();
    failure
}

fn count_panics(world: &World) -> Option<Failure> {
    let seen = world.0.panics.lock().unwrap().len();
    let expected = world.0.panics_expected.load(SeqCst);
    if seen == expected {
        return None;
    }
    if expected == 0 {
        return Some(world.panicked());
    }
    let text = if seen > expected {
        "nothing panics but what the scenario makes panic"
    } else {
        "what the scenario makes panic does panic"
    };
    let mut failure = Failure::new(Kind::Rule, text.to_owned());
    failure.difference =
        Some(format!("panics: expected {expected}, observed {seen}"));
    if seen > expected {
        failure.panic = world.0.panics.lock().unwrap().last().cloned();
    }
    Some(failure)
}

/// Panics inside a scenario go to its world instead of the terminal.
fn hook_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| match World::current() {
            Some(world) => {
                let mut panics = world.0.panics.lock().unwrap();
                let panic = Panic::of(info);
                if panic.ends_the_process() {
                    last_words(&panics);
                }
                panics.push(panic);
            }
            None => before(info),
        }));
    });
}

/// The panics that led to the one that nobody can catch. Nothing is recorded any more after that one.
fn last_words(panics: &[Panic]) {
    // Where one poisons a lock, the others say no more than that.
    let first = panics.iter().find(|panic| !panic.is_the_suites());
    let last = &panics[panics.len().saturating_sub(2)..];
    let is_told = |it: &&Panic| !last.iter().any(|other| std::ptr::eq(other, *it));
    for panic in first.filter(is_told).into_iter().chain(last) {
        let (place, message) = (panic.place(), &panic.message);
        // Why not `eprintln`: what a test prints is held back until it ends.
        _ = writeln!(std::io::stderr(), "panicked at {place}: \"{message}\"");
    }
}

/// The record of a run that ended, well or not.
pub(crate) fn record(
    rule: &str,
    test: &str,
    world: &World,
    failure: Option<&Failure>,
) -> Record {
    let ended_ms = world.0.seen_ms.load(SeqCst);
    let (lanes, mut events) = {
        let mut tape = world.0.tape.lock().unwrap();
        if let Some(words) = world.0.words.get() {
            tape.fill_in(words);
        }
        (tape.lanes.clone(), tape.events.clone())
    };
    if failure.is_some_and(|failure| failure.kind == Kind::Stall) {
        // What the watchdog's own timer set off is no part of the story.
        events.retain(|event| event.at_ms <= ended_ms);
    }
    let rule = match (world.0.step.get(), rule.rsplit_once('.')) {
        (Some(step), Some((chapter, _))) => format!("{chapter}.{step}"),
        _ => rule.to_owned(),
    };
    let mut record = Record {
        test: test.to_owned(),
        rule,
        outcome: if failure.is_some() { Outcome::Failed } else { Outcome::Passed },
        kind: failure.map(|f| f.kind),
        message: failure.map(|f| f.message.clone()).unwrap_or_default(),
        difference: failure.and_then(|f| f.difference.clone()),
        seed: world.0.seed,
        weather: world.0.weather,
        ended_ms,
        lanes,
        events,
        expected: failure.and_then(|f| f.expected.clone()),
        scene: failure.and_then(|failure| scene(world, failure)),
        report: None,
    };
    if let Some(failure) = failure {
        let text = report(&record, failure.place().as_deref(), &failure.notes());
        record.report = Some(text);
    }
    record
}

/// The scene that failed, with what is due in it.
fn scene(world: &World, failure: &Failure) -> Option<Scene> {
    let (told, choices) = (world.0.told.get()?, world.0.choices.get()?);
    let told = told.iter().filter(|line| !line.is_empty()).cloned().collect();
    let mut scene = Scene { told, choices: choices.clone(), ..Scene::default() };
    if let Some(expectation) = &failure.due {
        scene.due = expectation.due.clone();
        scene.parts = Some(expectation.parts.clone());
    }
    Some(scene)
}
