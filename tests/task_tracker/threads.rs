//! A gate on real threads, where somebody can be between two lines of `spawn` when it closes.

use super::super::{Gate, Outcome};

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use tokio::task::{JoinSet, yield_now};

const CALLERS: usize = 12;

/// What came of a gate that closes while many hand tasks over.
pub struct Sums {
    /// Tasks that were let in.
    pub let_in: usize,
    /// Those that had ended when `wait` did.
    pub ended: usize,
    pub outcome: Outcome,
}

/// Closes a gate while many hand it tasks, one each or as many as they can.
pub async fn closes_while_all_spawn(round: u64) -> Sums {
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
    Sums { let_in, ended, outcome }
}
