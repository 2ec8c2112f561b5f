//! The scenes of `backpressure` with an answer in them.

use super::super::{Item, Receiver, Refused, Sender, queue};

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    mem::ManuallyDrop,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use kit::{expect, ms, scenes::Stage};
use models::backpressure::*;
use tokio::{
    sync::Mutex,
    task::{LocalSet, spawn_local, unconstrained},
    time::{Instant, sleep, sleep_until},
};

const FREE: &str = "no other wait has the receiver";

struct Thing {
    n: usize,
    bytes: u32,
    deadline: Instant,
    /// Counts those that are alive.
    _alive: Arc<()>,
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
    stage.world().expect_panics(usize::from(scene.places > LARGEST));
    let places = NonZeroUsize::new(scene.places).unwrap();
    let opens = || queue::<Thing>(places, scene.bytes);
    let Ok((sender, receiver)) = catch_unwind(AssertUnwindSafe(opens)) else {
        return stage.tell(Happens::Queue("panics"));
    };
    stage.tell(Happens::Queue("opens"));
    // Why leaked by a panic: what it drops may panic again, and that would end the process.
    let mut cast = ManuallyDrop::new(Cast {
        stage,
        busy: scene.busy,
        begun: Instant::now(),
        sender: Some(Rc::new(sender)),
        receiver: Some(Rc::new(Mutex::new(receiver))),
        receives: Actor::default(),
        received: Rc::default(),
        asks: vec![],
        alive: Arc::default(),
    });
    // Why local: no contract says that a permit can go to another thread.
    LocalSet::new().run_until(cast.act(scene)).await;
    drop(ManuallyDrop::into_inner(cast));
}

struct Cast {
    stage: Stage<Backpressure>,
    busy: bool,
    begun: Instant,
    sender: Option<Rc<Sender<Thing>>>,
    receiver: Option<Rc<Mutex<Receiver<Thing>>>>,
    receives: Actor,
    received: Rc<Cell<usize>>,
    asks: Vec<Actor>,
    alive: Arc<()>,
}

impl Cast {
    async fn act(&mut self, scene: &Scene) {
        for (i, step) in scene.steps.iter().enumerate() {
            if self.begun + step.at > Instant::now() {
                sleep_until(self.begun + step.at).await;
            } else if !step.hurried {
                // Why a task: a local set polls what is not woken as well.
                let settled = spawn_local(self.stage.world().settle());
                settled.await.expect("to settle does not panic");
            }
            let is_polled = scene.steps.get(i + 1).is_some_and(|next| next.hurried);
            match step.what {
                What::Ask(n) => self.ask(n, scene.asks[n - 1], is_polled),
                What::Drop(n) => self.drops(n, scene.asks[n - 1].kind),
                What::Use(n) => {
                    let actor = &self.asks[n - 1];
                    if actor.permit.get() == Permit::Kept {
                        actor.permit.set(Permit::Used);
                        actor.polls();
                    }
                }
                What::Poll(n) => self.asks[n - 1].polls(),
                What::End => self.sender = None,
                _ => self.receiver(step.what),
            }
        }
        // No wait that ends is longer.
        sleep(ms(7_200_000)).await;
    }

    fn ask(&mut self, n: usize, ask: Ask, is_polled: bool) {
        let Some(sender) = self.sender.clone() else { return };
        let (deadline, _alive) = (self.begun + ask.due, self.alive.clone());
        let thing = Thing { n, bytes: ask.bytes, deadline, _alive };
        let (stage, permit) = (self.stage.clone(), Rc::<Cell<_>>::default());
        let (kept, busy) = (permit.clone(), self.busy && !is_polled);
        let actor = Actor::new(permit, async move {
            if busy {
                stage.world().squeeze().await;
            }
            asks(&stage, &sender, thing, ask, &kept).await;
        });
        if is_polled {
            actor.polls()
        } else {
            actor.runs()
        }
        self.asks.push(actor);
    }

    fn drops(&mut self, n: usize, kind: Kind) {
        let actor = &self.asks[n - 1];
        let alive = Arc::strong_count(&self.alive);
        if !actor.drops() {
            return;
        }
        let has_permit = actor.permit.get() == Permit::Kept;
        let name = if has_permit { "permit" } else { kind.name() };
        self.stage.tell(Happens::Ends(name, n, "is dropped"));
        if Arc::strong_count(&self.alive) == alive {
            self.stage.tell(Happens::Ends("item", n, "is not dropped with it"));
        }
    }

    fn receiver(&mut self, what: What) {
        let Some(receiver) = self.receiver.clone() else { return };
        if self.receives.drops() {
            self.stage.tell(Happens::Receiver("drops its wait"));
        }
        let (stage, received) = (self.stage.clone(), self.received.clone());
        match what {
            What::Receive(times, takes) => {
                let busy = self.busy;
                self.receives = Actor::new(Rc::default(), async move {
                    for _ in 0..times {
                        if busy {
                            stage.world().squeeze().await;
                        }
                        if !receives(&stage, &receiver, takes, &received).await {
                            break;
                        }
                    }
                });
                self.receives.runs();
            }
            What::Glance(polls, takes) => {
                let mut wait = pin!(receives(&stage, &receiver, takes, &received));
                _ = (0..polls).find(|_| poll_now(wait.as_mut()).is_ready());
            }
            What::Close => {
                stage.tell(Happens::Receiver("closes"));
                receiver.try_lock().expect(FREE).close();
            }
            _ => {
                stage.tell(Happens::Receiver("is dropped"));
                self.receiver = None;
            }
        }
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
    let returns = |why| stage.tell(Happens::Returns(ask.kind, n, why));
    if ask.kind == Kind::Send {
        let Err((back, refused)) = sender.send(thing, ask.wait).await else {
            return returns(None);
        };
        expect(back.n, n, "the item that comes back is the one that was sent");
        return returns(Some(why(refused)));
    }
    match sender.reserve(&thing, ask.wait).await {
        Err(refused) => returns(Some(why(refused))),
        Ok(kept) => {
            returns(None);
            permit.set(Permit::Kept);
            let is_used = || permit.get() == Permit::Used;
            poll_fn(|_| if is_used() { Poll::Ready(()) } else { Poll::Pending })
                .await;
            stage.tell(Happens::Ends("permit", n, "is used"));
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
    let Some(item) = item else {
        stage.tell(Happens::Receiver("gets None"));
        return false;
    };
    received.update(|n| n + 1);
    stage.tell(Happens::Receives(item.n, received.get(), in_time));
    true
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Permit {
    #[default]
    None,
    Kept,
    Used,
}

type Boxed = Pin<Box<dyn Future<Output = ()>>>;

/// A future in a task of its own, that others can poll and drop.
#[derive(Clone, Default)]
struct Actor {
    future: Rc<RefCell<Option<Boxed>>>,
    permit: Rc<Cell<Permit>>,
}

impl Actor {
    fn new(
        permit: Rc<Cell<Permit>>,
        future: impl Future<Output = ()> + 'static,
    ) -> Self {
        Actor { future: Rc::new(RefCell::new(Some(Box::pin(future)))), permit }
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut slot = self.future.borrow_mut();
        let Some(future) = slot.as_mut() else { return Poll::Ready(()) };
        let answer = future.as_mut().poll(cx);
        if answer.is_ready() {
            *slot = None;
        }
        answer
    }

    /// From now on in a task.
    fn runs(&self) {
        let actor = self.clone();
        spawn_local(poll_fn(move |cx| actor.poll(cx)));
    }

    fn polls(&self) {
        _ = poll_now(pin!(poll_fn(|cx| self.poll(cx))));
        // Why another task: the one it has, if any, is not woken any more.
        self.runs();
    }

    /// Whether it was there.
    fn drops(&self) -> bool {
        self.future.take().is_some()
    }
}

/// One poll, in which tokio does not make it yield.
fn poll_now<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    let mut cx = Context::from_waker(Waker::noop());
    pin!(unconstrained(future)).poll(&mut cx)
}
