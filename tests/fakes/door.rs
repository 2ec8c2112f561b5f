//! A fake of tower's `Service` whose readiness is set by hand.

use std::{
    collections::BTreeSet,
    fmt::Debug,
    future::{Ready, ready},
    mem::take,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use kit::{Lane, World};
use tower_service::Service;

/// A service that is as ready as the test says, drawn on its lane. It is full at first, and its
/// clones are as ready as it is.
pub struct Door<E> {
    lane: Lane,
    state: Arc<Mutex<State<E>>>,
    /// Which of the clones it is, as they were made.
    value: usize,
}

struct State<E> {
    says: Poll<Result<(), E>>,
    /// What it says now it says once, and then it is free.
    is_once: bool,
    asked: Vec<Waker>,
    values: usize,
    values_asked: BTreeSet<usize>,
}

impl<E> Door<E> {
    /// A service whose readiness is set by hand, on the lane called `lane`.
    pub fn new(world: &World, lane: &str) -> Self {
        let lane = world.lane(lane);
        lane.log("is full");
        let state = State {
            says: Poll::Pending,
            is_once: false,
            asked: vec![],
            values: 1,
            values_asked: BTreeSet::new(),
        };
        Door { lane, state: Arc::new(Mutex::new(state)), value: 0 }
    }

    /// How many of its clones, itself among them, were asked whether they are ready.
    pub fn values_asked(&self) -> usize {
        self.state.lock().unwrap().values_asked.len()
    }
}

impl<E: Debug + PartialEq> Door<E> {
    /// It fails once, whoever asks, and is free then.
    pub fn fails_once(&self, error: E) {
        self.says(Poll::Ready(Err(error)));
        self.state.lock().unwrap().is_once = true;
    }

    /// From now on this is what `poll_ready` says. Whoever waits is woken.
    pub fn says(&self, says: Poll<Result<(), E>>) {
        if self.state.lock().unwrap().says == says {
            return;
        }
        self.lane.log(match &says {
            Poll::Pending => "is full".to_owned(),
            Poll::Ready(Ok(())) => "is free".to_owned(),
            Poll::Ready(Err(error)) => format!("fails: {error:?}"),
        });
        let asked = {
            let mut state = self.state.lock().unwrap();
            (state.says, state.is_once) = (says, false);
            take(&mut state.asked)
        };
        asked.iter().for_each(Waker::wake_by_ref);
    }
}

impl<E> Clone for Door<E> {
    fn clone(&self) -> Self {
        let mut state = self.state.lock().unwrap();
        let value = state.values;
        state.values += 1;
        Door { lane: self.lane.clone(), state: self.state.clone(), value }
    }
}

impl<E: Clone> Service<&str> for Door<E> {
    type Response = ();
    type Error = E;
    type Future = Ready<Result<(), E>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), E>> {
        self.lane.touch();
        let mut state = self.state.lock().unwrap();
        state.values_asked.insert(self.value);
        if state.says.is_pending() {
            state.asked.push(cx.waker().clone());
        }
        let says = state.says.clone();
        if take(&mut state.is_once) {
            state.says = Poll::Ready(Ok(()));
            self.lane.log("is free");
        }
        says
    }

    fn call(&mut self, request: &str) -> Self::Future {
        self.lane.log(request);
        ready(Ok(()))
    }
}
