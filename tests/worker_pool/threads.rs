//! A pool on real threads, where a sender can be between two lines of `send` at the instant of the limit.

use super::super::Pool;

use std::{
    hint, io,
    num::NonZeroUsize,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{
            AtomicUsize,
            Ordering::{Relaxed, SeqCst},
        },
    },
    thread,
    time::Duration,
};

use fakes::Stubborn;
use kit::{Wrong, waits_until};
use tokio::{runtime::Builder, sync::Notify, task::JoinSet};

const WORKERS: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// So much room that no sender ever waits: one that runs all the time is somewhere in `send` when the system takes
/// its thread away.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(10_000_000).unwrap();

const SENDERS: usize = 12;

/// What a handler does with an item, without its type: the answer is compiled for one.
type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

fn open(
    workers: NonZeroUsize,
    work: impl Fn(usize) -> Work + Send + Sync + 'static,
) -> Pool<usize> {
    let work: Box<dyn Fn(usize) -> Work + Send + Sync> = Box::new(work);
    Pool::new(workers, CAPACITY, work)
}

/// One round about a worker that takes what is sent: now and then about the order, else about its rest.
pub async fn takes(round: u64) -> Result<(), Wrong> {
    match round % 4 {
        0 => one_worker_keeps_the_order().await,
        _ => nobody_rests_over_an_item().await,
    }
}

/// One round about the report, now and then one about another runtime as well.
pub async fn counts(round: u64) -> Result<(), Wrong> {
    if round % 8 == 2 {
        a_sender_lives_elsewhere().await?;
    }
    let (accepted, reported) = ends_while_all_send(round).await;
    if accepted == reported {
        return Ok(());
    }
    Err(format!("{accepted} were accepted, it holds {reported}").into())
}

/// The only worker gets what one sender sends, in the order in which it is sent.
async fn one_worker_keeps_the_order() -> Result<(), Wrong> {
    let handled = Arc::new(Mutex::new(vec![]));
    let (one, seen) = (NonZeroUsize::MIN, handled.clone());
    let pool = open(one, move |item| {
        seen.lock().unwrap().push(item);
        Box::pin(async {})
    });
    let handle = pool.handle();
    for item in 0..500 {
        handle.send(item).await.map_err(refused)?;
    }
    pool.shutdown(Duration::MAX).await;
    let handled = handled.lock().unwrap();
    let late = handled.windows(2).find(|pair| pair[0] > pair[1]);
    let said = |pair: &[usize]| {
        let said = format!("item {} began before item {}", pair[0], pair[1]);
        Wrong::of("worker_pool.1", "no item overtakes another", said)
    };
    late.map_or(Ok(()), |pair| Err(said(pair)))
}

/// Each item comes when the worker has just ended the one before, looks for another and is about to rest.
async fn nobody_rests_over_an_item() -> Result<(), Wrong> {
    let handled = Arc::new(AtomicUsize::new(0));
    let count = handled.clone();
    let pool = open(NonZeroUsize::MIN, move |_| {
        let count = count.clone();
        Box::pin(async move { _ = count.fetch_add(1, SeqCst) })
    });
    let handle = pool.handle();
    for item in 0..200 {
        handle.send(item).await.map_err(refused)?;
        waits_until(
            "worker_pool.1",
            "an item that was accepted begins, with nothing else to do",
        );
        while handled.load(SeqCst) <= item {
            thread::yield_now();
        }
        // How far the worker comes in the meantime. Some rest within nanoseconds, some a good deal later.
        let turns = if item % 2 == 0 { item / 2 % 12 } else { item % 100 * 4 };
        (0..turns).for_each(|_| hint::spin_loop());
    }
    pool.shutdown(Duration::MAX).await;
    Ok(())
}

/// The sender has a runtime of its own, which ends before the item.
async fn a_sender_lives_elsewhere() -> Result<(), Wrong> {
    let gate = Arc::new(Notify::new());
    let closed = gate.clone();
    let pool = open(NonZeroUsize::MIN, move |_| {
        let gate = closed.clone();
        Box::pin(async move { gate.notified().await })
    });
    let handle = pool.handle();
    let elsewhere = thread::spawn(move || {
        let runtime = Builder::new_current_thread().build()?;
        Ok::<_, io::Error>(runtime.block_on(handle.send(0)))
    });
    let rule = "an item is handled on the runtime of the pool, wherever it is sent";
    let Ok(Ok(sent)) = elsewhere.join() else {
        return Err(Wrong::of(
            "worker_pool.4",
            rule,
            "`send` panicked on another runtime",
        ));
    };
    sent.map_err(refused)?;
    waits_until(
        "worker_pool.4",
        "`shutdown` has drained the item that came from there",
    );
    gate.notify_one();
    let report = pool.shutdown(Duration::MAX).await;
    match report.done {
        1 => Ok(()),
        _ => Err(Wrong::of(
            "worker_pool.4",
            rule,
            "it was not done when the runtime that sent it had ended",
        )),
    }
}

/// One round about what is left: ends a pool with no time to drain while each of its workers has an item that holds its thread.
pub async fn ends_all() -> Result<(), Wrong> {
    let stubborn = Stubborn::default();
    let work = stubborn.clone();
    let pool = open(WORKERS, move |_| Box::pin(work.work()));
    let handle = pool.handle();
    for item in 0..WORKERS.get() {
        handle.send(item).await.map_err(refused)?;
    }
    stubborn.have_begun(WORKERS.get()).await;
    let report = pool.shutdown(Duration::ZERO).await;
    let alive = stubborn.alive();
    if report.aborted != WORKERS.get() {
        let said = format!("{} of {WORKERS} are in it", report.aborted);
        return Err(Wrong::of(
            "worker_pool.7",
            "the report has every item that was aborted",
            said,
        ));
    }
    match alive {
        0 => Ok(()),
        _ => Err(format!("{alive} of {WORKERS} were alive").into()),
    }
}

fn refused(item: usize) -> Wrong {
    let rule = "a pool that is open accepts what fits";
    Wrong::of("worker_pool.2", rule, format!("item {item} was refused"))
}

/// Ends a pool with no time to drain while many send to it: how many items were accepted, and how many are in the
/// report.
async fn ends_while_all_send(round: u64) -> (usize, usize) {
    let pool = open(WORKERS, |_| Box::pin(async {}));
    let sent = Arc::new(AtomicUsize::new(0));
    let mut senders = JoinSet::new();
    for _ in 0..SENDERS {
        let (handle, sent) = (pool.handle(), sent.clone());
        senders.spawn(async move {
            let mut accepted = 0;
            while handle.send(accepted).await.is_ok() {
                accepted += 1;
                sent.fetch_add(1, Relaxed);
            }
            accepted
        });
    }
    // Why not sooner: all of them have begun by then, and most were interrupted somewhere.
    while sent.load(Relaxed) < 2_000 + round as usize % 7 * 500 {
        thread::yield_now();
    }
    let report = pool.shutdown(Duration::ZERO).await;
    let begun = report.done + report.panicked + report.aborted;
    let accepted = senders.join_all().await.into_iter().sum();
    (accepted, begun + report.unstarted.len())
}
