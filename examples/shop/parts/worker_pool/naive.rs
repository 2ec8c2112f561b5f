//! No pool: a task for each item, and nobody who waits for the end of it.

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

/// Begins each item at once.
pub struct Pool<T> {
    begin: Begin<T>,
}

/// A way in.
pub struct Handle<T> {
    begin: Begin<T>,
}

type Begin<T> = Arc<dyn Fn(T) + Send + Sync>;

/// What became of the items: nobody knows.
#[derive(Debug, PartialEq, Eq)]
pub struct Report<T> {
    /// Not counted.
    pub done: usize,
    /// Not counted.
    pub panicked: usize,
    /// Not counted.
    pub aborted: usize,
    /// Not kept.
    pub unstarted: Vec<T>,
}

impl<T: Send + 'static> Pool<T> {
    /// Begins each item at once, however many there are.
    pub fn new<F, Fut>(
        workers: NonZeroUsize,
        capacity: NonZeroUsize,
        handler: F,
    ) -> Self
    where
        F: Fn(T) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        _ = (workers, capacity);
        let begin = move |item| drop(tokio::spawn(handler(item)));
        Pool { begin: Arc::new(begin) }
    }

    /// A way in.
    pub fn handle(&self) -> Handle<T> {
        Handle { begin: self.begin.clone() }
    }

    /// Waits for nobody.
    pub async fn shutdown(self, drain: Duration) -> Report<T> {
        _ = drain;
        Report { done: 0, panicked: 0, aborted: 0, unstarted: vec![] }
    }
}

impl<T> Handle<T> {
    /// Spawns, and never says no.
    pub async fn send(&self, item: T) -> Result<(), T> {
        (self.begin)(item);
        Ok(())
    }
}
