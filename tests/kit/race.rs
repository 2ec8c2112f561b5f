//! Races: what only threads show, because under the paused clock nobody is interrupted between two lines.

use std::{
    any::type_name,
    cell::RefCell,
    panic::resume_unwind,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::SeqCst},
        mpsc::{RecvTimeoutError, channel},
    },
    thread,
};

use record::Kind;
use tokio::runtime::{Builder, Runtime};

use crate::{
    board::path, check::name_of, failure::Failure, ms, records, report, run::record,
    world::World,
};

/// Threads of [`threads`]: more than most machines have processors, so that the system takes one away from
/// somebody all the time, between any two lines.
const THREADS: usize = 16;

/// Tenths of a second without the end of a round before it is a STALL: 5 s. A round takes some microseconds.
const PATIENCE: u32 = 50;

/// What was wrong with a round.
pub struct Wrong {
    broken: Option<Broken>,
    what: String,
}

/// A rule that is not the one of the race.
struct Broken {
    /// Its code.
    rule: &'static str,
    /// What is always true.
    sentence: &'static str,
}

impl Wrong {
    /// What was wrong, where another rule than that of the race is broken: its code, and what is always true.
    pub fn of(
        rule: &'static str,
        sentence: &'static str,
        what: impl Into<String>,
    ) -> Self {
        Wrong { broken: Some(Broken { rule, sentence }), what: what.into() }
    }
}

/// The sentence of the race is not true.
impl From<String> for Wrong {
    fn from(what: String) -> Self {
        Wrong { broken: None, what }
    }
}

/// Lets real threads meet, so many rounds long, and fails at the first round that says what was wrong with it, or
/// does not end. `rule` is a code such as `"worker_pool.5"`, `sentence` what is always true. A round looks at no
/// clock and asks for no order: whoever goes first, what it counts must be right. Each begins anew.
///
/// `KIT_ROUNDS=n` in the environment runs that many rounds instead.
///
/// # Panics
///
/// Ends the test when a round fails. The panic hook stays silent.
pub fn race<F, E>(
    rule: &'static str,
    sentence: &'static str,
    rounds: u64,
    mut round: F,
) where
    F: FnMut(u64) -> Result<(), E> + Send + 'static,
    E: Into<Wrong>,
{
    let round = Box::new(move |n| round(n).map_err(Into::into));
    decide(rule, &name_of(type_name::<F>()), sentence, rounds, round);
}

/// A round without its type, so that nothing below is compiled once per test.
type Round = Box<dyn FnMut(u64) -> Result<(), Wrong> + Send>;

fn decide(
    rule: &'static str,
    test: &str,
    sentence: &'static str,
    rounds: u64,
    round: Round,
) {
    records::open();
    let asked = std::env::var("KIT_ROUNDS").ok().and_then(|text| text.parse().ok());
    let found = run(asked.unwrap_or(rounds), rule, sentence, round);
    let rule = found.as_ref().map_or(rule, |(rule, _)| rule);
    let failure = found.as_ref().map(|(_, failure)| failure);
    let mut record = record(rule, path(test), &World::new(0), failure);
    if let Some(report) = &mut record.report {
        *report += &what_it_proves(rule);
    }
    records::keep(&record);
    if let Some(report) = record.report {
        println!("{}", if report::rich() { report::paint(&report) } else { report });
        // Why not `panic!`: the hook would print a backtrace over the report.
        resume_unwind(Box::new("the report is above"));
    }
}

/// What a round waits for, and the rule that makes it come.
type Waits = Arc<Mutex<Option<(&'static str, &'static str)>>>;

thread_local! {
    /// Of the rounds that this thread runs.
    static WAITS: RefCell<Waits> = RefCell::default();
}

/// Says, from within a round, for what it waits from now on: if that never comes, this rule is broken, and the
/// report has this sentence.
pub fn waits_until(rule: &'static str, what: &'static str) {
    WAITS.with_borrow(|waits| *waits.lock().unwrap() = Some((rule, what)));
}

/// Runs the rounds on a thread of their own, which is given up when a round does not end: the code of the rule that
/// one of them broke, and how.
pub(crate) fn run(
    rounds: u64,
    rule: &'static str,
    sentence: &'static str,
    mut round: Round,
) -> Option<(&'static str, Failure)> {
    let running = Arc::new(AtomicU64::new(0));
    let (send, answer) = channel();
    let begun = running.clone();
    let waits = Waits::default();
    let told = waits.clone();
    thread::spawn(move || {
        WAITS.set(told.clone());
        let wrong = (1..=rounds).find_map(|n| {
            begun.store(n, SeqCst);
            *told.lock().unwrap() = None;
            round(n).err()
        });
        _ = send.send(wrong);
    });
    let (mut seen, mut turns) = (0, 0);
    let (kind, wrong) = loop {
        match answer.recv_timeout(ms(100)) {
            Ok(None) => return None,
            Ok(Some(wrong)) => break (Kind::Rule, wrong),
            Err(RecvTimeoutError::Disconnected) => {
                let what = "the thread of the rounds panicked".to_owned();
                break (Kind::Panic, what.into());
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        turns += 1;
        if running.load(SeqCst) != seen {
            (seen, turns) = (running.load(SeqCst), 0);
        }
        if turns >= PATIENCE {
            let (rule, until) = match *waits.lock().unwrap() {
                Some((rule, what)) => (rule, format!(": it waits until {what}")),
                None => (rule, String::new()),
            };
            let sentence = "somebody waits, and is never woken";
            let what = format!("it did not end{until}");
            break (Kind::Stall, Wrong::of(rule, sentence, what));
        }
    };
    let Broken { rule, sentence } =
        wrong.broken.unwrap_or(Broken { rule, sentence });
    let n = running.load(SeqCst);
    let where_it_parts = format!("in round {n} of {rounds}, {}", wrong.what);
    let failure = Failure::new(kind, sentence.to_owned()).difference(where_it_parts);
    Some((rule, failure))
}

fn what_it_proves(rule: &str) -> String {
    let chapter = rule.split('.').next().unwrap_or_default();
    format!(
        "\n  It ran on real threads, where the order is luck: the next run may find nothing,\n  \
         and a race that is not found is not proven away. If it fails in round 1 each time,\n  \
         look for a fault that needs no luck. To look again:\n  \
         cargo test --test {chapter} threads -- --ignored"
    )
}

/// A world for the fakes of one round: calm, and no time passes in it, because it has no scenario.
pub fn still() -> World {
    World::new(0)
}

/// A runtime of sixteen threads, with a real clock.
///
/// # Panics
///
/// If the system gives no threads.
pub fn threads() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    let builder = builder.worker_threads(THREADS).enable_time();
    builder.build().expect("threads can be started")
}
