//! A fake of tower's `Service`, as strict as the real ones about who may be called when.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll},
};

use kit::{Lane, World, ms, require, spawn};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::unconstrained,
    time::sleep,
};
use tower_service::Service;

/// A service that gives each request the same answer after the same time, drawn on its lane.
///
/// It is always ready, unless it has [`Backend::places`]: then getting ready takes a place, for
/// this value and not for its clones, and a call without one fails the test. The place is free
/// again when the request ends or its holder is dropped. tower's `ConcurrencyLimit` does the same.
/// The timeline tells the values apart by number; each clone gets the next one. Who waits is
/// told who holds the places.
pub struct Backend<T, E> {
    lane: Lane,
    answer: Result<T, E>,
    takes_ms: u64,
    places: Option<Arc<Semaphore>>,
    holders: Holders,
    place: Option<Place>,
    coming: Option<Boxed<OwnedSemaphorePermit>>,
    number: usize,
    values: Arc<AtomicUsize>,
}

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The values and the requests that have a place.
type Holders = Arc<Mutex<Vec<String>>>;

/// A place, and who holds it.
struct Place {
    _permit: OwnedSemaphorePermit,
    holders: Holders,
    holder: String,
}

impl Place {
    /// From the value that was ready to the request it is called with.
    fn go_to(&mut self, request: &str) {
        let mut holders = self.holders.lock().unwrap();
        holders.retain(|holder| *holder != self.holder);
        holders.push(request.to_owned());
        self.holder = request.to_owned();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut holders = self.holders.lock().unwrap();
        let mine = holders.iter().position(|holder| *holder == self.holder);
        mine.map(|mine| holders.remove(mine));
    }
}

impl<T, E> Backend<T, E> {
    /// A service that gives `answer` after exactly `takes_ms`, on the lane called `lane`.
    pub fn new(
        world: &World,
        lane: &str,
        answer: Result<T, E>,
        takes_ms: u64,
    ) -> Self {
        Backend {
            lane: world.lane(lane),
            answer,
            takes_ms,
            places: None,
            holders: Holders::default(),
            place: None,
            coming: None,
            number: 1,
            values: Arc::new(AtomicUsize::new(1)),
        }
    }

    /// Gives it room for `n` requests at a time.
    pub fn places(mut self, n: usize) -> Self {
        self.places = Some(Arc::new(Semaphore::new(n)));
        self
    }

    /// Writes what has become of a value that wants a place, and who has them.
    fn log_without_a_place(&self, what: &str) {
        let holders = self.holders.lock().unwrap().join(", ");
        self.lane.log(if holders.is_empty() {
            what.to_owned()
        } else {
            format!("{what} (held by {holders})")
        });
    }
}

impl<T, E> Backend<T, E>
where
    T: Clone + Send + 'static,
    E: Clone + Send + 'static,
{
    /// Somebody else's `request` takes a place, at once or as soon as one is free.
    pub async fn occupy(&self, request: &str) {
        let mut other = self.clone();
        if poll_fn(|cx| other.poll_ready(cx)).await.is_ok() {
            spawn(other.call(request));
        }
    }
}

impl<T: Clone, E: Clone> Clone for Backend<T, E> {
    fn clone(&self) -> Self {
        Backend {
            lane: self.lane.clone(),
            answer: self.answer.clone(),
            takes_ms: self.takes_ms,
            places: self.places.clone(),
            holders: self.holders.clone(),
            place: None,
            coming: None,
            number: self.values.fetch_add(1, SeqCst) + 1,
            values: self.values.clone(),
        }
    }
}

/// A value that is dropped before it is called: nobody sees otherwise why it has no place.
impl<T, E> Drop for Backend<T, E> {
    fn drop(&mut self) {
        let what = match (&self.place, &self.coming) {
            (Some(_), _) => "gives its place back",
            (None, Some(_)) => "leaves the line for a place",
            (None, None) => return,
        };
        self.lane.log_in_drop(format!("{} {what}", self.number));
    }
}

impl<T, E> Service<&str> for Backend<T, E>
where
    T: Clone + Send + 'static,
    E: Clone + Send + 'static,
{
    type Response = T;
    type Error = E;
    type Future = Boxed<Result<T, E>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), E>> {
        let (None, Some(places)) = (&self.place, &self.places) else {
            return Poll::Ready(Ok(()));
        };
        let waited = self.coming.is_some();
        let mut coming = self.coming.take().unwrap_or_else(|| {
            // Why: a task whose budget is used up waits for nobody's place.
            let place = unconstrained(places.clone().acquire_owned());
            Box::pin(async { place.await.expect("the semaphore is never closed") })
        });
        match coming.as_mut().poll(cx) {
            Poll::Ready(permit) => {
                self.lane.log(format!("{} takes a place", self.number));
                let holder = self.number.to_string();
                self.holders.lock().unwrap().push(holder.clone());
                self.place = Some(Place {
                    _permit: permit,
                    holders: self.holders.clone(),
                    holder,
                });
                Poll::Ready(Ok(()))
            }
            Poll::Pending => {
                if !waited {
                    let waits = format!("{} waits for a place", self.number);
                    self.log_without_a_place(&waits);
                }
                self.coming = Some(coming);
                Poll::Pending
            }
        }
    }

    fn call(&mut self, request: &str) -> Self::Future {
        let mut place = self.place.take();
        let name = match self.places {
            Some(_) => format!("{}: {request}", self.number),
            None => request.to_owned(),
        };
        if self.places.is_some() && place.is_none() {
            self.log_without_a_place(&format!("{name} has no place"));
            let rule = "a service is called only after it said that it is ready";
            require(false, rule);
        }
        if let Some(place) = &mut place {
            place.go_to(&name);
        }
        let (span, work) = (self.lane.span(name), sleep(ms(self.takes_ms)));
        let answer = self.answer.clone();
        Box::pin(async move {
            work.await;
            span.end();
            drop(place);
            answer
        })
    }
}
