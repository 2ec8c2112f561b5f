//! Futures that stay on the thread of the shop. The contract of `retries` does not say that its future may go to
//! another thread, so the shop does not ask it to.

use std::{cell::RefCell, panic::resume_unwind, rc::Rc};

use tokio::task::LocalSet;
use tokio_util::task::AbortOnDropHandle;

use crate::part::Boxed;

thread_local! {
    static HERE: RefCell<Rc<LocalSet>> = RefCell::default();
}

/// Runs a shop, with all that stays on this thread, and drops what is left of it at the end.
pub async fn run<T>(shop: impl Future<Output = T>) -> T {
    let here = Rc::new(LocalSet::new());
    HERE.replace(here.clone());
    let end = here.run_until(shop).await;
    HERE.take();
    end
}

/// What `future` makes returns, which is run on this thread.
///
/// # Panics
///
/// When the future panics, with the same payload.
///
/// # Cancel safety
///
/// Dropped, it aborts the future.
pub fn stays<T: Send + 'static, F: Future<Output = T> + 'static>(
    future: impl FnOnce() -> F + Send + 'static,
) -> Boxed<'static, T> {
    Box::pin(async move {
        let task = HERE.with_borrow(|here| here.spawn_local(future()));
        let task = AbortOnDropHandle::new(task);
        match task.await {
            Ok(value) => value,
            Err(lost) => match lost.try_into_panic() {
                Ok(payload) => resume_unwind(payload),
                // The shop has closed.
                Err(_) => std::future::pending().await,
            },
        }
    })
}
