//! Work that does not let itself be stopped at once, for tests on real threads.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread::park_timeout,
    time::Duration,
};

use tokio::task::yield_now;

/// How long such work holds its thread before it gives way: longer than code waits that hopes for the best.
/// How long exactly does not matter.
const HOLDS: Duration = Duration::from_millis(20);

/// Work on real threads that never ends, and that holds its thread for 20 ms whenever it is polled: it is stopped
/// when it gives way, and not before. Clones count together.
#[derive(Clone, Default)]
pub struct Stubborn {
    begun: Arc<AtomicUsize>,
    alive: Arc<AtomicUsize>,
}

/// Counts its work until it is dropped.
struct Alive(Arc<AtomicUsize>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

impl Stubborn {
    /// One piece of such work. It is alive from this call until its future is dropped.
    pub fn work<T>(&self) -> impl Future<Output = T> + Send + use<T>
    where
        T: Send + 'static,
    {
        self.alive.fetch_add(1, SeqCst);
        let (alive, begun) = (Alive(self.alive.clone()), self.begun.clone());
        async move {
            let _alive = alive;
            begun.fetch_add(1, SeqCst);
            loop {
                park_timeout(HOLDS);
                yield_now().await;
            }
        }
    }

    /// Waits until `n` pieces have been polled.
    pub async fn have_begun(&self, n: usize) {
        while self.begun.load(SeqCst) < n {
            yield_now().await;
        }
    }

    /// How many pieces are alive.
    pub fn alive(&self) -> usize {
        self.alive.load(SeqCst)
    }
}
