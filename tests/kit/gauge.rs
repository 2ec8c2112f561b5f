//! Counting what is alive: memory bounds, concurrency limits, leaks.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

/// Counts live things exactly. Unlike a counting allocator it cannot see other tests.
#[derive(Clone, Debug, Default)]
pub struct Gauge {
    now: Arc<AtomicUsize>,
    peak: Arc<AtomicUsize>,
}

impl Gauge {
    /// One more is alive, until the guard is dropped.
    pub fn enter(&self) -> Live {
        let now = self.now.fetch_add(1, SeqCst) + 1;
        self.peak.fetch_max(now, SeqCst);
        Live(self.clone())
    }

    /// How many are alive.
    pub fn now(&self) -> usize {
        self.now.load(SeqCst)
    }

    /// The most that were alive at once.
    pub fn peak(&self) -> usize {
        self.peak.load(SeqCst)
    }
}

/// One live thing. Put it into the item, the task or the request it stands for.
#[derive(Debug)]
pub struct Live(Gauge);

impl Drop for Live {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, SeqCst);
    }
}
