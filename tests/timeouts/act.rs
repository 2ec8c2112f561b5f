//! The scenes of `timeouts` with an answer in them.

use super::super::{
    CallError, Deadline, in_a_task, in_pieces, is_healthy, reply_to, within,
};

use std::{
    future::{pending, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
    task::Poll,
    time::Duration,
};

use kit::{drops, gives_way, leaves_no_budget, ms, scenes::Stage};
use models::timeouts::{
    Answer, Call, Core, Fault, Happens, Layer, Message, Scene, Timeouts, Work,
};
use tokio::{
    task::yield_now,
    time::{Instant, sleep, sleep_until, timeout},
};

type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;
/// Something for a layer to be around.
type Inner = Boxed<Result<u64, Fault>>;

pub async fn act(stage: Stage<Timeouts>, scene: &Scene) {
    let mut deadline = (Deadline::after(Duration::MAX), None);
    // Whoever has an answer may keep the call. What it was about is gone with the answer.
    let mut kept = vec![];
    for (i, call) in scene.calls.iter().enumerate() {
        sleep(call.after).await;
        if let Some(total) = call.total {
            deadline = (Deadline::after(total), Instant::now().checked_add(total));
        }
        let answer = layers(&stage, i + 1, call, deadline.0);
        sleep(call.unpolled).await;
        let is_over = deadline.1.is_some_and(|end| end <= Instant::now());
        if !scene.leaves_out(call, is_over) {
            let mut answer = answer;
            match polled(call, &mut answer).await {
                Some(it) => {
                    stage.tell(Happens::Gets(i + 1, it));
                    kept.push(answer);
                }
                None => {
                    drops(stage.world(), answer);
                    stage.tell(Happens::Leaves(i + 1));
                }
            }
        }
    }
    // Whatever goes on without its caller goes on now.
    sleep(ms(1_000_000)).await;
}

/// Polls as the caller does; `None` when the caller leaves.
async fn polled(call: &Call, answer: &mut Boxed<Answer>) -> Option<Answer> {
    // The call before it may have used up what tokio grants for this poll.
    yield_now().await;
    let Some(busy) = call.busy else {
        return timeout(call.patience, answer).await.ok();
    };
    let first = Instant::now();
    while first.elapsed() < call.patience {
        let poll = poll_fn(|cx| Poll::Ready(answer.as_mut().poll(cx))).await;
        if let Poll::Ready(answer) = poll {
            return Some(answer);
        }
        sleep(busy).await;
    }
    None
}

/// The call with all that is around it.
fn layers(
    stage: &Stage<Timeouts>,
    n: usize,
    call: &Call,
    deadline: Deadline,
) -> Boxed<Answer> {
    let mut inner = core(stage.clone(), n, call);
    let mut health: Option<Boxed<bool>> = None;
    for (layer, limit) in call.layers.iter().rev() {
        inner = match layer {
            Layer::ReplyTo => inner,
            Layer::Within => named(within(*limit, inner)),
            Layer::Step => named(deadline.step(*limit, inner)),
            Layer::IsHealthy => {
                let check = is_healthy(*limit, async { inner.await.map(drop) });
                health = Some(Box::pin(check));
                Box::pin(pending())
            }
        };
    }
    // Why no `async` block: that one drops what it has awaited, and this is kept as its caller keeps it.
    Box::pin(poll_fn(move |cx| {
        let mut poll = || match &mut health {
            Some(health) => health.as_mut().poll(cx).map(Answer::Healthy),
            None => {
                let answer = inner.as_mut().poll(cx);
                answer.map(|it| it.map_or_else(Answer::Err, Answer::Ok))
            }
        };
        catch_unwind(AssertUnwindSafe(&mut poll)).unwrap_or_else(|payload| {
            Poll::Ready(match payload.downcast_ref() {
                Some(Payload(value)) => Answer::Panic(*value),
                None => Answer::OtherPanic,
            })
        })
    }))
}

fn core(stage: Stage<Timeouts>, n: usize, call: &Call) -> Inner {
    match &call.core {
        Core::Work(it) => Box::pin(work(stage, n, it.clone())),
        Core::Task(it) => {
            let it = Box::pin(work(stage, n, it.clone()));
            let it: Pin<Box<dyn Future<Output = _> + Send>> = it;
            Box::pin(in_a_task(it))
        }
        Core::Pieces(pieces) => {
            let done = in_pieces(*pieces, move |n| stage.tell(Happens::Piece(n)));
            Box::pin(async {
                done.await;
                Ok(0)
            })
        }
        Core::Line(line) => {
            let limit = call.layers.last().expect("`reply_to` is around a line").1;
            let (id, line) = (line.id, line.clone());
            let (mut n, mut due) = (0, None);
            named(reply_to(id, limit, async move || {
                let Message { after, to } = line.message(n);
                // A call that is dropped takes its message along.
                n += 1;
                let last = due.unwrap_or_else(Instant::now);
                due = last.checked_add(after);
                match due {
                    Some(due) if due > Instant::now() => sleep_until(due).await,
                    Some(_) => {}
                    None => pending().await,
                }
                stage.tell(Happens::Brings(n, to));
                to.map(|to| (to, n as u64)).ok_or(Fault::E(n as u64))
            }))
        }
    }
}

/// A call that names its errors as the scenes do.
fn named(
    call: impl Future<Output = Result<u64, CallError<Fault>>> + 'static,
) -> Inner {
    let name = |error| match error {
        CallError::Failed(error) => Fault::Failed(Box::new(error)),
        CallError::TimedOut(limit) => Fault::TimedOut(limit),
        CallError::DeadlineExceeded => Fault::DeadlineExceeded,
    };
    let mut call = Box::pin(call);
    Box::pin(poll_fn(move |cx| {
        call.as_mut().poll(cx).map(|answer| answer.map_err(name))
    }))
}

/// What a work panics with.
struct Payload(u64);

async fn work(stage: Stage<Timeouts>, n: usize, work: Work) -> Result<u64, Fault> {
    stage.tell(Happens::Begins(n));
    let running = stage.begins(Happens::Dropped(n));
    for turn in 0..work.turns {
        stage.tell(Happens::Turn(n));
        if work.is_greedy {
            leaves_no_budget().await;
        }
        gives_way(turn).await;
    }
    if work.after > Duration::ZERO {
        sleep(work.after).await;
    }
    running.ends();
    stage.tell(Happens::Ends(n, work.end.clone()));
    match work.end {
        Answer::Err(error) => Err(error),
        // Not `panic!`, so that the suite need not say how many there will be.
        Answer::Panic(value) => resume_unwind(Box::new(Payload(value))),
        Answer::Ok(value) => Ok(value),
        _ => unreachable!("a work ends in one of these ways"),
    }
}
