//! Judging a scenario, and saying so. Its seeds are run in `workers.rs`.

use std::{any::type_name, ops::Range, panic::resume_unwind, sync::Arc};

use record::{Kind, Outcome, Record};

use crate::{
    board,
    failure::Failure,
    records, report,
    run::{Scenario, record},
    watchdog::Limits,
    workers::watched,
    world::World,
};

/// Seeds of an ordinary `cargo test`, the calm one included.
pub(crate) const SEEDS: u64 = 64;

/// Those of a scenario that builds a whole service, or has hundreds of tasks: a dozen of these took half of what all
/// examples took.
const SEEDS_OF_A_LARGE_ONE: u64 = 16;

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
    judge(rule, &name_of(type_name::<F>()), Arc::new(scenario), SEEDS);
}

/// As [`check`], under 16 seeds, for a scenario that takes a millisecond: one that builds a whole service, or has
/// hundreds of tasks.
///
/// # Panics
///
/// As [`check`].
pub fn check_large<F>(rule: &'static str, scenario: F)
where
    F: AsyncFn(World) + Send + Sync + 'static,
{
    let test = name_of(type_name::<F>());
    judge(rule, &test, Arc::new(scenario), SEEDS_OF_A_LARGE_ONE);
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

/// Judges `scenario` under so many seeds, unless the environment says otherwise.
pub(crate) fn judge(
    rule: &'static str,
    test: &str,
    scenario: Arc<dyn Scenario>,
    seeds: u64,
) {
    records::open();
    board::start(test);
    let (record, gave_up) = match board::blocked() {
        Some(blocker) => (not_run(rule, test, blocker), false),
        None => watched(rule, test, scenario, asked_for(seeds), Limits::default()),
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

fn asked_for(seeds: u64) -> Range<u64> {
    let number = |name| std::env::var(name).ok()?.parse::<u64>().ok();
    match number("KIT_SEED") {
        Some(seed) => seed..seed.saturating_add(1),
        None => 0..number("KIT_SEEDS").unwrap_or(seeds).max(1),
    }
}

fn not_run(rule: &str, test: &str, blocker: &str) -> Record {
    let text = format!("not run: {} blocked the thread", board::path(blocker));
    let failure = Failure::new(Kind::NotRun, text);
    record(rule, board::path(test), &World::new(0), Some(&failure))
}
