//! Tasks of a suite.

use std::{future::Future, pin::Pin};

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
