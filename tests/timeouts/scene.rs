//! What the scenarios of `tests/timeouts.rs` have in common.

use super::super::{Deadline, in_a_task, in_pieces};

use std::{
    future::{pending, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
    vec::IntoIter,
};

use kit::{Lane, World, elsewhere, ms, require};
use tokio::{runtime, task::consume_budget, time::sleep};
use tokio_test::task;

/// A request that takes exactly so long and then has this answer.
pub async fn request<T>(backend: Lane, takes_ms: u64, answer: T) -> T {
    backend.takes("request", takes_ms).await;
    answer
}

/// A query that takes so long.
pub async fn rows(world: &World, takes_ms: u64) -> Result<&'static str, ()> {
    request(world.lane("database"), takes_ms, Ok("rows")).await
}

/// Work that is ready at its first poll.
pub async fn is_cached(world: &World) -> Result<&'static str, ()> {
    world.lane("cache").log("hit");
    Ok("value")
}

/// A request that nobody waits for to the end.
pub async fn hangs(world: &World, lane: &str) -> Result<(), ()> {
    request(world.lane(lane), 60_000, Ok(())).await
}

/// Work that always goes on: a loop over things that are ready, which stops only when tokio makes
/// it, and wants to be polled again at once.
pub async fn never_rests(polls: Lane) -> Result<(), ()> {
    poll_fn(|cx| {
        polls.mark();
        while pin!(consume_budget()).poll(cx).is_ready() {}
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// Writes a page a second.
pub async fn eight_pages(export: Lane) -> Result<(), ()> {
    for _ in 0..8 {
        sleep(ms(1000)).await;
        export.mark();
    }
    Ok(())
}

/// Nine pieces of work that take no time.
pub async fn nine_pieces(pieces: Lane) -> Result<(), ()> {
    in_pieces(9, |_| pieces.mark()).await;
    Ok(())
}

/// A line that always has one more message for somebody else.
pub fn flood(line: Lane) -> impl AsyncFnMut() -> Result<(u64, &'static str), ()> {
    async move || {
        line.mark();
        Ok((1, "heartbeat"))
    }
}

/// A line of messages, each with the id it is for, and not a word after the last one.
pub struct Line {
    world: World,
    lane: Lane,
    messages: IntoIter<(u64, Message)>,
}

type Message = Result<(u64, &'static str), &'static str>;

impl Line {
    /// A line that brings these messages, each at its millisecond.
    pub fn new(
        world: &World,
        lane: &str,
        messages: impl IntoIterator<Item = (u64, Message)>,
    ) -> Self {
        let messages = messages.into_iter().collect::<Vec<_>>().into_iter();
        Line { world: world.clone(), lane: world.lane(lane), messages }
    }

    /// The next message, when it comes. A line that has failed fails each time.
    pub async fn next(&mut self) -> Message {
        let Some(&(at_ms, message)) = self.messages.as_slice().first() else {
            return pending().await;
        };
        self.world.at(at_ms).await;
        match message {
            Ok(_) => {
                self.messages.next();
                self.lane.mark();
            }
            Err(error) => self.lane.log(error),
        }
        message
    }
}

/// What a call of `in_a_task` says after its runtime went down with the work undone.
pub fn outlives_its_runtime(world: &World) -> &'static str {
    // Why another thread: this one always has a runtime, and there a timer can be made.
    let polls = || {
        let runtime = runtime::Builder::new_current_thread().build();
        let runtime = runtime.expect("a runtime without drivers needs nothing");
        let mut call = task::spawn(in_a_task(pending::<()>()));
        let inside = runtime.enter();
        _ = call.poll();
        drop(inside);
        runtime.shutdown_background();
        catch_unwind(AssertUnwindSafe(|| call.poll())).ok()
    };
    let said = elsewhere(polls).expect("every panic is caught");
    world.lane("runtime").log("is gone, and the thread has no other");
    match said {
        Some(Poll::Pending) => "nothing",
        Some(Poll::Ready(())) => "that the work is done",
        None => "that it panicked",
    }
}

/// Polls `future` by hand. Between two polls `others` have the thread for 50 ms.
pub async fn in_turns<F: Future>(others: Lane, future: F) -> F::Output {
    let mut future = task::spawn(future);
    for _ in 0..20 {
        if let Poll::Ready(output) = future.poll() {
            return output;
        }
        others.takes("turn", 50).await;
    }
    require(false, "polled every 50 ms, a call has ended by 1000 ms");
    pending().await
}

/// Polls `future` now, and then not before `at_ms`: its caller is busy.
pub async fn polled_late<F: Future>(
    world: &World,
    at_ms: u64,
    future: F,
) -> Poll<F::Output> {
    let mut future = task::spawn(future);
    if let done @ Poll::Ready(_) = future.poll() {
        return done;
    }
    world.lane("caller").takes("other work", at_ms - world.now_ms()).await;
    future.poll()
}

/// A deadline at 1000 ms, for a caller that comes to it at `at_ms`.
pub async fn deadline_seen_at(world: &World, at_ms: u64) -> Deadline {
    let deadline = Deadline::after(ms(1000));
    world.lane("caller").takes("queueing", at_ms).await;
    deadline
}
