//! What the scenarios of `tests/worker_pool.rs` have in common: items whose handler does as they
//! say, a pool that draws its work, and its end.

use super::super::{Handle, Pool, Report};
use Work::{Hangs, Panics, PanicsAtOnce, Takes};

use std::{fmt, future::pending, num::NonZeroUsize};

use kit::{Lane, World, expect, ms};

/// An item: its number, and what its handler does.
#[derive(Clone, Copy, PartialEq)]
pub struct Item {
    pub number: u64,
    pub work: Work,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Work {
    /// So many milliseconds.
    Takes(u64),
    /// It never ends.
    Hangs,
    Panics,
    /// It panics before it returns a future.
    PanicsAtOnce,
}

/// As short as a report needs it: `Item(3, 200)`.
impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number;
        match self.work {
            Takes(takes_ms) => write!(f, "Item({number}, {takes_ms})"),
            Hangs => write!(f, "Item({number}, hangs)"),
            Panics | PanicsAtOnce => write!(f, "Item({number}, panics)"),
        }
    }
}

/// How large a pool is.
#[derive(Clone, Copy)]
pub struct Size {
    pub workers: usize,
    pub capacity: usize,
}

/// A pool that draws each item on the lane `work`.
pub fn pool(world: &World, size: Size) -> (Pool<Item>, Lane) {
    let lane = world.lane("work");
    let drawn = lane.clone();
    let handler = move |item: Item| {
        let lane = drawn.clone();
        let what = format!("item {}", item.number);
        if item.work == PanicsAtOnce {
            lane.log(format!("{what} panics at once"));
            panic!("{what} is bad at once");
        }
        async move {
            match item.work {
                Takes(takes_ms) => lane.takes(what, takes_ms).await,
                Hangs => lane.watch(what, pending::<()>()).await,
                Panics | PanicsAtOnce => {
                    lane.log(format!("{what} panics"));
                    panic!("{what} is bad")
                }
            }
        }
    };
    let count = |n| NonZeroUsize::new(n).expect("sizes are positive");
    let pool = Pool::new(count(size.workers), count(size.capacity), handler);
    (pool, lane)
}

/// Sends so many items, numbered from zero.
pub async fn send(pool: &Pool<Item>, items: u64, work: Work) {
    let works = (0..items).map(|_| work);
    send_each(pool, works).await;
}

/// Sends items with this work, numbered from zero.
pub async fn send_each(pool: &Pool<Item>, works: impl IntoIterator<Item = Work>) {
    let handle = pool.handle();
    for (number, work) in (0..).zip(works) {
        let sent = handle.send(Item { number, work }).await;
        expect(sent, Ok(()), "a pool that is open accepts what fits");
    }
}

/// Sends `item`, drawn on `lane` from its first poll to its answer.
pub async fn draw_send(
    lane: &Lane,
    handle: &Handle<Item>,
    number: u64,
    work: Work,
) -> Result<(), Item> {
    let span = lane.span(format!("send {number}"));
    let sent = handle.send(Item { number, work }).await;
    span.end_as(if sent.is_ok() { "accepted" } else { "refused" });
    sent
}

/// When a pool is shut down, and how long it may drain, in milliseconds.
#[derive(Clone, Copy)]
pub struct Shutdown {
    pub at: u64,
    pub drain: u64,
}

/// Shuts the pool down. Gives the report in words, and the lane on which the call is drawn with its
/// limit.
pub async fn end(
    pool: Pool<Item>,
    Shutdown { at, drain }: Shutdown,
    world: &World,
) -> (String, Lane) {
    let lane = world.lane("shutdown");
    let limit = format!("drain to {}", at + drain);
    world.at(at).await;
    let report = lane.watch(limit, pool.shutdown(ms(drain))).await;
    (in_words(report), lane)
}

/// What a report says, items by their numbers.
pub fn in_words(report: Report<Item>) -> String {
    let Report { done, panicked, aborted, unstarted } = report;
    let back: Vec<u64> = unstarted.into_iter().map(|item| item.number).collect();
    format!("{done} done, {panicked} panicked, {aborted} aborted, back {back:?}")
}
