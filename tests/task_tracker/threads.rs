//! A gate on real threads, where somebody can be between two lines of `spawn` when it closes.

use super::{super::Gate, scene::finished};

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use tokio::task::{JoinSet, yield_now};

const CALLERS: usize = 12;

/// Closes a gate while many hand it tasks, one each or as many as they can: all that were let in have ended when
/// `wait` does, and are counted.
pub async fn nobody_slips_through(round: u64) -> Result<(), String> {
    let gate = Gate::new();
    let ended = Arc::new(AtomicUsize::new(0));
    let made = Arc::new(AtomicUsize::new(0));
    let most = if round.is_multiple_of(2) { 1 } else { usize::MAX };
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let (gate, ended, made) = (gate.clone(), ended.clone(), made.clone());
        callers.spawn(async move {
            let mut let_in = 0;
            while let_in < most {
                let ended = ended.clone();
                let task = async move { _ = ended.fetch_add(1, SeqCst) };
                if gate.spawn(|_| task).is_err() {
                    break;
                }
                let_in += 1;
                made.fetch_add(1, SeqCst);
                yield_now().await;
            }
            let_in
        });
    }
    // Why not sooner: most of them were interrupted somewhere by then.
    let enough = if most == 1 { round as usize % CALLERS } else { 1_000 };
    while made.load(SeqCst) < enough {
        std::thread::yield_now();
    }
    gate.close();
    let outcome = gate.wait().await;
    let ended = ended.load(SeqCst);
    let let_in = callers.join_all().await.into_iter().sum();
    if let_in == ended && outcome == finished(let_in) {
        return Ok(());
    }
    Err(format!(
        "{let_in} were let in, {ended} had ended, {} counted",
        outcome.finished
    ))
}
