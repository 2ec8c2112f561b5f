//! Running a scenario under its seeds, judging it, and saying so.

use std::{
    any::type_name,
    ops::Range,
    panic::resume_unwind,
    sync::{
        Arc, Mutex,
        atomic::Ordering::SeqCst,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::Duration,
};

use record::{Kind, Outcome, Record};

use crate::{
    board,
    cpu::Thread,
    failure::Failure,
    records, report,
    run::{Pulse, Scenario, record, run},
    watchdog::Limits,
    world::World,
};

/// Seeds of an ordinary `cargo test`, the calm one included.
const SEEDS: u64 = 64;

/// Runs `scenario` under 64 seeds, calm first, and fails with one report at the first seed that
/// breaks `rule` (a code such as `"retries.2"`). Every run has a runtime and a paused clock of
/// its own; none can hang for long (see [`Limits`]).
///
/// # Panics
///
/// Ends the test when a seed fails. The panic hook stays silent.
pub fn check<F>(rule: &'static str, scenario: F)
where
    F: AsyncFn(World) + Send + Sync + 'static,
{
    judge(rule, &name_of(type_name::<F>()), Arc::new(scenario));
}

/// Runs `scenario` under `seeds` and returns the record of the calm run, or of the first seed
/// that failed. For the tests of the kit and of the fakes.
pub fn explore<F>(seeds: Range<u64>, limits: Limits, scenario: F) -> Record
where
    F: AsyncFn(World) + Send + Sync + 'static,
{
    let test = name_of(type_name::<F>());
    watched("kit.0", &test, Arc::new(scenario), seeds, limits).0
}

/// `retries::tests::step_1::x` from the type of a closure in that function.
pub(crate) fn name_of(closure: &str) -> String {
    let path = closure.split("::{{").next().unwrap_or(closure);
    match path.split_once("::") {
        Some((_crate, rest)) => rest.to_owned(),
        None => path.to_owned(),
    }
}

pub(crate) fn judge(rule: &'static str, test: &str, scenario: Arc<dyn Scenario>) {
    records::open();
    if board::is_told(test) {
        scenario.hurry();
    }
    board::start(test);
    let (record, gave_up) = match board::blocked() {
        Some(blocker) => (not_run(rule, test, blocker), false),
        None => watched(rule, test, scenario, seeds(), Limits::default()),
    };
    if gave_up {
        board::block(test);
    }
    records::keep(&record);
    let failed = record.outcome == Outcome::Failed;
    let may_speak = board::end(test, record.kind);
    if !failed {
        return;
    }
    if may_speak {
        let plain = record.report.as_deref().unwrap_or(&record.message);
        if report::rich() {
            println!("{}", report::paint(plain));
        } else {
            println!("{plain}");
        }
    }
    // Why not `panic!`: the hook would print a backtrace over the report.
    resume_unwind(Box::new("the report is above"));
}

fn seeds() -> Range<u64> {
    let number = |name| std::env::var(name).ok()?.parse::<u64>().ok();
    match number("KIT_SEED") {
        Some(seed) => seed..seed.saturating_add(1),
        None => 0..number("KIT_SEEDS").unwrap_or(SEEDS).max(1),
    }
}

fn not_run(rule: &str, test: &str, blocker: &str) -> Record {
    let blocker = &blocker[board::chapter(blocker).len()..];
    let text = format!("not run: {blocker} blocked the thread");
    let failure = Failure::new(Kind::NotRun, text);
    record(rule, path(test), &World::new(0), Some(&failure))
}

/// The test path from `step_` on.
pub(crate) fn path(test: &str) -> &str {
    &test[board::chapter(test).len()..]
}

/// The thread that runs the seeds, seen from the one that waits for it.
struct Runner {
    pulse: Arc<Pulse>,
    world: Arc<Mutex<World>>,
    thread: Arc<Mutex<Option<Thread>>>,
    answer: Receiver<Option<Record>>,
}

/// Runs the seeds on a thread of their own, and gives up on that thread when it shows no sign
/// of life. The flag says that it did.
pub(crate) fn watched(
    rule: &'static str,
    test: &str,
    scenario: Arc<dyn Scenario>,
    seeds: Range<u64>,
    limits: Limits,
) -> (Record, bool) {
    let runner = start(rule, path(test).to_owned(), scenario, seeds, limits);
    let (mut silent, mut asleep, mut seen) = (0, 0, 0);
    loop {
        match runner.answer.recv_timeout(Duration::from_millis(100)) {
            Ok(Some(record)) => return (record, false),
            Ok(None) => unreachable!("there is at least one seed"),
            Err(RecvTimeoutError::Disconnected) => {
                return (runner.lost(rule, test), false);
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        // A slow machine is no hang: as long as idle points go by, keep waiting. The waiting is
        // counted in turns of this thread, which starves together with the other one.
        asleep += u32::from(runner.sleeps() == Some(true));
        if asleep >= limits.asleep_tenths {
            return (runner.blocks(rule, test, asleep), true);
        }
        let beats = runner.pulse.count();
        if beats != seen {
            (silent, seen) = (0, beats);
            continue;
        }
        silent += 1;
        if silent >= limits.silent_tenths {
            return (runner.silent(rule, test, limits), true);
        }
    }
}

fn start(
    rule: &'static str,
    test: String,
    scenario: Arc<dyn Scenario>,
    seeds: Range<u64>,
    limits: Limits,
) -> Runner {
    let (send, answer) = channel();
    let runner = Runner {
        pulse: Arc::new(Pulse::default()),
        world: Arc::new(Mutex::new(World::new(seeds.start))),
        thread: Arc::default(),
        answer,
    };
    let (pulse, current) = (runner.pulse.clone(), runner.world.clone());
    let thread = runner.thread.clone();
    std::thread::spawn(move || {
        *thread.lock().unwrap() = Some(Thread::current());
        let mut first = None;
        for seed in seeds {
            let mut one = |world: &World| {
                *current.lock().unwrap() = world.clone();
                pulse.beat();
                run(&*scenario, world, limits, &pulse)
            };
            let (world, failure) = scenario.runs(seed, &mut one);
            if failure.is_some() || first.is_none() {
                first = Some(record(rule, &test, &world, failure.as_ref()));
            }
            if failure.is_some() {
                break;
            }
        }
        _ = send.send(first);
    });
    runner
}

impl Runner {
    fn record(&self, rule: &str, test: &str, kind: Kind, text: String) -> Record {
        let world = self.world.lock().unwrap().clone();
        record(rule, path(test), &world, Some(&Failure::new(kind, text)))
    }

    fn lost(&self, rule: &str, test: &str) -> Record {
        let text = "the thread of the scenario ended without an answer".to_owned();
        self.record(rule, test, Kind::Panic, text)
    }

    fn sleeps(&self) -> Option<bool> {
        self.thread.lock().unwrap().as_ref().and_then(Thread::sleeps)
    }

    /// The thread sleeps, again or still.
    fn blocks(&self, rule: &str, test: &str, tenths: u32) -> Record {
        let at_ms = self.world.lock().unwrap().0.seen_ms.load(SeqCst);
        let text = format!(
            "at {at_ms} ms a task holds the thread in a call that is not async \
             ({} real seconds so far): nothing else can run",
            seconds(tenths)
        );
        self.record(rule, test, Kind::Block, text)
    }

    /// No idle point for `silent_tenths`, and it does not sleep, as far as one can tell.
    fn silent(&self, rule: &str, test: &str, limits: Limits) -> Record {
        if self.sleeps() != Some(false) {
            return self.blocks(rule, test, limits.silent_tenths);
        }
        let at_ms = self.world.lock().unwrap().0.seen_ms.load(SeqCst);
        let text = format!(
            "since {at_ms} ms a task runs and never gives way \
             ({} real seconds): time stands still",
            seconds(limits.silent_tenths)
        );
        self.record(rule, test, Kind::Spin, text)
    }
}

fn seconds(tenths: u32) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}
