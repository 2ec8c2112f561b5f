//! The threads of one test: what it says does not depend on who is done first.

use std::{
    sync::{Arc, Condvar, Mutex},
    thread,
};

use record::{Kind, Outcome, Record};

use crate::{
    Limits, World,
    cpu::Seen,
    elsewhere, explore, ms, require,
    run::Pulse,
    scenes::Open,
    workers::{patience, watched_by},
};

/// Two threads share the seeds 0 and 1.
fn two<F>(scenario: F) -> (Record, bool)
where
    F: AsyncFn(World) + Send + Sync + 'static,
{
    let limits = Limits { asleep_tenths: 5, silent_tenths: 10, ..Limits::default() };
    watched_by(2, "kit.1", "two", Arc::new(scenario), 0..2, limits)
}

#[test]
fn a_large_scenario_has_sixteen_seeds_and_any_other_sixty_four() {
    let runs = Arc::new(Mutex::new(0));
    let counts = |runs: &Arc<Mutex<i32>>| {
        let runs = runs.clone();
        async move |_| *runs.lock().unwrap() += 1
    };
    crate::check_large("kit.1", counts(&runs));
    assert_eq!(*runs.lock().unwrap(), 16, "seeds of a large scenario");
    crate::check("kit.1", counts(&runs));
    assert_eq!(*runs.lock().unwrap(), 16 + 64, "and those of any other");
}

/// Something that one thread says and the other waits for.
#[derive(Clone, Default)]
struct Bell(Arc<(Mutex<bool>, Condvar)>);

impl Bell {
    fn ring(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn wait(&self) {
        let rung = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(rung, |rung| !*rung));
    }
}

fn for_ever() -> ! {
    loop {
        thread::park();
    }
}

#[test]
fn the_lowest_seed_that_fails_counts_whoever_is_done_first() {
    let bell = Bell::default();

    let (record, gave_up) = two(async move |world| {
        if world.seed() == 0 {
            bell.wait();
        } else {
            bell.ring();
        }
        require(false, "it fails");
    });

    let rule = "seed 0 counts, though seed 1 failed before it";
    assert_eq!((record.seed, record.kind), (0, Some(Kind::Rule)), "{rule}");
    assert!(!gave_up, "both have ended");
}

#[test]
fn where_none_fails_the_first_seed_is_recorded() {
    let bell = Bell::default();

    let (record, _) = two(async move |world| {
        if world.seed() == 0 {
            bell.wait();
        } else {
            bell.ring();
        }
    });

    let rule = "seed 0 is recorded, though seed 1 was done before it";
    assert_eq!((record.seed, record.outcome), (0, Outcome::Passed), "{rule}");
}

#[test]
fn a_later_seed_that_never_ends_is_not_waited_for() {
    let bell = Bell::default();

    let (record, gave_up) = two(async move |world| {
        if world.seed() == 1 {
            bell.ring();
            for_ever();
        }
        bell.wait();
        require(false, "it fails");
    });

    let rule = "seed 0 counts, and nobody waits for seed 1";
    assert_eq!((record.seed, record.kind), (0, Some(Kind::Rule)), "{rule}");
    assert!(!gave_up, "nobody looked at the later one");
}

#[test]
fn an_earlier_seed_that_never_ends_counts_before_a_later_one_that_fails() {
    let (record, gave_up) = two(async |world| {
        if world.seed() == 0 {
            for_ever();
        }
        require(false, "it fails");
    });

    let rule = "seed 0 counts as the hang it is";
    assert_eq!((record.seed, record.kind), (0, Some(Kind::Block)), "{rule}");
    assert!(gave_up, "its thread is left behind");
}

/// A thread that the suite waits for takes a while, under each of some seeds.
#[test]
#[expect(clippy::disallowed_methods, reason = "a thread that takes its time")]
fn waiting_for_a_thread_of_the_suite_is_no_block() {
    let limits = Limits { asleep_tenths: 2, ..Limits::default() };
    let record = explore(0..12, limits, async |_| {
        elsewhere(|| thread::sleep(ms(150))).expect("it does not panic");
    });

    assert_eq!(record.outcome, Outcome::Passed, "{}", record.message);
}

#[test]
fn a_thread_of_the_suite_that_never_returns_is_a_block() {
    let limits = Limits { asleep_tenths: 2, silent_tenths: 5, ..Limits::default() };
    let record = explore(0..1, limits, async |_| _ = elsewhere(for_ever));

    assert_eq!(record.kind, Some(Kind::Block), "{}", record.message);
}

#[test]
fn whoever_works_and_hardly_gets_the_processor_has_more_time() {
    let limits = Limits { silent_tenths: 30, ..Limits::default() };
    let after =
        |sleeps, used_tenths| patience(limits, Some(Seen { sleeps, used_tenths }));

    assert_eq!(after(false, 9), 50, "less than a second of work: it is starved");
    assert_eq!(after(false, 10), 30, "a second of work, and no sign of life");
    assert_eq!(after(true, 0), 30, "whoever sleeps wants no processor");
    assert_eq!(patience(limits, None), 30, "where no kernel tells");
}

#[test]
fn each_story_of_a_model_is_a_sign_of_life() {
    let pulse = Arc::<Pulse>::default();
    Pulse::make_own(&pulse);

    Open::default().each(|open| Some(open.one_of(3)), |_| false);

    assert_eq!(pulse.count(), 3, "a model with three stories");
}
