//! The scenes of `joinset` with an answer in them.

use super::super::map_bounded;

use std::{
    any::Any,
    future::poll_fn,
    num::NonZeroUsize,
    panic::resume_unwind,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use kit::{Gauge, caught, ms, scenes::Stage, spawn};
use models::joinset::{
    Answer, Call, End, HOUR, Happens, Hint, Item, Joinset, Leaving, Payload, Scene,
};
use tokio::{
    select,
    task::yield_now,
    time::{sleep, timeout},
};

/// The value of an operation; large, so that room for `limit` of them is more than there can be.
struct Value([usize; 8]);

/// The error of the operation on this item.
struct E(usize);

type Operation = Pin<Box<dyn Future<Output = Result<Value, E>> + Send>>;
type Output = Result<Result<Vec<Value>, E>, Box<dyn Any + Send>>;

pub async fn act(stage: Stage<Joinset>, scene: &Scene) {
    let props = Props {
        stage: stage.clone(),
        step: scene.step,
        neighbours: scene.neighbours,
        alive: stage.world().gauge(),
        calls: Arc::default(),
        goes_wrong: Arc::default(),
    };
    let mut items = Items { props: &props, scene, next: 0, is_over: false };
    for call in &scene.calls {
        if !call.after.is_zero() {
            sleep(call.after).await;
        }
        stage.tell(Happens::Calls(call.limit));
        items.is_over = false;
        if scene.step < 5 {
            items.next = call.first;
        }
        let nth = props.calls.load(SeqCst);
        let limit = NonZeroUsize::new(call.limit).unwrap();
        let operation = |item| props.operation(item, nth);
        let run = map_bounded(limit, &mut items, operation);
        let answer = stays(scene, call, &props, run).await;
        let alive = props.alive.now();
        // From step 4 on nothing goes on after the end, before it nobody looks.
        props.calls.fetch_add(1, SeqCst);
        if scene.step == 1 && call.first < scene.answers.len() - 1 {
            stage.world().at(HOUR.as_millis() as u64).await;
        }
        let has_left = answer.is_none();
        stage.tell(
            answer.map_or(Happens::Leaves, |answer| Happens::Gets(name(answer))),
        );
        let alive = if has_left {
            stage.world().settle().await;
            props.alive.now()
        } else {
            alive
        };
        if alive > 0 && scene.step >= 4 {
            stage.tell(Happens::Finds(alive));
        }
    }
    // Whatever goes on without its caller goes on now.
    sleep(ms(200_000)).await;
}

/// What the call gives, unless its caller leaves.
async fn stays(
    scene: &Scene,
    call: &Call,
    props: &Props,
    run: impl Future<Output = Result<Vec<Value>, E>>,
) -> Option<Output> {
    if call.leaving == Leaving::BeforeTheFirstPoll {
        sleep(call.patience).await;
        return None;
    }
    props.goes_wrong.store(false, SeqCst);
    let mut run = Box::pin(run);
    let mut is_moved = scene.is_moved;
    let run = poll_fn(move |cx| {
        if std::mem::take(&mut is_moved) {
            let mut other = Context::from_waker(Waker::noop());
            if let Poll::Ready(answer) = run.as_mut().poll(&mut other) {
                return Poll::Ready(answer);
            }
        }
        let goes_wrong = || props.goes_wrong.load(SeqCst);
        for n in 0..scene.polls {
            if n > 0 && !goes_wrong() {
                break;
            }
            if let Poll::Ready(answer) = run.as_mut().poll(cx) {
                return Poll::Ready(answer);
            }
        }
        Poll::Pending
    });
    let run: Pin<Box<dyn Future<Output = Output>>> = Box::pin(caught(run));
    if call.leaving == Leaving::AfterAPoll {
        return timeout(call.patience, run).await.ok();
    }
    select! {
        biased;
        () = sleep(call.patience) => None,
        answer = run => Some(answer),
    }
}

fn name(answer: Output) -> Answer {
    match answer {
        Ok(Ok(values)) => Answer::Values(values.iter().map(|it| it.0[0]).collect()),
        Ok(Err(E(n))) => Answer::Error(n),
        Err(payload) => Answer::Panic(payload_of(&*payload)),
    }
}

/// What the operations and the iterator share.
#[derive(Clone)]
struct Props {
    stage: Stage<Joinset>,
    step: usize,
    neighbours: usize,
    /// The futures of the operations.
    alive: Gauge,
    /// How many calls have ended.
    calls: Arc<AtomicUsize>,
    goes_wrong: Arc<AtomicBool>,
}

impl Props {
    /// An operation of the `nth` call.
    fn operation(&self, item: Item, nth: usize) -> Operation {
        let Item { n, takes, turns, end } = item;
        if let End::CallPanics(payload) = end {
            self.panics(Happens::CallPanics(n), payload);
        }
        self.tell(nth, Happens::Begins(n));
        let (props, alive) = (self.clone(), self.alive.enter());
        let running =
            (self.step >= 4).then(|| self.stage.begins(Happens::Dropped(n)));
        Box::pin(async move {
            let _alive = alive;
            let running = running;
            if takes > Duration::ZERO {
                sleep(takes).await;
            }
            for _ in 0..turns {
                yield_now().await;
            }
            if let Some(running) = running {
                running.ends();
            }
            match end {
                End::Value(value) => {
                    props.tell(nth, Happens::Ends(n));
                    Ok(Value([value; 8]))
                }
                End::Panic(payload) => props.panics(Happens::Panics(n), payload),
                _ => {
                    props.tell(nth, Happens::Fails(n));
                    props.disturb();
                    Err(E(n))
                }
            }
        })
    }

    /// It happens now. What is left of a call that has ended is no matter before step 4.
    fn tell(&self, nth: usize, event: Happens) {
        let is_old = nth < self.calls.load(SeqCst);
        let is_ignored = is_old && !matches!(event, Happens::Begins(_));
        if self.step > 1 && (self.step >= 4 || !is_ignored) {
            self.stage.tell(event);
        }
    }

    fn disturb(&self) {
        self.goes_wrong.store(true, SeqCst);
        for _ in 0..self.neighbours {
            spawn(async {
                yield_now().await;
                yield_now().await;
            });
        }
    }

    /// Why it is resumed, not begun: a panic of the scene is nobody's mistake, and none is reported.
    fn panics(&self, event: Happens, payload: Payload) -> ! {
        self.stage.tell(event);
        self.disturb();
        resume_unwind(match payload {
            Payload::Str(text) => Box::new(text),
            Payload::String(n) => Box::new(format!("row {n}")),
            Payload::Number(n) => Box::new(n),
            Payload::Another => Box::new(()),
        })
    }
}

fn payload_of(payload: &(dyn Any + Send)) -> Payload {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        return Payload::Str(text);
    }
    if let Some(text) = payload.downcast_ref::<String>() {
        let n = text.strip_prefix("row ").and_then(|n| n.parse().ok());
        return n.map_or(Payload::Another, Payload::String);
    }
    let number = payload.downcast_ref::<usize>();
    number.map_or(Payload::Another, |n| Payload::Number(*n))
}

/// The iterator.
struct Items<'a> {
    props: &'a Props,
    scene: &'a Scene,
    next: usize,
    /// It has said `None` in this call.
    is_over: bool,
}

impl Iterator for Items<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let shows = self.scene.step >= 5;
        if self.is_over {
            if !shows {
                return None;
            }
            self.props.stage.tell(Happens::AskedAgain);
        }
        let answer = self.scene.answer(self.next);
        self.next += 1;
        self.is_over |= answer.is_none();
        if let Some(End::IteratorPanics(payload)) = answer.map(|item| item.end) {
            self.props.panics(Happens::IteratorPanics, payload);
        }
        if let Some(item) = answer.filter(|_| shows) {
            self.props.stage.tell(Happens::Gives(item.n));
        }
        answer
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = if self.is_over { 0 } else { self.scene.left(self.next) };
        match (self.scene.hint, left) {
            (_, usize::MAX) => (left, None),
            (Hint::Exact, _) => (left, Some(left)),
            (Hint::Nothing, _) => (0, None),
            (Hint::AtMost, _) => (0, Some(left)),
        }
    }
}
