//! Running a scenario under its seeds, judging it, and saying so.

use std::{
    any::type_name,
    ops::Range,
    panic::resume_unwind,
    path::Path,
    sync::{
        Arc, Mutex,
        mpsc::{RecvTimeoutError, channel},
    },
    time::Duration,
};

use crate::{
    board,
    record::{Kind, Outcome, Record},
    report,
    run::{Failure, Limits, Pulse, Scenario, record, run},
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
    judge(rule, &name_of(type_name::<F>()), boxed(scenario));
}

/// Runs `scenario` under `seeds` and returns the record of the calm run, or of the first seed
/// that failed. For the tests of the kit itself.
pub fn explore<F>(seeds: Range<u64>, limits: Limits, scenario: F) -> Record
where
    F: AsyncFn(World) + Send + Sync + 'static,
{
    let test = name_of(type_name::<F>());
    watched("kit.0", &test, boxed(scenario), seeds, limits)
}

fn boxed<F>(scenario: F) -> Arc<Scenario>
where
    F: AsyncFn(World) + Send + Sync + 'static,
{
    let scenario = Arc::new(scenario);
    Arc::new(move |world| {
        let scenario = scenario.clone();
        Box::pin(async move { scenario(world).await })
    })
}

/// `answer_key::retries::tests::step_1::x` from the type of a closure in that function.
fn name_of(closure: &str) -> String {
    let path = closure.split("::{{").next().unwrap_or(closure);
    match path.split_once("::") {
        Some((_crate, rest)) => rest.to_owned(),
        None => path.to_owned(),
    }
}

fn judge(rule: &'static str, test: &str, scenario: Arc<Scenario>) {
    board::start(test);
    let record = match board::blocked() {
        Some(blocker) => not_run(rule, test, blocker),
        None => watched(rule, test, scenario, seeds(), Limits::default()),
    };
    if let Some(dir) = std::env::var_os("KIT_RECORD") {
        write(&record, Path::new(&dir));
    }
    let failed = record.outcome == Outcome::Failed;
    let may_speak = board::end(test, failed);
    if !failed {
        return;
    }
    if may_speak {
        let plain = record.report.as_deref().unwrap_or(&record.message);
        match report::rich() {
            true => println!("{}", report::paint(plain)),
            false => println!("{plain}"),
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
fn path(test: &str) -> &str {
    &test[board::chapter(test).len()..]
}

/// Runs the seeds on a thread of their own, and gives up on that thread when it shows no sign
/// of life.
fn watched(
    rule: &'static str,
    test: &str,
    scenario: Arc<Scenario>,
    seeds: Range<u64>,
    limits: Limits,
) -> Record {
    let pulse = Arc::new(Pulse::default());
    let world = Arc::new(Mutex::new(World::new(seeds.start)));
    let (send, receive) = channel();
    let (beat, current, name) =
        (pulse.clone(), world.clone(), path(test).to_owned());
    std::thread::spawn(move || {
        let mut first = None;
        for seed in seeds {
            let world = World::new(seed);
            *current.lock().unwrap() = world.clone();
            beat.beat();
            let outcome = run(&*scenario, &world, limits, &beat);
            if outcome.is_err() || first.is_none() {
                first = Some(record(rule, &name, &world, outcome.as_ref().err()));
            }
            if outcome.is_err() {
                break;
            }
        }
        _ = send.send(first);
    });
    let mut silent = 0;
    let mut seen = 0;
    loop {
        match receive.recv_timeout(Duration::from_millis(100)) {
            Ok(Some(record)) => return record,
            Ok(None) => unreachable!("there is at least one seed"),
            Err(RecvTimeoutError::Disconnected) => {
                let world = world.lock().unwrap().clone();
                return lost(rule, test, &world);
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        // A slow machine is no hang: as long as idle points go by, keep waiting. The waiting is
        // counted in turns of this thread, which starves with the other one.
        let beats = pulse.count();
        silent = if beats == seen { silent + 1 } else { 0 };
        seen = beats;
        if silent >= limits.silent_tenths {
            let world = world.lock().unwrap().clone();
            return blocked(rule, test, &world, limits);
        }
    }
}

fn lost(rule: &str, test: &str, world: &World) -> Record {
    let text = "the thread of the scenario ended without an answer".to_owned();
    record(
        rule,
        path(test),
        world,
        Some(&Failure::new(Kind::Panic, text)),
    )
}

fn blocked(rule: &str, test: &str, world: &World, limits: Limits) -> Record {
    board::block(test);
    let at = world.0.idle_at_ms.load(std::sync::atomic::Ordering::SeqCst);
    let seconds = limits.silent_tenths / 10;
    let text = format!(
        "a task has kept the thread since {at} ms (for {seconds} real seconds): \
         it never waits on an await that can wait"
    );
    let failure = Failure::new(Kind::Block, text);
    record(rule, path(test), world, Some(&failure))
}

fn write(record: &Record, dir: &Path) {
    let file = dir.join(format!("{}.json", record.test.replace("::", ".")));
    let text = serde_json::to_string_pretty(record).expect("a record is plain data");
    if let Err(error) = std::fs::write(&file, text + "\n") {
        panic!("KIT_RECORD: cannot write {}: {error}", file.display());
    }
}
