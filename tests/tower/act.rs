//! The scenes of `tower` with an answer in them.

use super::super::{FromFn, TimeoutLayer, bounded, stack};

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    mem::take,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

use kit::{ms, scenes::Stage, spawn};
use models::tower::{
    Answer, Caller, Happens, Layer as Given, Places, Request, Said, Scene, Tower,
    What,
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

pub struct Problem(Answer, String);

impl From<Elapsed> for Problem {
    fn from(_: Elapsed) -> Self {
        Problem(Answer::Elapsed, String::new())
    }
}

pub async fn act(stage: Stage<Tower>, scene: &Scene) {
    let house = Arc::new(House {
        stage: stage.clone(),
        step: scene.step,
        is_bounded: scene.bounded.is_some(),
        state: Mutex::new(State {
            places: Places::new(scene.places),
            fails: false,
            waiting: BTreeMap::new(),
            asking: None,
            is_asked: false,
        }),
    });
    LocalSet::new()
        .run_until(async {
            let service = build(&house, scene);
            let mut tasks = vec![];
            for (n, caller) in scene.callers.iter().enumerate() {
                let deeds =
                    deeds(house.clone(), n + 1, service.another(), caller.clone());
                tasks.push(spawn_local(boxed(deeds)));
            }
            drop(service);
            spawn_local(boxed(turns(house.clone(), scene.turns.clone())));
            for task in tasks {
                task.await.expect("it is not aborted");
            }
        })
        .await;
    // Whatever goes on without its caller goes on now.
    sleep(ms(1_000_000)).await;
    let taken = house.state.lock().unwrap().places.taken();
    if taken > 0 {
        stage.tell(Happens::Keeps(taken));
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

fn build(house: &Arc<House>, scene: &Scene) -> Box<dyn Value> {
    let backend = Backend { house: house.clone(), seat: None, is_ready: false };
    let mut layers: Vec<Box<dyn Layer<Boxed, Service = Boxed>>> = vec![];
    for layer in &scene.layers {
        let (house, layer) = (house.clone(), *layer);
        layers.push(match layer {
            Given::Timeout(limit) => Box::new(layer_fn(move |inner| {
                Boxed::new(TimeoutLayer(limit).layer(inner))
            })),
            Given::Trace(letter) => Box::new(layer_fn(move |inner| {
                Boxed::new(Trace { letter, inner, house: house.clone() })
            })),
            Given::Function(letter, takes, refuses) => {
                Box::new(layer_fn(move |inner| {
                    let function = move |parcel: Parcel, next| {
                        pass_on(parcel, next, letter, takes, refuses)
                    };
                    Boxed::new(FromFn { inner, function })
                }))
            }
        });
    }
    let service = Boxed::new(backend);
    let service = if scene.step < 4 {
        layers.iter().rev().fold(service, |inner, layer| layer.layer(inner))
    } else {
        stack(service, &layers.iter().map(|layer| &**layer).collect::<Vec<_>>())
    };
    match scene.bounded {
        Some(limit) => Box::new(bounded(service, limit)),
        None => Box::new(service),
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
        house.change(|state| state.fails = !state.fails);
        house.wake_all();
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
            if let Poll::Ready(answer) = look(&mut answer) {
                return answer;
            }
            sleep(nap).await;
        }
        answer.as_mut().await
    };
    let got = timeout(patience, polls).await;
    stage.tell(match got {
        Ok(Ok((answer, way)) | Err(Problem(answer, way))) => {
            Happens::Gets(number, answer, way)
        }
        Err(_) => Happens::Leaves(number),
    });
}

/// Polls it, and will not be woken.
fn look(answer: &mut Running) -> Poll<Reply> {
    answer.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// What all values of the backend share.
struct House {
    stage: Stage<Tower>,
    step: usize,
    is_bounded: bool,
    state: Mutex<State>,
}

struct State {
    places: Places,
    fails: bool,
    /// Whom to wake when there is news.
    waiting: BTreeMap<usize, Waker>,
    /// While a caller asks: the letters of the layers that were asked so far.
    asking: Option<String>,
    is_asked: bool,
}

impl House {
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap())
    }

    fn wake_all(&self) {
        let waiting = self.change(|state| take(&mut state.waiting));
        waiting.into_values().for_each(Waker::wake);
    }

    /// One poll of a caller's value.
    fn ask(
        &self,
        caller: usize,
        value: &mut dyn Value,
        cx: &mut Context<'_>,
    ) -> (Said, String) {
        self.change(|state| {
            state.asking = Some(String::new());
            state.is_asked = false;
        });
        let said = match value.ask(cx) {
            Poll::Pending => Said::Pending,
            Poll::Ready(Ok(())) => Said::Ready,
            Poll::Ready(Err(Problem(answer, _))) => Said::Fails(answer),
        };
        let (way, is_asked) =
            self.change(|state| (state.asking.take(), state.is_asked));
        if !is_asked && !self.is_bounded && self.step >= 2 {
            self.stage.tell(Happens::AsksNobody(caller));
        }
        (said, way.unwrap_or_default())
    }

    fn hears(&self, caller: usize, (said, way): (Said, String)) -> bool {
        self.stage.tell(Happens::Hears(caller, said, way));
        said == Said::Ready
    }
}

/// A value of the backend. What it is asked is true of it alone.
struct Backend {
    house: Arc<House>,
    seat: Option<Seat>,
    is_ready: bool,
}

/// A place, or a number in the line for one. Whoever drops it leaves.
struct Seat {
    house: Arc<House>,
    seat: Option<usize>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.house.change(|state| state.places.leave(self.seat));
        self.house.wake_all();
    }
}

impl Clone for Backend {
    fn clone(&self) -> Self {
        Backend { house: self.house.clone(), seat: None, is_ready: false }
    }
}

impl Service<Parcel> for Backend {
    type Response = (Answer, String);
    type Error = Problem;
    type Future = Running;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Problem>> {
        let house = &self.house;
        let is_nobody = house.change(|state| {
            state.is_asked = true;
            state.asking.is_none()
        });
        if is_nobody && !house.is_bounded && house.step >= 2 {
            house.stage.tell(Happens::IsAsked);
        }
        self.is_ready = false;
        if house.change(|state| state.fails) {
            self.seat = None;
            return Poll::Ready(Err(Problem(Answer::Unavailable, String::new())));
        }
        let new = || Seat { house: house.clone(), seat: None };
        let seat = &mut self.seat.get_or_insert_with(new).seat;
        self.is_ready = house.change(|state| {
            let said = state.places.ask(seat);
            if let (Said::Pending, Some(seat)) = (said, *seat) {
                state.waiting.insert(seat, cx.waker().clone());
            }
            said == Said::Ready
        });
        if self.is_ready { Poll::Ready(Ok(())) } else { Poll::Pending }
    }

    fn call(&mut self, (request, way): Parcel) -> Running {
        let Request { number, takes, fails, .. } = request;
        let stage = &self.house.stage;
        let is_ready = take(&mut self.is_ready) || self.house.step < 2;
        stage.tell(if is_ready {
            Happens::Begins(number, way)
        } else {
            Happens::IsNotReady(number)
        });
        let running = stage.begins(Happens::Dropped(number));
        let (seat, work) = (self.seat.take(), sleep(takes));
        Box::pin(async move {
            if takes > Duration::ZERO {
                work.await;
            }
            running.ends();
            drop(seat);
            if fails {
                return Err(Problem(Answer::Error(number), String::new()));
            }
            Ok((Answer::Value(number), String::new()))
        })
    }
}

/// Writes its letter on what passes.
#[derive(Clone)]
struct Trace {
    letter: char,
    inner: Boxed,
    house: Arc<House>,
}

impl Service<Parcel> for Trace {
    type Response = (Answer, String);
    type Error = Problem;
    type Future = Running;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Problem>> {
        let letter = self.letter;
        self.house.change(|state| {
            state.asking.iter_mut().for_each(|asked| asked.push(letter));
        });
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, (request, mut way): Parcel) -> Running {
        let letter = self.letter;
        way.push(letter);
        let answer = self.inner.call((request, way));
        Box::pin(async move {
            let mut answer = answer.await;
            let (Ok((_, way)) | Err(Problem(_, way))) = &mut answer;
            way.push(letter);
            answer
        })
    }
}
