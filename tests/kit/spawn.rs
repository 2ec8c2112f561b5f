//! Tasks of a suite, and its threads.

use std::{future::Future, pin::Pin, sync::atomic::Ordering::SeqCst, thread};

use tokio::task::JoinHandle;

use crate::{wakers::Rewaked, world::World};

/// [`tokio::spawn`] for suites, with the future in a box.
///
/// A suite is compiled once for each wrong answer of its chapter, and tokio compiles some sixty
/// functions for each type of future that is spawned. Boxed, they share one type.
///
/// # Panics
///
/// Outside of a runtime.
pub fn spawn<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<T> {
    let boxed: Pin<Box<dyn Future<Output = T> + Send>> = Box::pin(future);
    tokio::spawn(Rewaked::new(boxed, World::current()))
}

/// Calls on a thread of its own and waits for it. The watchdog knows that it is the suite that waits here, however
/// many seeds there are, and still names a call that never returns.
///
/// # Errors
///
/// What the call panicked with.
pub fn elsewhere<T: Send>(call: impl FnOnce() -> T + Send) -> thread::Result<T> {
    let world = World::current();
    let waits = |waits| {
        world.iter().for_each(|it| it.0.is_elsewhere.store(waits, SeqCst));
    };
    waits(true);
    let answer = thread::scope(|scope| scope.spawn(call).join());
    waits(false);
    answer
}
