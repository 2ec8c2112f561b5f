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
    rule: Option<&'static str>,
    what: String,
}

impl Wrong {
    /// What was wrong, where another sentence than that of the race is not true: `rule`.
    pub fn of(rule: &'static str, what: impl Into<String>) -> Self {
        Wrong { rule: Some(rule), what: what.into() }
    }
}

/// The sentence of the race is not true.
impl From<String> for Wrong {
    fn from(what: String) -> Self {
        Wrong { rule: None, what }
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
pub fn race<F, E>(rule: &'static str, sentence: &str, rounds: u64, mut round: F)
where
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
    sentence: &str,
    rounds: u64,
    round: Round,
) {
    records::open();
    let asked = std::env::var("KIT_ROUNDS").ok().and_then(|text| text.parse().ok());
    let failure = run(asked.unwrap_or(rounds), sentence, round);
    let mut record = record(rule, path(test), &World::new(0), failure.as_ref());
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

/// What a round waits for.
type Waits = Arc<Mutex<Option<&'static str>>>;

thread_local! {
    /// Of the rounds that this thread runs.
    static WAITS: RefCell<Waits> = RefCell::default();
}

/// Says, from within a round, for what it waits from now on: if that never comes, the report has this sentence.
pub fn waits_until(what: &'static str) {
    WAITS.with_borrow(|waits| *waits.lock().unwrap() = Some(what));
}

/// Runs the rounds on a thread of their own, which is given up when a round does not end.
pub(crate) fn run(rounds: u64, sentence: &str, mut round: Round) -> Option<Failure> {
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
            let until =
                waits.lock().unwrap().map(|what| format!(": it waits until {what}"));
            let what = format!("it did not end{}", until.unwrap_or_default());
            break (Kind::Stall, what.into());
        }
    };
    let n = running.load(SeqCst);
    let message = match kind {
        Kind::Stall => "somebody waits, and is never woken",
        _ => wrong.rule.unwrap_or(sentence),
    };
    let where_it_parts = format!("in round {n} of {rounds}, {}", wrong.what);
    Some(Failure::new(kind, message.to_owned()).difference(where_it_parts))
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
