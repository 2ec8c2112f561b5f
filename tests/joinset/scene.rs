//! What the scenarios of `tests/joinset.rs` have in common: operations on a lane, and the runs that
//! more than one of them looks at.

use super::super::map_bounded;

use std::{
    any::Any,
    fmt::{Debug, Display},
    future::poll_fn,
    num::NonZeroUsize,
    panic::panic_any,
    sync::{Arc, Mutex},
    task::Poll,
};

use kit::{Gauge, Lane, World, caught, leave, ms};
use tokio::time::{sleep, timeout};

/// Longer than anything else in these scenarios.
pub const AN_HOUR: u64 = 3_600_000;

/// The operations of a run: drawn on a lane, and counted from the call that makes one to the
/// drop of its future.
pub struct Work {
    world: World,
    pub lane: Lane,
    pub alive: Gauge,
    called_at: Mutex<Vec<u64>>,
}

/// The call for an operation, drawn when its future is dropped before the first poll.
struct Call {
    lane: Lane,
    item: usize,
    is_polled: bool,
}

impl Call {
    fn polled(mut self) {
        self.is_polled = true;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.is_polled {
            self.lane.log_in_drop(format!("item {} dropped unpolled", self.item));
        }
    }
}

/// So many operations of 1 ms behind one of an hour. Says after half an hour how many of them have begun, and when the
/// last one has ended.
pub async fn behind_a_long_one(
    world: &World,
    limit: usize,
    others: usize,
) -> (String, String) {
    let begun = Mutex::new(0);
    let last_ms = Arc::new(Mutex::new(0));
    let operation = |item| {
        *begun.lock().unwrap() += 1;
        let (world, last_ms) = (world.clone(), last_ms.clone());
        async move {
            sleep(ms(if item == 0 { AN_HOUR } else { 1 })).await;
            *last_ms.lock().unwrap() = world.now_ms();
            Ok::<_, ()>(())
        }
    };
    let start_ms = world.now_ms();
    let bound = NonZeroUsize::new(limit).expect("a limit is positive");
    let run = map_bounded(bound, 0..=others, operation);
    _ = timeout(ms(AN_HOUR / 2), run).await;
    let begun = *begun.lock().unwrap() - 1;
    let took_ms = *last_ms.lock().unwrap() - start_ms;
    let begun = format!("{begun} of {others} have begun");
    let of_them = format!("limit {limit}: {others} of 1 ms each");
    (begun, format!("{of_them} are over after {took_ms} ms"))
}

/// How an operation ends.
pub enum End {
    Well,
    Fails,
    Panics,
}

/// How many futures of a run are alive.
#[derive(Debug, PartialEq)]
pub struct FuturesAlive(pub usize);

pub const NONE: FuturesAlive = FuturesAlive(0);

impl Work {
    pub fn new(world: &World) -> Self {
        let (world, alive) = (world.clone(), world.gauge());
        let lane = world.lane("operations");
        Work { world, lane, alive, called_at: Mutex::default() }
    }

    /// What the caller allows, noted.
    pub fn at_most(&self, limit: usize) -> NonZeroUsize {
        let text = format!("allows {limit} at a time");
        self.world.lane("caller").log(text);
        NonZeroUsize::new(limit).expect("a limit is at least one")
    }

    /// The operation on `item`: it takes so long, and ends like this.
    pub fn takes(
        &self,
        item: usize,
        takes_ms: u64,
        end: End,
    ) -> impl Future<Output = Result<usize, String>> + Send + use<> {
        self.called_at.lock().unwrap().push(self.world.now_ms());
        let (lane, live) = (self.lane.clone(), self.alive.enter());
        let call = Call { lane: lane.clone(), item, is_polled: false };
        async move {
            let _live = live;
            call.polled();
            let span = lane.span(format!("item {item}"));
            sleep(ms(takes_ms)).await;
            match end {
                End::Well => span.end(),
                End::Fails => {
                    span.end_with(format!("item {item} fails"));
                    return Err(format!("item {item}"));
                }
                End::Panics => {
                    span.end_with(format!("item {item} panics"));
                    panic_any("disk full");
                }
            }
            Ok(item)
        }
    }

    /// Who failed first; more than one if they failed in one instant.
    pub fn first_to_fail(&self) -> Vec<String> {
        let mut marks = self.lane.marks();
        marks.retain(|(_, what)| what.ends_with(" fails"));
        let first_ms = marks.first().map(|(at_ms, _)| *at_ms);
        marks.retain(|(at_ms, _)| Some(*at_ms) == first_ms);
        let who = |what: &str| what.trim_end_matches(" fails").to_owned();
        marks.iter().map(|(_, what)| who(what)).collect()
    }

    /// How many operations begin at the beginning.
    pub fn at_first(&self) -> String {
        let begun = self.lane.begun().into_iter();
        format!("{} at once", begun.filter(|(at_ms, _)| *at_ms == 0).count())
    }

    /// How many operations were made from `at_ms` on, whether their futures were polled or not.
    pub fn calls_from(&self, at_ms: u64) -> usize {
        let called_at = self.called_at.lock().unwrap();
        called_at.iter().filter(|at| **at >= at_ms).count()
    }

    /// How many futures are alive in the instant the caller gets `answer`.
    pub async fn caller_gets(&self, answer: impl Display) -> FuturesAlive {
        let alive = self.alive.now();
        let text = format!("gets {answer}, {alive} alive");
        self.world.lane("caller").log(text);
        self.world.settle().await;
        FuturesAlive(alive)
    }
}

/// Item i takes `takes_ms[i]`, and all goes well.
pub async fn a_run(work: &Work, limit: usize, takes_ms: &[u64]) {
    let run = map_bounded(work.at_most(limit), 0..takes_ms.len(), |item| {
        work.takes(item, takes_ms[item], End::Well)
    });
    let values = run.await.map_or(0, |values| values.len());
    work.caller_gets(format_args!("{values} values")).await;
}

/// Three at a time, and each asks an upstream that needs about 100 ms.
pub async fn a_run_in_the_weather(
    work: &Work,
    items: usize,
) -> Result<Vec<usize>, ()> {
    let run = map_bounded(work.at_most(3), 0..items, |item| {
        let (world, lane) = (work.world.clone(), work.lane.clone());
        async move {
            fakes::upstream(&world, &lane, &format!("item {item}"), 100).await;
            Ok(item * 10)
        }
    });
    run.await
}

/// Three at a time; item i takes 100 + 50 i ms, and item 1 fails, at 150 ms. Gives the number
/// of futures alive at the return.
pub async fn a_run_that_fails(
    work: &Work,
    items: impl Iterator<Item = usize>,
) -> FuturesAlive {
    let run = map_bounded(work.at_most(3), items, |item| {
        let end = if item == 1 { End::Fails } else { End::Well };
        work.takes(item, 100 + 50 * item as u64, end)
    });
    work.caller_gets(format_args!("{:?}", run.await)).await
}

/// Two at a time; item i takes 100 + i ms. The caller drops the call at 150 ms.
pub async fn a_run_that_is_dropped(work: &Work) {
    let run = map_bounded(work.at_most(2), 0..10, |item| {
        work.takes(item, 100 + item as u64, End::Well)
    });
    leave(&work.world, 150, run).await;
    work.world.settle().await;
}

/// Polls `run` at once and then not before `at_ms`; gives what it ends with.
pub async fn looks_again_at<T>(
    world: &World,
    at_ms: u64,
    run: impl Future<Output = T>,
) -> T {
    let mut run = Box::pin(run);
    if let Poll::Ready(answer) =
        poll_fn(|cx| Poll::Ready(run.as_mut().poll(cx))).await
    {
        return answer;
    }
    world.at(at_ms).await;
    run.await
}

/// Where item 2 panics.
#[derive(PartialEq)]
pub enum PanicIn {
    Iterator,
    Call,
    Operation,
}

/// Two at a time. Item 0 takes 100 ms, item 1 an hour; item 2 panics after 50 ms, or already
/// in the call, or the iterator panics in its place. Gives the payload, and the number of futures
/// alive when it arrives.
pub async fn a_run_that_panics(
    work: &Work,
    place: PanicIn,
) -> (String, FuturesAlive) {
    work.world.expect_panics(1);
    let takes_ms = [100, AN_HOUR, 50];
    let items = (0..3).inspect(|item| {
        if *item == 2 && place == PanicIn::Iterator {
            work.lane.log("the iterator panics");
            panic_any("no more rows");
        }
    });
    let run = map_bounded(work.at_most(2), items, |item| {
        if item == 2 && place == PanicIn::Call {
            work.lane.log("the call for item 2 panics");
            panic_any(42_u8);
        }
        let end = if item == 2 { End::Panics } else { End::Well };
        work.takes(item, takes_ms[item], end)
    });
    let payload = ended_with(run).await;
    let alive = work.caller_gets(&payload).await;
    (payload, alive)
}

/// Both at a time. Item 0 ends after 100 ms, item 1 would after 150 ms, each as it is said here.
/// Gives what the caller gets.
pub async fn two_that_end_badly(work: &Work, ends: [End; 2]) -> String {
    let items = ends.into_iter().enumerate();
    let run = map_bounded(work.at_most(2), items, |(item, end)| {
        work.takes(item, 100 + 50 * item as u64, end)
    });
    let answer = ended_with(run).await;
    work.caller_gets(&answer).await;
    answer
}

async fn ended_with<T: Debug>(run: impl Future<Output = T>) -> String {
    match caught(run).await {
        Ok(answer) => format!("{answer:?}"),
        Err(payload) => in_words(&*payload),
    }
}

fn in_words(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        return format!("a panic with the text '{text}'");
    }
    match payload.downcast_ref::<u8>() {
        Some(number) => format!("a panic with the number {number}"),
        None => "a panic with another payload".to_owned(),
    }
}
