//! A gate on real threads, where somebody can be between two lines of `spawn` when it closes.

use super::super::Gate;

use std::{
    iter,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread::{available_parallelism, park_timeout, yield_now},
    time::Duration,
};

use tokio::task::spawn_blocking;

/// Gates of one round.
const GATES: usize = 50;

/// Closes one gate after the other while every processor is busy with handing it tasks: what was let in is counted
/// when `wait` ends.
pub async fn nobody_slips_through() -> Result<(), String> {
    let gates: Arc<Vec<Gate>> = Arc::new((0..GATES).map(|_| Gate::new()).collect());
    let begun = Arc::new(AtomicUsize::new(0));
    let call_all = || {
        let (gates, begun) = (gates.clone(), begun.clone());
        spawn_blocking(move || {
            let let_in = |(n, gate): (usize, &Gate)| {
                while begun.load(SeqCst) <= n {
                    yield_now();
                }
                let one = || gate.spawn(|_| async {}).ok();
                iter::from_fn(one).count()
            };
            gates.iter().enumerate().map(let_in).collect::<Vec<_>>()
        })
    };
    let processors = available_parallelism().map_or(2, usize::from);
    let callers: Vec<_> = (0..processors).map(|_| call_all()).collect();
    let mut counted = vec![];
    for (n, gate) in gates.iter().enumerate() {
        begun.store(n + 1, SeqCst);
        // Why a nap: whoever wakes takes a processor away from somebody in the midst of a line. How long it takes
        // does not matter.
        park_timeout(Duration::from_micros(50));
        gate.close();
        counted.push(gate.wait().await.finished);
    }
    let mut let_in = vec![0; GATES];
    for caller in callers {
        let theirs = caller.await.map_err(|error| error.to_string())?;
        let_in.iter_mut().zip(theirs).for_each(|(sum, n)| *sum += n);
    }
    match let_in.iter().zip(&counted).find(|(let_in, counted)| let_in != counted) {
        None => Ok(()),
        Some((let_in, counted)) => {
            Err(format!("{let_in} tasks were let in, and {counted} counted"))
        }
    }
}
