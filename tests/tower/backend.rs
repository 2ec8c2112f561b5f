//! What the layers of a scene are around: a backend, and layers that trace.

use std::{
    collections::BTreeMap,
    mem::take,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

use kit::{scenes::Stage, wakes_itself};
use models::tower::{Answer, Happens, Places, Request, Said, Scene, Tower};
use tokio::time::{Instant, sleep};
use tower::Service;

use super::{Boxed, Parcel, Problem, Running, Value};

/// What all values of the backend share.
pub(super) struct House {
    pub(super) stage: Stage<Tower>,
    step: usize,
    is_bounded: bool,
    state: Mutex<State>,
}

pub(super) struct State {
    pub(super) places: Places,
    fails: bool,
    /// Whom to wake when there is news.
    waiting: BTreeMap<usize, Waker>,
    /// While a caller asks: the layers that were asked so far, each by its number and its letter.
    asking: Option<Vec<(usize, char)>>,
    /// While a caller asks: how often the backend was asked so far.
    asked: usize,
    /// What fails fails once for each time a caller asks: whoever asks again has to pass on what it heard first.
    has_failed: bool,
    /// How many layers were made.
    layers: usize,
}

impl State {
    fn next_with_a_place(&mut self) -> Option<Waker> {
        let first = self.waiting.first_entry()?;
        self.places.has_room_for(Some(*first.key())).then(|| first.remove())
    }
}

impl House {
    pub(super) fn new(stage: &Stage<Tower>, scene: &Scene) -> Arc<Self> {
        Arc::new(House {
            stage: stage.clone(),
            step: scene.step,
            is_bounded: scene.bounded.is_some(),
            state: Mutex::new(State {
                places: Places::new(scene.places),
                fails: false,
                waiting: BTreeMap::new(),
                asking: None,
                asked: 0,
                has_failed: false,
                layers: 0,
            }),
        })
    }

    /// The backend begins to fail, or is well again.
    pub(super) fn turns(&self) {
        self.change(|state| state.fails = !state.fails);
        self.wake_all();
    }

    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap())
    }

    fn wake_all(&self) {
        let waiting = self.change(|state| take(&mut state.waiting));
        waiting.into_values().for_each(Waker::wake);
    }

    /// Wakes whoever has a place now. Why not all: of a thousand in line one would go on each time.
    fn wake_next(&self) {
        while let Some(waker) = self.change(State::next_with_a_place) {
            waker.wake();
        }
    }

    /// One poll of a caller's value.
    pub(super) fn ask(
        &self,
        caller: usize,
        value: &mut dyn Value,
        cx: &mut Context<'_>,
    ) -> (Said, String) {
        self.change(|state| {
            state.asking = Some(vec![]);
            (state.asked, state.has_failed) = (0, false);
        });
        let said = match value.ask(cx) {
            Poll::Pending => Said::Pending,
            Poll::Ready(Ok(())) => Said::Ready,
            Poll::Ready(Err(Problem(answer, _))) => Said::Fails(answer),
        };
        let (way, asked) = self.change(|state| (state.asking.take(), state.asked));
        if !self.is_bounded && self.step >= 2 {
            match asked {
                0 => self.stage.tell(Happens::AsksNobody(caller)),
                1 => {}
                _ => self.stage.tell(Happens::AsksAgain(caller)),
            }
        }
        (said, way.into_iter().flatten().map(|(_, letter)| letter).collect())
    }

    pub(super) fn hears(&self, caller: usize, (said, way): (Said, String)) -> bool {
        self.stage.tell(Happens::Hears(caller, said, way));
        said == Said::Ready
    }
}

/// A value of the backend. What it is asked is true of it alone.
pub(super) struct Backend {
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
        self.house.change(|state| {
            state.places.leave(self.seat);
            self.seat.and_then(|seat| state.waiting.remove(&seat))
        });
        self.house.wake_next();
    }
}

impl Backend {
    pub(super) fn new(house: &Arc<House>) -> Self {
        Backend { house: house.clone(), seat: None, is_ready: false }
    }
}

impl Clone for Backend {
    fn clone(&self) -> Self {
        Backend::new(&self.house)
    }
}

impl Service<Parcel> for Backend {
    type Response = (Answer, String);
    type Error = Problem;
    type Future = Running;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Problem>> {
        let house = &self.house;
        let is_nobody = house.change(|state| {
            state.asked += 1;
            state.asking.is_none()
        });
        if is_nobody && !house.is_bounded && house.step >= 2 {
            house.stage.tell(Happens::IsAsked);
        }
        self.is_ready = false;
        let fails = house.change(|state| {
            let again = state.asking.is_some() && state.has_failed;
            state.has_failed |= state.fails;
            state.fails && !again
        });
        if fails {
            // It keeps its place, or its number in the line: whoever asks again asks this value.
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
                if Instant::now() < work.deadline() {
                    wakes_itself().await;
                }
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
pub(super) struct Trace {
    number: usize,
    letter: char,
    inner: Boxed,
    house: Arc<House>,
}

impl Trace {
    pub(super) fn new(letter: char, inner: Boxed, house: &Arc<House>) -> Self {
        let number = house.change(|state| {
            state.layers += 1;
            state.layers
        });
        Trace { number, letter, inner, house: house.clone() }
    }
}

impl Service<Parcel> for Trace {
    type Response = (Answer, String);
    type Error = Problem;
    type Future = Running;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Problem>> {
        let this = (self.number, self.letter);
        self.house.change(|state| {
            let asked = state.asking.iter_mut();
            let new = asked.filter(|asked| !asked.contains(&this));
            new.for_each(|asked| asked.push(this));
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
