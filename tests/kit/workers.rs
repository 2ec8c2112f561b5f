//! Running the seeds of one test, on as many threads as the machine has processors. The lowest seed that fails is
//! the one that counts, whoever ran it and when: what a test says does not depend on how many threads there are.

use std::{
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::SeqCst},
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread,
    time::Duration,
};

use record::{Kind, Outcome, Record};

use crate::{
    board::path,
    cpu::{Seen, Thread},
    failure::Failure,
    run::{Pulse, Scenario, record, run},
    watchdog::Limits,
    world::World,
};

/// More threads than this cost more to start than they save.
const MOST: usize = 8;

/// Runs the seeds on threads of their own, and gives up on a thread that shows no sign of life. The record is that
/// of the lowest seed that failed, or else of the first. The flag says whether a thread was given up.
pub(crate) fn watched(
    rule: &'static str,
    test: &str,
    scenario: Arc<dyn Scenario>,
    seeds: Range<u64>,
    limits: Limits,
) -> (Record, bool) {
    let processors = thread::available_parallelism().map_or(1, |n| n.get());
    watched_by(processors.min(MOST), rule, test, scenario, seeds, limits)
}

/// The same with a number of threads.
pub(crate) fn watched_by(
    threads: usize,
    rule: &'static str,
    test: &str,
    scenario: Arc<dyn Scenario>,
    seeds: Range<u64>,
    limits: Limits,
) -> (Record, bool) {
    let work = Arc::new(Work {
        rule,
        path: path(test).to_owned(),
        scenario,
        limits,
        next: AtomicU64::new(seeds.start),
        end: AtomicU64::new(seeds.end),
        first: seeds.start,
    });
    let count = threads.min((seeds.end - seeds.start) as usize);
    let (send, answers) = channel();
    let start = |number| Worker::start(number, &work, &send);
    let mut workers: Vec<_> = (0..count).map(start).collect();
    let mut found: Vec<(u64, Record)> = vec![];
    let (mut asleep, mut gave_up) = (0, false);
    loop {
        found.sort_by_key(|(seed, it)| (it.outcome != Outcome::Failed, *seed));
        let failed = found.first().filter(|(_, it)| it.outcome == Outcome::Failed);
        let lowest = failed.map_or(u64::MAX, |(seed, _)| *seed);
        // Who is at a later seed cannot change the answer any more, and may go on for ever.
        let matters =
            |worker: &Worker| !worker.is_over && worker.seed.load(SeqCst) < lowest;
        if !workers.iter().any(matters) {
            return (found.swap_remove(0).1, gave_up);
        }
        match answers.recv_timeout(Duration::from_millis(100)) {
            Ok((number, Some(records))) => {
                workers[number].is_over = true;
                found.extend(records);
            }
            Ok((number, None)) => {
                let worker = &mut workers[number];
                found.push(worker.gives_up(&work, worker.lost()));
            }
            Err(RecvTimeoutError::Disconnected) => {
                unreachable!("here is one who sends")
            }
            // A slow machine is no hang: as long as idle points go by, keep waiting. The waiting is counted in
            // turns of this thread, which starves together with the others.
            Err(RecvTimeoutError::Timeout) => {
                let is_asleep = |it: &Worker| matters(it) && it.is_asleep();
                asleep += u32::from(workers.iter().any(is_asleep));
                for worker in workers.iter_mut().filter(|worker| matters(worker)) {
                    if let Some(failure) = worker.hangs(asleep, limits) {
                        gave_up = true;
                        found.push(worker.gives_up(&work, failure));
                    }
                }
            }
        }
    }
}

/// What the threads of one test share.
struct Work {
    rule: &'static str,
    path: String,
    scenario: Arc<dyn Scenario>,
    limits: Limits,
    first: u64,
    /// The seed that nobody has begun yet.
    next: AtomicU64,
    /// From this seed on they are of no interest: one before it failed, or there are no more.
    end: AtomicU64,
}

/// What a worker sends when it is done: its number, and what it found, or nothing if it panicked.
type Answer = (usize, Option<Vec<(u64, Record)>>);

/// A thread that runs seeds, seen from the one that waits for it.
struct Worker {
    seed: Arc<AtomicU64>,
    pulse: Arc<Pulse>,
    world: Arc<Mutex<World>>,
    thread: Arc<Mutex<Option<Thread>>>,
    is_over: bool,
    /// The signs of life that were seen, and for how many tenths of a second there was none.
    seen: u64,
    silent: u32,
    /// The processor time that it had used at the last one.
    used_tenths: u64,
}

impl Work {
    fn record(&self, world: &World, failure: Option<&Failure>) -> Record {
        if failure.is_some() {
            self.scenario.tells(world);
        }
        record(self.rule, &self.path, world, failure)
    }

    /// Runs seeds until there are none left, or one failed. What is of interest: the first seed, and the one that
    /// failed.
    fn run(
        &self,
        current: &AtomicU64,
        one: &mut dyn FnMut(&World) -> Option<Failure>,
    ) -> Vec<(u64, Record)> {
        let mut found = vec![];
        loop {
            let seed = self.next.fetch_add(1, SeqCst);
            current.store(seed, SeqCst);
            if seed >= self.end.load(SeqCst) {
                return found;
            }
            let (world, failure) = self.scenario.runs(seed, one);
            let Some(failure) = failure else {
                if seed == self.first {
                    found.push((seed, self.record(&world, None)));
                }
                continue;
            };
            if self.end.fetch_min(seed, SeqCst) > seed {
                let (world, failure) = self.scenario.smaller(world, failure, one);
                found.push((seed, self.record(&world, Some(&failure))));
            }
            return found;
        }
    }
}

impl Worker {
    fn start(number: usize, work: &Arc<Work>, send: &Sender<Answer>) -> Self {
        let worker = Worker {
            seed: Arc::new(AtomicU64::new(work.first)),
            pulse: Arc::default(),
            world: Arc::new(Mutex::new(World::new(work.first))),
            thread: Arc::default(),
            is_over: false,
            seen: 0,
            silent: 0,
            used_tenths: 0,
        };
        let (pulse, current) = (worker.pulse.clone(), worker.world.clone());
        let (seed, thread) = (worker.seed.clone(), worker.thread.clone());
        let (work, send) = (work.clone(), send.clone());
        thread::spawn(move || {
            *thread.lock().unwrap() = Some(Thread::current());
            Pulse::make_own(&pulse);
            let mut one = |world: &World| {
                *current.lock().unwrap() = world.clone();
                pulse.beat();
                run(&*work.scenario, world, work.limits, &pulse)
            };
            let found = || work.run(&seed, &mut one);
            _ = send.send((number, catch_unwind(AssertUnwindSafe(found)).ok()));
        });
        worker
    }

    /// A tenth of a second is over: why it is given up, if it is. For `asleep` tenths one of them slept.
    fn hangs(&mut self, asleep: u32, limits: Limits) -> Option<Failure> {
        if asleep >= limits.asleep_tenths && self.is_asleep() {
            return Some(self.blocks(limits.asleep_tenths));
        }
        let (beats, now) = (self.pulse.count(), self.look());
        let used = now.map(|now| now.used_tenths);
        if beats != self.seen {
            (self.silent, self.seen) = (0, beats);
            self.used_tenths = used.unwrap_or_default();
            return None;
        }
        self.silent += 1;
        let since = now.map(|it| Seen {
            used_tenths: it.used_tenths.saturating_sub(self.used_tenths),
            ..it
        });
        (self.silent >= patience(limits, since)).then(|| self.is_silent())
    }

    /// Does not wait for it any more: its seed failed.
    fn gives_up(&mut self, work: &Work, failure: Failure) -> (u64, Record) {
        self.is_over = true;
        let seed = self.seed.load(SeqCst);
        work.end.fetch_min(seed, SeqCst);
        (seed, work.record(&self.world.lock().unwrap(), Some(&failure)))
    }

    fn look(&self) -> Option<Seen> {
        self.thread.lock().unwrap().as_ref().and_then(Thread::seen)
    }

    /// It sleeps, and not because the suite waits for a thread of its own.
    fn is_asleep(&self) -> bool {
        let is_elsewhere = self.world.lock().unwrap().0.is_elsewhere.load(SeqCst);
        !is_elsewhere && self.look().is_some_and(|it| it.sleeps)
    }

    fn at_ms(&self) -> u64 {
        self.world.lock().unwrap().0.seen_ms.load(SeqCst)
    }

    fn lost(&self) -> Failure {
        let text = "the thread of the scenario ended without an answer";
        Failure::new(Kind::Panic, text.to_owned())
    }

    /// The thread sleeps, again or still.
    fn blocks(&self, tenths: u32) -> Failure {
        let text = format!(
            "at {} ms a task holds the thread in a call that is not async \
             ({} real seconds so far): nothing else can run",
            self.at_ms(),
            seconds(tenths)
        );
        Failure::new(Kind::Block, text)
    }

    /// No sign of life for too long.
    fn is_silent(&self) -> Failure {
        if self.look().is_none_or(|it| it.sleeps) {
            return self.blocks(self.silent);
        }
        let text = format!(
            "since {} ms a task runs and never gives way \
             ({} real seconds): time stands still",
            self.at_ms(),
            seconds(self.silent)
        );
        Failure::new(Kind::Spin, text)
    }
}

/// How many tenths of a second may go by without a sign of life, where the thread has done this since the last one. On a
/// busy machine who works may hardly have worked yet: then it has five seconds instead of three.
pub(crate) fn patience(limits: Limits, since: Option<Seen>) -> u32 {
    let least = u64::from(limits.silent_tenths / 3);
    let is_starved = since.is_some_and(|it| !it.sleeps && it.used_tenths < least);
    let more = if is_starved { limits.silent_tenths * 2 / 3 } else { 0 };
    limits.silent_tenths + more
}

fn seconds(tenths: u32) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}
