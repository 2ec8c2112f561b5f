//! A run on real threads, where an operation can be in the midst of a poll when it is stopped.

use super::super::map_bounded;

use std::{
    future::{pending, poll_fn},
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll},
    thread::park_timeout,
};

use fakes::Stubborn;
use kit::{Wrong, caught, ms};
use tokio::{runtime::Runtime, task::yield_now};

/// Operations beside the one that fails.
const OTHERS: usize = 3;

pub async fn round() -> Result<(), Wrong> {
    everybody_is_gone_at_an_error().await?;
    everybody_is_gone_at_the_end().await
}

/// So many items that their places need more than sixteen bits.
pub async fn keeps_the_order_of_many() -> Result<(), Wrong> {
    let limit = NonZeroUsize::MIN.saturating_add(1_000);
    let items = 0..70_000;
    let operation = |item: usize| async move { Ok::<_, ()>(item) };
    let values = map_bounded(limit, items.clone(), operation).await;
    let values = values.unwrap_or_default();
    if values.len() != items.len() {
        let said = format!("{} items gave {} values", items.len(), values.len());
        return Err(said.into());
    }
    match items.zip(&values).find(|(item, value)| item != *value) {
        None => Ok(()),
        Some((item, value)) => Err(format!(
            "of {} items, item {item} has the value of item {value}",
            values.len()
        )
        .into()),
    }
}

/// The call is polled on a runtime, and dropped where there is none.
pub fn may_be_dropped_anywhere(runtime: &Runtime) -> Result<(), Wrong> {
    let alive = Arc::<AtomicUsize>::default();
    let operation = |_| {
        alive.fetch_add(1, SeqCst);
        let counted = Lingers(alive.clone());
        async move {
            pending::<()>().await;
            counted.await
        }
    };
    let mut call = Box::pin(map_bounded(NonZeroUsize::MAX, 0..OTHERS, operation));
    runtime.block_on(poll_fn(|cx| {
        _ = call.as_mut().poll(cx);
        Poll::Ready(())
    }));
    if catch_unwind(AssertUnwindSafe(|| drop(call))).is_err() {
        return Err("the drop panicked".to_owned().into());
    }
    runtime.block_on(async {
        while alive.load(SeqCst) > 0 {
            yield_now().await;
        }
    });
    Ok(())
}

/// An error comes while every other operation holds its thread.
async fn everybody_is_gone_at_an_error() -> Result<(), Wrong> {
    let stubborn = Stubborn::default();
    let operation = |item| {
        let others = stubborn.clone();
        async move {
            if item > 0 {
                return others.work().await;
            }
            others.have_begun(OTHERS).await;
            Err("503")
        }
    };
    let limit = NonZeroUsize::MIN.saturating_add(OTHERS);
    let answer: Result<Vec<()>, _> = map_bounded(limit, 0..=OTHERS, operation).await;
    let alive = stubborn.alive();
    if answer != Err("503") {
        let rule = "an error comes to the caller as it is";
        return Err(Wrong::of(
            "joinset.3",
            rule,
            format!("the call returned {answer:?}"),
        ));
    }
    match alive {
        0 => Ok(()),
        _ => {
            let said = "after the call returned the error of another operation";
            Err(format!("{said} {alive} of {OTHERS} were alive").into())
        }
    }
}

/// Another operation is in the midst of a poll when the error comes, and panics at the end of that poll; or the other
/// way round.
pub async fn the_first_one_counts(is_panic: bool) -> Result<(), Wrong> {
    let fails = |panics: bool| {
        if panics {
            resume_unwind(Box::new("disk full"));
        }
        Err("503")
    };
    let (has_begun, has_failed) = (AtomicBool::default(), AtomicBool::default());
    let shared = Arc::new((has_begun, has_failed));
    let operation = |item| {
        let shared = shared.clone();
        async move {
            let (has_begun, has_failed) = &*shared;
            if item == 0 {
                // Why held: a thread that gave way now would take the other one up, and this one would wait for that.
                holds_the_thread_until(has_begun);
                while !has_begun.load(SeqCst) {
                    yield_now().await;
                }
                has_failed.store(true, SeqCst);
                return fails(is_panic);
            }
            has_begun.store(true, SeqCst);
            holds_the_thread_until(has_failed);
            for _ in 0..10 {
                park_timeout(ms(1));
            }
            // Where one task polls both, the error has yet to come.
            if has_failed.load(SeqCst) { fails(!is_panic) } else { Ok(()) }
        }
    };
    let run = caught(map_bounded(NonZeroUsize::MAX, 0..2, operation));
    let (first, second) =
        if is_panic { ("panicked", "failed") } else { ("failed", "panicked") };
    let gets = match run.await {
        Ok(Err("503")) if !is_panic => return Ok(()),
        Err(_) if is_panic => return Ok(()),
        Ok(Err(_)) => "the error".to_owned(),
        Err(_) => "the panic".to_owned(),
        Ok(Ok(values)) => format!("{} values", values.len()),
    };
    let said = format!("an operation {first}, and another {second} 10 ms later");
    Err(format!("{said}: the caller got {gets}").into())
}

/// At most 20 ms: where one task polls all operations, it would be for ever.
fn holds_the_thread_until(it: &AtomicBool) {
    for _ in 0..20 {
        if it.load(SeqCst) {
            return;
        }
        park_timeout(ms(1));
    }
}

/// The futures of operations that have ended take a while to be dropped.
async fn everybody_is_gone_at_the_end() -> Result<(), Wrong> {
    let alive = Arc::<AtomicUsize>::default();
    let operation = |_| {
        alive.fetch_add(1, SeqCst);
        Lingers(alive.clone())
    };
    _ = map_bounded(NonZeroUsize::MAX, 0..OTHERS, operation).await;
    match alive.load(SeqCst) {
        0 => Ok(()),
        alive => {
            let rule = "no operation that another thread polls outlives its call";
            let said = "every operation had returned Ok, and the call too";
            let said = format!("{said}: {alive} of {OTHERS} futures were alive");
            Err(Wrong::of("joinset.4", rule, said))
        }
    }
}

/// An operation that ends at once and is a while later gone.
struct Lingers(Arc<AtomicUsize>);

impl Future for Lingers {
    type Output = Result<(), &'static str>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(()))
    }
}

impl Drop for Lingers {
    fn drop(&mut self) {
        park_timeout(ms(1));
        self.0.fetch_sub(1, SeqCst);
    }
}
