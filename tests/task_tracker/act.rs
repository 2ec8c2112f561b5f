//! The scenes of `task_tracker` with an answer in them.

use super::super::{Gate, Outcome, Refused};

use std::{
    future::{Future, pending, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind},
    pin::{Pin, pin},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use kit::{LONGEST_MS, drops, ms, scenes::Stage, spawn};
use models::task_tracker::{Caller, Deed, Happens, Scene, Task, TaskTracker};
use tokio::{
    select,
    task::yield_now,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

pub async fn act(stage: Stage<TaskTracker>, scene: &Scene) {
    let service = Actor {
        stage: stage.clone(),
        gate: Some(Gate::new()),
        step: scene.step,
        state: Arc::default(),
    };
    let (deeds, state) = (scene.service.clone(), service.state.clone());
    let acts = spawn(async move {
        let no_token = CancellationToken::new();
        for deed in &*deeds {
            gives_way(&service.stage).await;
            service.does(0, &no_token, deed).await;
        }
        service.stage.aside("the service drops its gate");
    });
    if acts.await.is_err() {
        stage.world().fail_with_caught_panic();
    }
    // When all that ends has ended, and what does not has been there for long.
    stage.world().at(LONGEST_MS).await;
    state.is_over.store(true, SeqCst);
}

/// The service, or a task of it.
#[derive(Clone)]
struct Actor {
    stage: Stage<TaskTracker>,
    /// Only who needs it keeps it.
    gate: Option<Gate>,
    step: usize,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    is_closed: AtomicBool,
    /// The scene is over, and what is dropped now is no part of it.
    is_over: AtomicBool,
    panics: AtomicUsize,
    /// The tokens of those that were stopped.
    stopped: Mutex<Vec<CancellationToken>>,
}

impl Actor {
    fn gate(&self) -> &Gate {
        self.gate.as_ref().expect("who needs a gate has one")
    }

    async fn does(&self, n: u32, token: &CancellationToken, deed: &Deed) {
        match deed {
            Deed::HandsOver(task) => {
                for _ in 0..task.times {
                    self.hands_over(task);
                }
            }
            Deed::Closes => self.closes(),
            Deed::Calls(caller) => {
                let (caller, actor) = (*caller, self.clone());
                spawn(async move { calls(actor, caller).await });
            }
            Deed::Pauses(time) => pause(*time).await,
            Deed::Listens(most) => {
                if timeout(*most, token.cancelled()).await.is_ok() {
                    self.stage.tell(Happens::IsTold(n));
                }
            }
            Deed::Asks => self.stage.tell(Happens::Asked(n, token.is_cancelled())),
            Deed::CancelsItsToken => token.cancel(),
            Deed::Looks => self.looks(n),
        }
    }

    fn closes(&self) {
        self.state.is_closed.store(true, SeqCst);
        self.gate().close();
        self.stage.tell(Happens::IsClosed);
    }

    /// Polls a new wait once.
    fn looks(&self, n: u32) {
        if poll_once(pin!(self.gate().wait())).is_ready() {
            self.stage.tell_in_drop(Happens::FindsItOver(n));
        }
    }

    fn panics(&self, n: u32) -> ! {
        let panics = self.state.panics.fetch_add(1, SeqCst) + 1;
        self.stage.world().expect_panics(panics);
        panic_any(n);
    }

    fn hands_over(&self, task: &Arc<Task>) {
        // Before rule 3 nobody comes too late.
        if self.step < 3 && self.state.is_closed.load(SeqCst) {
            return;
        }
        let (n, maker, made) = (task.n, self.clone(), task.clone());
        let make = move |token| maker.makes(made, token);
        let answer = catch_unwind(AssertUnwindSafe(|| self.gate().spawn(make)));
        match answer {
            Ok(Ok(())) => {}
            Ok(Err(Refused(_))) => self.stage.tell(Happens::Refuses(n)),
            Err(payload) if task.cannot_be_made => {
                let is_own = payload.downcast_ref() == Some(&n);
                self.stage.tell(Happens::CannotBeMade(n, is_own));
            }
            Err(payload) => resume_unwind(payload),
        }
    }

    fn makes(
        mut self,
        task: Arc<Task>,
        token: CancellationToken,
    ) -> Boxed<'static, ()> {
        let n = task.n;
        self.stage.tell(Happens::Makes(n));
        for deed in &task.making {
            match deed {
                Deed::HandsOver(task) => self.hands_over(task),
                Deed::Closes => self.closes(),
                _ => self.looks(n),
            }
        }
        if task.cannot_be_made {
            self.panics(n);
        }
        let needs = |it: &Deed| !matches!(it, Deed::Pauses(_) | Deed::Listens(_));
        let ends_quietly = !task.looks_back && task.leaves.is_none();
        if ends_quietly && !task.work.iter().any(needs) {
            self.gate = None;
        }
        let world = self.stage.world().clone();
        let work = async move {
            self.stage.tell(Happens::Begins(n));
            let mut work = Work { actor: self, task, token, has_ended: false };
            for deed in &work.task.work {
                work.actor.does(n, &work.token, deed).await;
            }
            work.has_ended = true;
            let Work { actor, task, .. } = &work;
            if task.panics {
                actor.stage.tell(Happens::Panics(n));
                actor.panics(n);
            }
            actor.stage.tell(Happens::Finishes(n));
        };
        Box::pin(async move { world.greedily(work).await })
    }
}

/// What a task holds until it has ended.
struct Work {
    actor: Actor,
    task: Arc<Task>,
    token: CancellationToken,
    has_ended: bool,
}

impl Drop for Work {
    fn drop(&mut self) {
        let Work { actor, task, token, has_ended } = self;
        if actor.state.is_over.load(SeqCst) {
            return;
        }
        if *has_ended {
            task.leaves.iter().for_each(|left| actor.hands_over(left));
            return;
        }
        actor.stage.tell_in_drop(Happens::Stopped(task.n));
        actor.state.stopped.lock().unwrap().push(token.clone());
        if task.looks_back {
            actor.looks(task.n);
        }
    }
}

async fn calls(actor: Actor, caller: Caller) {
    let (n, stage, gate) = (caller.n, &actor.stage, actor.gate());
    let mut call: Boxed<'_, Outcome> = match caller.grace {
        None => Box::pin(gate.wait()),
        Some(grace) => Box::pin(gate.shutdown(grace)),
    };
    let mut returns = Box::pin(async {
        if caller.begins(ms(0)) == Duration::MAX {
            pending::<()>().await;
        }
        pause(caller.unpolled).await;
        gives_way(stage).await;
        if caller.grace.is_some() {
            stage.tell(Happens::ShutsDown(n));
        }
        if caller.nap.is_zero() {
            // Why not with a nap: a poll without budget may say "not yet" of what is over.
            stage.world().tires().await;
        }
        for _ in 0..caller.glances {
            if let Poll::Ready(outcome) = poll_once(call.as_mut()) {
                return outcome;
            }
        }
        if !caller.nap.is_zero() {
            sleep(caller.nap).await;
        }
        let mut other = caller.is_double.then(|| Box::pin(gate.wait()));
        poll_fn(|cx| {
            let heard = call.as_mut().poll(cx);
            // Another one with the same waker, which is dropped again.
            if let Some(mut other) = other.take().filter(|_| heard.is_pending()) {
                _ = other.as_mut().poll(cx);
            }
            heard
        })
        .await
    });
    // Why in two parts: between them the call is polled though nothing has changed.
    let half = ms(caller.patience.as_millis() as u64 / 2);
    let leaves = async {
        sleep(half).await;
        sleep(caller.patience.saturating_sub(half)).await;
    };
    // Why biased: where both are ready, the call is dropped and never polled again.
    let heard = select! {
        biased;
        () = leaves => None,
        outcome = &mut returns => Some(outcome),
    };
    drops(stage.world(), returns);
    stage.tell(match heard {
        None => Happens::Leaves(n),
        Some(it) => {
            let Outcome { finished, panicked, stopped } = it;
            let counts = [finished, panicked, stopped];
            Happens::Hears(n, (actor.step >= 5).then_some(counts))
        }
    });
    // Rule 4: "tells every task in that instant".
    stage.world().settle().await;
    let stopped = actor.state.stopped.lock().unwrap();
    let never_told = stopped.iter().filter(|token| !token.is_cancelled()).count();
    if never_told > 0 {
        stage.tell(Happens::NeverTold(never_told));
    }
}

fn poll_once<T>(future: Pin<&mut (impl Future<Output = T> + ?Sized)>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

async fn pause(time: Duration) {
    match time {
        Duration::ZERO => yield_now().await,
        _ => sleep(time).await,
    }
}

/// Others that are ready go first, now and then.
async fn gives_way(stage: &Stage<TaskTracker>) {
    for _ in 0..stage.world().pick(3) {
        yield_now().await;
    }
}
