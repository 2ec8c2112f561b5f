//! The scenes of `tower` with an answer in them.

mod backend;

use super::super::{FromFn, TimeoutLayer, bounded, stack};
use backend::{Backend, House, Trace};

use std::{
    future::{Future, poll_fn},
    mem::take,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use kit::{ms, scenes::Stage, spawn, stays};
use models::tower::{
    Answer, Caller, Happens, Layer as Given, Request, Said, Scene, Tower, What,
};
use tokio::{
    task::{LocalSet, spawn_local},
    time::{sleep, timeout},
};
use tower::{
    Layer, Service, layer::layer_fn, timeout::error::Elapsed, util::BoxCloneService,
};

/// What goes in: a request, and the letters of the layers it came by.
type Parcel = (Request, String);
type Reply = Result<(Answer, String), Problem>;
type Running = Pin<Box<dyn Future<Output = Reply> + Send>>;
type Boxed = BoxCloneService<Parcel, (Answer, String), Problem>;
type Around = Box<dyn Layer<Boxed, Service = Boxed>>;

pub struct Problem(Answer, String);

impl From<Elapsed> for Problem {
    fn from(_: Elapsed) -> Self {
        Problem(Answer::Elapsed, String::new())
    }
}

pub async fn act(stage: Stage<Tower>, scene: &Scene) {
    let house = House::new(&stage, scene);
    LocalSet::new()
        .run_until(async {
            let service = build(&house, scene);
            let whole: Box<dyn Value> = match scene.bounded {
                Some(limit) => Box::new(bounded(service.clone(), limit)),
                None => Box::new(service.clone()),
            };
            let mut tasks = vec![];
            for (n, caller) in scene.callers.iter().enumerate() {
                let value = if caller.is_direct {
                    Box::new(service.clone())
                } else {
                    whole.another()
                };
                let deeds = deeds(house.clone(), n + 1, value, caller.clone());
                tasks.push(spawn_local(boxed(deeds)));
            }
            drop((service, whole));
            spawn_local(boxed(turns(house.clone(), scene.turns.clone())));
            for task in tasks {
                task.await.expect("it is not aborted");
            }
        })
        .await;
    // Whatever goes on without its caller goes on now.
    sleep(ms(1_000_000)).await;
    let taken = house.change(|state| state.places.taken());
    if taken > 0 {
        stage.tell(Happens::Keeps(taken));
    }
    let alive = stage.world().alive_tasks();
    if alive > 0 && scene.step >= 3 {
        stage.tell(Happens::Remain(alive));
    }
}

fn boxed(
    future: impl Future<Output = ()> + 'static,
) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(future)
}

/// A service without its type, and whether it can be sent to another thread is nobody's business.
trait Value {
    fn ask(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Problem>>;
    fn send(&mut self, parcel: Parcel) -> Running;
    fn another(&self) -> Box<dyn Value>;
}

impl<S> Value for S
where
    S: Service<Parcel, Response = (Answer, String), Error = Problem>
        + Clone
        + 'static,
    S::Future: Send + 'static,
{
    fn ask(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Problem>> {
        self.poll_ready(cx)
    }

    fn send(&mut self, parcel: Parcel) -> Running {
        Box::pin(self.call(parcel))
    }

    fn another(&self) -> Box<dyn Value> {
        Box::new(self.clone())
    }
}

fn build(house: &Arc<House>, scene: &Scene) -> Boxed {
    let mut made: Vec<(Given, Around)> = vec![];
    for layer in &scene.layers {
        if made.iter().all(|(given, _)| given != layer) {
            made.push((*layer, around(house, *layer)));
        }
    }
    let this = |layer| made.iter().find(|(given, _)| given == layer);
    let layers = scene.layers.iter().filter_map(this);
    let layers: Vec<_> = layers.map(|(_, around)| &**around).collect();
    let service = Boxed::new(Backend::new(house));
    if scene.step < 4 {
        layers.iter().rev().fold(service, |inner, layer| layer.layer(inner))
    } else {
        stack(service, &layers)
    }
}

fn around(house: &Arc<House>, layer: Given) -> Around {
    let house = house.clone();
    match layer {
        Given::Timeout(limit) => Box::new(layer_fn(move |inner| {
            Boxed::new(TimeoutLayer(limit).layer(inner))
        })),
        Given::Trace(letter) => Box::new(layer_fn(move |inner| {
            Boxed::new(Trace::new(letter, inner, &house))
        })),
        Given::Function(letter, takes, refuses) => {
            Box::new(layer_fn(move |inner| {
                let function = move |parcel: Parcel, next| {
                    pass_on(parcel, next, letter, takes, refuses)
                };
                Boxed::new(Function(FromFn { inner, function }))
            }))
        }
    }
}

/// A `FromFn`, which need not be `Clone`: its fields are.
struct Function<F>(FromFn<Boxed, F>);

impl<F: Clone> Clone for Function<F> {
    fn clone(&self) -> Self {
        let (inner, function) = (self.0.inner.clone(), self.0.function.clone());
        Function(FromFn { inner, function })
    }
}

impl<F> Service<Parcel> for Function<F>
where
    F: Fn(Parcel, Boxed) -> Running + Clone + Send + 'static,
{
    type Response = (Answer, String);
    type Error = Problem;
    type Future = Running;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Problem>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, parcel: Parcel) -> Running {
        Box::pin(self.0.call(parcel))
    }
}

fn pass_on(
    (request, mut way): Parcel,
    mut next: Boxed,
    letter: char,
    takes: Duration,
    refuses: bool,
) -> Running {
    way.push(letter);
    Box::pin(async move {
        if takes > Duration::ZERO {
            sleep(takes).await;
        }
        if refuses && request.is_secret {
            return Err(Problem(Answer::Refused(request.number), String::new()));
        }
        next.call((request, way)).await
    })
}

/// The backend begins to fail, and is well again.
async fn turns(house: Arc<House>, turns: Vec<Duration>) {
    for turn in turns {
        if turn > Duration::ZERO {
            sleep(turn).await
        }
        house.turns();
    }
}

/// One deed after the other.
async fn deeds(
    house: Arc<House>,
    caller: usize,
    mut value: Box<dyn Value>,
    given: Caller,
) {
    let mut is_ready = false;
    let mut sent = vec![];
    for deed in given.deeds {
        if deed.after > Duration::ZERO {
            sleep(deed.after).await;
        }
        house.stage.world().turn().await;
        let What::Sends(stays, request) = deed.what else {
            let asked =
                poll_fn(|cx| Poll::Ready(house.ask(caller, &mut *value, cx)));
            is_ready = house.hears(caller, asked.await);
            continue;
        };
        for _ in 0..request.times {
            let ready = poll_fn(|cx| match house.ask(caller, &mut *value, cx) {
                (Said::Pending, _) => Poll::Pending,
                said => Poll::Ready(said),
            });
            if !is_ready {
                match timeout(stays, ready).await {
                    Ok(said) => is_ready = house.hears(caller, said),
                    Err(_) => house.stage.tell(Happens::GivesUp(caller)),
                }
            }
            if take(&mut is_ready) {
                let answer = value.send((request, String::new()));
                sent.push(spawn(follow(house.stage.clone(), request, answer)));
            }
        }
    }
    drop(value);
    for request in sent {
        request.await.expect("it is not aborted");
    }
}

/// Polls a request as the scene says, or drops it.
async fn follow(stage: Stage<Tower>, request: Request, mut answer: Running) {
    let Request { number, unpolled, nap, patience, .. } = request;
    let polls = async {
        if unpolled > Duration::ZERO {
            sleep(unpolled).await;
        }
        if nap > Duration::ZERO {
            // As long as this instant lasts, and the first time with a waker that nobody hears.
            if let Poll::Ready(answer) = look(&mut answer) {
                return answer;
            }
            tokio::select! {
                biased;
                answer = answer.as_mut() => return answer,
                () = stage.world().settle() => {}
            }
            sleep(nap).await;
        }
        answer.as_mut().await
    };
    let got = stays(stage.world(), patience, polls).await;
    stage.tell(match got {
        Some(Ok((answer, way)) | Err(Problem(answer, way))) => {
            Happens::Gets(number, answer, way)
        }
        None => Happens::Leaves(number),
    });
}

/// Polls it, and will not be woken.
fn look(answer: &mut Running) -> Poll<Reply> {
    answer.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}
