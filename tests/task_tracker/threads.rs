//! A gate on real threads, where somebody can be between two lines of `spawn` when it closes.

use super::super::{Gate, Outcome};

use std::{
    future::{Ready, pending},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread::{available_parallelism, park_timeout, scope, yield_now},
    time::Duration,
};

use kit::{Wrong, waits_until};
use tokio::{spawn, task::spawn_blocking};

/// Gates of one round.
const GATES: usize = 50;

/// The tasks of some gates have to be stopped. Why not of more: a grace of zero takes a millisecond.
fn is_deaf(gate: usize) -> bool {
    gate % 10 == 9
}

/// The tasks of one gate take long to make: some of them are not there yet when the others are stopped.
fn is_slow(gate: usize) -> bool {
    gate == GATES - 1
}

/// Hands one task over to gate number `n`: whether it was let in, and `None` from the close on. Every fourth cannot be
/// made, and takes its time for that.
fn hand_over(gate: &Gate, n: usize, deed: usize) -> Option<usize> {
    if deed % 4 < 3 {
        let work = |_| {
            if is_slow(n) {
                park_timeout(Duration::from_millis(2));
            }
            async move {
                if is_deaf(n) {
                    pending::<()>().await;
                }
            }
        };
        return gate.spawn(work).ok().map(|()| 1);
    }
    let cannot_be_made = |_| -> Ready<()> {
        yield_now();
        // Why not `panic!`: a hook would print it.
        resume_unwind(Box::new(deed))
    };
    match catch_unwind(AssertUnwindSafe(|| gate.spawn(cannot_be_made))) {
        Ok(Err(_)) => None,
        Ok(Ok(())) => Some(1),
        Err(_) => Some(0),
    }
}

/// One round of the race.
pub async fn round(number: u64) -> Result<(), Wrong> {
    if number == 1 {
        counts_as_many_as_there_are().await?;
    }
    nobody_slips_through().await
}

/// More tasks than 16 bits count.
async fn counts_as_many_as_there_are() -> Result<(), Wrong> {
    const TASKS: usize = 70_000;
    let gate = Gate::new();
    let let_in = (0..TASKS).filter(|_| gate.spawn(|_| async {}).is_ok()).count();
    gate.close();
    let Outcome { finished, .. } = gate.wait().await;
    if (let_in, finished) == (TASKS, TASKS) {
        return Ok(());
    }
    let (rule, sentence) = match let_in {
        TASKS => {
            ("task_tracker.5", "seventy thousand tasks are counted, each of them")
        }
        _ => ("task_tracker.7", "an open gate lets every task in"),
    };
    Err(Wrong::of(
        rule,
        sentence,
        format!(
            "of {TASKS} tasks, all of one thread, {let_in} were let in, and {finished} counted as finished"
        ),
    ))
}

/// Closes one gate after the other while every processor is busy with handing it tasks: what was let in is counted
/// when `wait` ends.
async fn nobody_slips_through() -> Result<(), Wrong> {
    let gates: Arc<Vec<Gate>> = Arc::new((0..GATES).map(|_| Gate::new()).collect());
    let (begun, closing) =
        (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let call_all = || {
        let (gates, begun, closing) =
            (gates.clone(), begun.clone(), closing.clone());
        spawn_blocking(move || {
            let let_in = |(n, gate): (usize, &Gate)| {
                while begun.load(SeqCst) <= n {
                    yield_now();
                }
                let deeds = (0..).map_while(|deed| hand_over(gate, n, deed));
                let let_in = deeds.sum::<usize>();
                if closing.load(SeqCst) <= n {
                    return Err("a task was refused before the close");
                }
                Ok(let_in)
            };
            gates.iter().enumerate().map(let_in).collect::<Result<Vec<_>, _>>()
        })
    };
    let processors = available_parallelism().map_or(2, usize::from);
    let callers: Vec<_> = (0..processors).map(|_| call_all()).collect();
    let (mut counted, mut heard) = (vec![], vec![]);
    for (n, gate) in gates.iter().enumerate() {
        begun.store(n + 1, SeqCst);
        // Somebody waits before it is closed.
        let (all, wait) = (gates.clone(), n);
        heard.push(spawn(async move { all[wait].wait().await }));
        // Why a nap: whoever wakes takes a processor away from somebody in the midst of a line. How long it takes
        // does not matter.
        park_timeout(Duration::from_micros(50));
        closing.store(n + 1, SeqCst);
        let Outcome { finished, stopped, .. } = if is_deaf(n) {
            waits_until(
                "task_tracker.6",
                "`shutdown` has stopped all tasks, those too that were still being made when the grace was over",
            );
            gate.shutdown(Duration::ZERO).await
        } else {
            // Why now and then on a thread of no runtime: a handler of signals closes gates as well.
            let closes = || gate.close();
            if n % 10 > 0 {
                closes();
            } else if scope(|scope| scope.spawn(closes).join()).is_err() {
                let rule =
                    "a gate is closed on every thread, one without a runtime too";
                return Err(Wrong::of("task_tracker.3", rule, "the close panicked"));
            }
            waits_until(
                "task_tracker.7",
                "`wait` returns, where each task lets itself be told, and some panicked while they were made",
            );
            gate.wait().await
        };
        counted.push(finished + stopped);
    }
    waits_until(
        "task_tracker.2",
        "everyone who waits has heard that the last task has ended",
    );
    for (heard, counted) in heard.into_iter().zip(&counted) {
        let Outcome { finished, stopped, .. } =
            heard.await.map_err(|it| it.to_string())?;
        if finished + stopped != *counted {
            let (early, late) = (finished + stopped, counted);
            let said = format!("one wait counted {early} tasks, another {late}");
            return Err(Wrong::of(
                "task_tracker.5",
                "everyone who waits hears the same",
                said,
            ));
        }
    }
    let mut let_in = vec![0; GATES];
    for caller in callers {
        let theirs = caller.await.map_err(|error| error.to_string())?;
        let rule = "an open gate lets every task in";
        let theirs =
            theirs.map_err(|what| Wrong::of("task_tracker.7", rule, what))?;
        let_in.iter_mut().zip(theirs).for_each(|(sum, n)| *sum += n);
    }
    match let_in.iter().zip(&counted).find(|(let_in, counted)| let_in != counted) {
        None => Ok(()),
        Some((let_in, counted)) => {
            Err(format!("{let_in} tasks were let in, and {counted} counted").into())
        }
    }
}
