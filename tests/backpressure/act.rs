//! The scenes of `backpressure` with an answer in them.

use super::super::{Item, Receiver, Refused, Sender, queue};

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    rc::Rc,
    sync::{Arc, Weak},
    task::{Context, Poll, Waker},
    time::Duration,
};

use kit::{ms, scenes::Stage};
use models::backpressure::{Ask, Backpressure, Happens, LARGEST, Scene, What, Why};
use tokio::{
    sync::Mutex,
    task::{LocalSet, spawn_local, unconstrained},
    time::{Instant, sleep},
};

/// Whatever waits for something in an hour has it then.
const HOUR: Duration = ms(3_600_000);

const FREE: &str = "no other wait has the receiver";

struct Thing {
    n: usize,
    bytes: u32,
    deadline: Instant,
    alive: Arc<()>,
}

impl Item for Thing {
    fn bytes(&self) -> u32 {
        self.bytes
    }
    fn deadline(&self) -> Instant {
        self.deadline
    }
}

pub async fn act(stage: Stage<Backpressure>, scene: &Scene) {
    let too_many = scene.places > LARGEST;
    stage.world().expect_panics(usize::from(too_many));
    let places = NonZeroUsize::new(scene.places).unwrap();
    let opens = || queue::<Thing>(places, scene.bytes);
    let Ok((sender, receiver)) = catch_unwind(AssertUnwindSafe(opens)) else {
        return stage.tell(Happens::Panics);
    };
    stage.tell(Happens::Opens);
    let mut cast = Cast {
        stage,
        busy: scene.busy,
        begun: Instant::now(),
        sender: Some(Rc::new(sender)),
        receiver: Some(Rc::new(Mutex::new(receiver))),
        receives: None,
        received: Rc::default(),
        asks: vec![],
    };
    // Why local: no contract says that a permit can go to another thread.
    LocalSet::new().run_until(cast.act(scene)).await;
}

/// Everybody who has a part.
struct Cast {
    stage: Stage<Backpressure>,
    busy: bool,
    begun: Instant,
    sender: Option<Rc<Sender<Thing>>>,
    receiver: Option<Rc<Mutex<Receiver<Thing>>>>,
    receives: Option<Actor>,
    received: Rc<Cell<usize>>,
    asks: Vec<Asking>,
}

impl Cast {
    async fn act(&mut self, scene: &Scene) {
        for (i, step) in scene.steps.iter().enumerate() {
            if !step.hurried {
                self.others().await;
                if self.begun + step.at > Instant::now() {
                    tokio::time::sleep_until(self.begun + step.at).await;
                }
            }
            let is_hurried = scene.steps.get(i + 1).is_some_and(|next| next.hurried);
            match step.what {
                What::Ask(n) => self.ask(n, scene.asks[n - 1], is_hurried),
                What::Drop(n) => self.drops(n, scene.asks[n - 1]),
                What::Use(n) => self.asks[n - 1].uses(),
                What::Poll(n) => self.asks[n - 1].polls(),
                What::End => self.sender = None,
                receiver => self.receiver(receiver),
            }
        }
        self.others().await;
        sleep(HOUR * 2).await;
    }

    /// Whoever can go on does, until all wait.
    async fn others(&self) {
        // Why a task: a local set polls what is not woken as well.
        let settled = spawn_local(self.stage.world().settle());
        settled.await.expect("nothing panics there");
    }

    fn ask(&mut self, n: usize, ask: Ask, is_hurried: bool) {
        let Some(sender) = self.sender.clone() else { return };
        let Ask { bytes, due, .. } = ask;
        let alive = Arc::default();
        let item = Arc::downgrade(&alive);
        let thing = Thing { n, bytes, deadline: self.begun + due, alive };
        let permit: Rc<Cell<Permit>> = Rc::default();
        let (stage, held) = (self.stage.clone(), permit.clone());
        let busy = self.busy && !is_hurried;
        let actor = Actor::new(async move {
            if busy {
                stage.world().squeeze().await;
            }
            asks(&stage, &sender, thing, ask, &held).await;
        });
        if is_hurried {
            actor.poll_now();
        }
        self.asks.push(Asking { actor, permit, item });
    }

    fn drops(&mut self, n: usize, ask: Ask) {
        let Asking { actor, permit, item } = &self.asks[n - 1];
        if !actor.drops() {
            return;
        }
        self.stage.tell(match (ask.reserves, permit.get()) {
            (false, _) => Happens::SendDropped(n),
            (true, Permit::None) => Happens::ReserveDropped(n),
            (true, _) => Happens::PermitDropped(n),
        });
        if !ask.reserves && item.upgrade().is_some() {
            self.stage.tell(Happens::Outlives(n));
        }
    }

    fn receiver(&mut self, what: What) {
        let Some(receiver) = self.receiver.clone() else { return };
        if self.receives.take().is_some_and(|wait| wait.drops()) {
            self.stage.tell(Happens::GivesUp);
        }
        let (stage, received) = (self.stage.clone(), self.received.clone());
        match what {
            What::Receive(times, takes) => {
                let busy = self.busy;
                self.receives = Some(Actor::new(async move {
                    for _ in 0..times {
                        if busy {
                            stage.world().squeeze().await;
                        }
                        if !receives(&stage, &receiver, takes, &received).await {
                            break;
                        }
                    }
                }));
            }
            What::Glance(polls, takes) => {
                let mut wait = pin!(receives(&stage, &receiver, takes, &received));
                for _ in 0..polls {
                    if poll_now(wait.as_mut()).is_ready() {
                        break;
                    }
                }
            }
            What::Close => {
                stage.tell(Happens::Closes);
                receiver.try_lock().expect(FREE).close();
            }
            What::Leave => {
                stage.tell(Happens::Leaves);
                drop(receiver);
                self.receiver = None;
            }
            _ => unreachable!("no part of the receiver"),
        }
    }
}

#[derive(Clone, Copy, Default)]
enum Permit {
    #[default]
    None,
    Kept,
    Used,
}

/// A send or a reserve, and the permit that it got.
struct Asking {
    actor: Actor,
    permit: Rc<Cell<Permit>>,
    item: Weak<()>,
}

impl Asking {
    fn uses(&self) {
        if let Permit::Kept = self.permit.get() {
            self.permit.set(Permit::Used);
            self.actor.poll_now();
        }
    }

    fn polls(&self) {
        self.actor.poll_now();
    }
}

async fn asks(
    stage: &Stage<Backpressure>,
    sender: &Sender<Thing>,
    thing: Thing,
    ask: Ask,
    permit: &Cell<Permit>,
) {
    let n = thing.n;
    let why = |why| match why {
        Refused::Full => Why::Full,
        Refused::Closed => Why::Closed,
        Refused::TooLarge => Why::TooLarge,
    };
    if !ask.reserves {
        return match sender.send(thing, ask.wait).await {
            Ok(()) => stage.tell(Happens::Sent(n)),
            Err((back, reason)) => {
                stage.tell(Happens::Returns(n, back.n, why(reason)));
            }
        };
    }
    match sender.reserve(&thing, ask.wait).await {
        Err(reason) => stage.tell(Happens::Refused(n, why(reason))),
        Ok(kept) => {
            stage.tell(Happens::Reserved(n));
            permit.set(Permit::Kept);
            poll_fn(|_| match permit.get() {
                Permit::Used => Poll::Ready(()),
                _ => Poll::Pending,
            })
            .await;
            stage.tell(Happens::PermitUsed(n));
            kept.send(thing);
        }
    }
}

/// Whether there was an item.
async fn receives(
    stage: &Stage<Backpressure>,
    from: &Mutex<Receiver<Thing>>,
    takes: Option<Duration>,
    received: &Cell<usize>,
) -> bool {
    let mut from = from.try_lock().expect(FREE);
    let (item, in_time) = match takes {
        None => (from.recv().await, None),
        Some(takes) => match from.recv_in_time(takes).await {
            Some(Ok(item)) => (Some(item), Some(true)),
            Some(Err(item)) => (Some(item), Some(false)),
            None => (None, None),
        },
    };
    received.update(|n| n + usize::from(item.is_some()));
    stage.tell(match &item {
        None => Happens::HearsNone,
        Some(item) => Happens::Receives(item.n, received.get(), in_time),
    });
    item.is_some()
}

/// A future in a task of its own, that others can poll and drop.
#[derive(Clone, Default)]
struct Actor(Rc<RefCell<Part>>);

#[derive(Default)]
struct Part {
    future: Option<Pin<Box<dyn Future<Output = ()>>>>,
    task: Option<Waker>,
}

impl Actor {
    fn new(future: impl Future<Output = ()> + 'static) -> Self {
        let actor = Actor::default();
        actor.0.borrow_mut().future = Some(Box::pin(future));
        let part = actor.clone();
        spawn_local(poll_fn(move |cx| {
            part.0.borrow_mut().task = Some(cx.waker().clone());
            part.poll(cx)
        }));
        actor
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        let part = &mut *self.0.borrow_mut();
        let Some(future) = &mut part.future else { return Poll::Ready(()) };
        let answer = future.as_mut().poll(cx);
        if answer.is_ready() {
            part.future = None;
        }
        answer
    }

    /// Polls it, and then leaves it to its task again.
    fn poll_now(&self) {
        _ = poll_now(pin!(poll_fn(|cx| self.poll(cx))));
        if let Some(task) = &self.0.borrow().task {
            task.wake_by_ref();
        }
    }

    /// Whether it was there.
    fn drops(&self) -> bool {
        let future = self.0.borrow_mut().future.take();
        future.is_some()
    }
}

/// One poll, in which tokio does not make it yield.
fn poll_now<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    let mut cx = Context::from_waker(Waker::noop());
    pin!(unconstrained(future)).poll(&mut cx)
}
