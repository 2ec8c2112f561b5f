//! The scenes of `joinset` with an answer in them.

use super::super::map_bounded;

use std::{
    any::Any,
    future::{pending, poll_fn},
    mem::take,
    num::NonZeroUsize,
    panic::resume_unwind,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
};

use kit::{
    Gauge, caught, gives_way, ms,
    scenes::{Event, Stage},
    spawn, wakes_itself,
};
use models::joinset::{
    Answer, Call, E, End, HOUR, Happens, Hint, Item, Joinset, Payload, Scene,
};
use tokio::{select, task::yield_now, time::sleep};

/// The value of an operation; large, so that room for `limit` of them is more than there can be.
struct Value([usize; 8]);

type Output = Result<Result<Vec<Value>, E>, Box<dyn Any + Send>>;

pub async fn act(stage: Stage<Joinset>, scene: &Scene) {
    let props = Props {
        stage: stage.clone(),
        step: scene.step,
        neighbours: scene.neighbours,
        alive: stage.world().gauge(),
        ended: Arc::default(),
        goes_wrong: Arc::default(),
    };
    if scene.neighbours > 0 {
        spawn(pending::<()>());
    }
    let mut items = Items { props: &props, scene, next: 0, is_over: false };
    for (nth, call) in scene.calls.iter().enumerate() {
        if !call.after.is_zero() {
            sleep(call.after).await;
        }
        stage.tell(Happens::Calls(call.limit));
        items.is_over = false;
        if scene.step < 5 {
            items.next = call.first;
        }
        let is_empty = scene.left(items.next) == 0;
        props.goes_wrong.store(false, SeqCst);
        let limit = NonZeroUsize::new(call.limit).unwrap();
        let operation = |item| props.operation(item, nth);
        let answer =
            stays(scene, call, &props, map_bounded(limit, &mut items, operation));
        stage.world().tires().await;
        let answer = answer.await;
        let mut alive = props.alive.now();
        if !items.is_over && scene.answer(items.next).is_none() {
            // Nobody says that a `None` must be asked for.
            items.next += 1;
        }
        props.ended.fetch_add(1, SeqCst);
        if scene.step == 1 && !is_empty {
            stage.world().at(HOUR.as_millis() as u64).await;
        }
        if let Some(answer) = answer {
            stage.tell(Happens::Gets(name(answer)));
        } else {
            stage.tell(Happens::Leaves);
            // After a drop the runtime gets to them, and time does not move on.
            stage.world().settle().await;
            alive = props.alive.now();
        }
        if alive > 0 && scene.step >= 4 {
            stage.tell(Happens::Finds(alive, "futures"));
        }
    }
    // Whatever goes on without its caller goes on now.
    sleep(ms(200_000)).await;
    let neighbours = usize::from(scene.neighbours > 0);
    let alive = stage.world().alive_tasks() - neighbours;
    if alive > 0 && scene.step >= 4 {
        stage.tell(Happens::Finds(alive, "tasks"));
    }
}

/// What the call gives, unless its caller leaves.
async fn stays(
    scene: &Scene,
    call: &Call,
    props: &Props,
    run: impl Future<Output = Result<Vec<Value>, E>>,
) -> Option<Output> {
    let (mut run, mut is_moved) = (Box::pin(run), scene.is_moved);
    let run = poll_fn(move |cx| {
        let mut answer = Poll::Pending;
        if take(&mut is_moved) {
            answer = run.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
        for n in 0..scene.polls {
            let is_due = n == 0 || props.goes_wrong.load(SeqCst);
            if answer.is_ready() || !is_due {
                break;
            }
            answer = run.as_mut().poll(cx);
        }
        answer
    });
    let run: Pin<Box<dyn Future<Output = Output>>> = Box::pin(caught(run));
    if !call.is_abrupt {
        return kit::stays(props.stage.world(), call.patience, run).await;
    }
    select! {
        biased;
        () = sleep(call.patience) => None,
        answer = run => Some(answer),
    }
}

fn name(answer: Output) -> Answer {
    let payload = match answer {
        Ok(Ok(values)) => {
            return Answer::Ok(values.iter().map(|it| it.0[0]).collect());
        }
        Ok(Err(error)) => return Answer::Err(error),
        Err(payload) => payload,
    };
    let text = payload.downcast_ref().map(|text: &&'static str| Payload::Str(text));
    let number = payload.downcast_ref().map(|n| Payload::Usize(*n));
    let string = payload.downcast_ref::<String>().and_then(|text| text.parse().ok());
    let known = text.or(number).or(string.map(Payload::String));
    Answer::Panic(known.unwrap_or(Payload::Another))
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
    ended: Arc<AtomicUsize>,
    goes_wrong: Arc<AtomicBool>,
}

impl Props {
    /// An operation of the `nth` call.
    fn operation(
        &self,
        item: Item,
        nth: usize,
    ) -> Pin<Box<dyn Future<Output = Result<Value, E>> + Send>> {
        let Item { n, takes, turns, end } = item;
        if let End::CallPanics(payload) = end {
            self.panics(Happens::CallPanics(n), payload);
        }
        self.tell(nth, Happens::Begins(n));
        let (props, alive) = (self.clone(), self.alive.enter());
        let running =
            (self.step >= 4).then(|| self.stage.begins(Happens::Dropped(n)));
        Box::pin(async move {
            let (running, _alive) = (running, alive);
            if !takes.is_zero() {
                sleep(takes).await;
            }
            match turns {
                usize::MAX => props.waits_for_another_task(n).await,
                _ => gives_way_often(turns).await,
            }
            running.into_iter().for_each(|it| it.ends());
            match end {
                End::Value(value) => {
                    props.tell(nth, Happens::Ends(n));
                    Ok(Value([value; 8]))
                }
                End::Panic(payload) => props.panics(Happens::Panics(n), payload),
                _ => {
                    props.tell(nth, Happens::Fails(n));
                    props.disturbs();
                    Err(E(n))
                }
            }
        })
    }

    /// It happens now. Before step 4 an operation may go on when its call has ended.
    fn tell(&self, nth: usize, event: Happens) {
        let is_left = self.step < 4 && nth < self.ended.load(SeqCst);
        if self.step == 1 {
            let (who, what) = event.words();
            self.stage.aside(format!("{who} {what}"));
        } else if !is_left || matches!(event, Happens::Begins(_)) {
            self.stage.tell(event);
        }
    }

    /// Gives way until another task has run, and wakes itself each time. Why touched: whoever polls it again and
    /// again lets nobody else run.
    async fn waits_for_another_task(&self, n: usize) {
        let other = spawn(yield_now());
        while !other.is_finished() {
            let what = || format!("operation {n}, which gives way to another task,");
            self.stage.world().touch(what);
            wakes_itself().await;
        }
    }

    /// In each call the first who goes wrong sets off the others.
    fn disturbs(&self) {
        if self.goes_wrong.swap(true, SeqCst) {
            return;
        }
        for _ in 0..self.neighbours {
            spawn(yield_now());
        }
    }

    /// Why it is resumed: a panic of the scene is nobody's mistake, and the hook stays silent.
    fn panics(&self, event: Happens, payload: Payload) -> ! {
        self.stage.tell(event);
        self.disturbs();
        resume_unwind(match payload {
            Payload::Str(text) => Box::new(text),
            Payload::String(n) => Box::new(n.to_string()),
            Payload::Usize(n) => Box::new(n),
            Payload::Another => Box::new(()),
        })
    }
}

async fn gives_way_often(turns: usize) {
    for turn in 0..turns {
        gives_way(turn).await;
    }
}

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
        match self.scene.hint {
            Hint::None if left < usize::MAX => (0, None),
            Hint::None => (usize::MAX, None),
            Hint::Exact => (left, Some(left)),
            Hint::AtMost => (0, Some(left)),
        }
    }
}
