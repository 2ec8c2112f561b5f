//! Fakes of tower's `Service`, as strict as the real ones about who may be called when, and
//! callers that write down what they are told.

use std::{
    fmt::Debug,
    future::{Future, poll_fn},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll},
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::sleep,
};
use tower_service::Service;

use crate::{expect::require, lane::Lane, ms, spawn, world::World};

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

impl World {
    /// A service that gives `answer` after exactly `takes_ms`, on the lane called `lane`.
    pub fn backend<T, E>(
        &self,
        lane: &str,
        answer: Result<T, E>,
        takes_ms: u64,
    ) -> Backend<T, E> {
        Backend {
            lane: self.lane(lane),
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
}

impl<T, E> Backend<T, E> {
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
            let place = places.clone().acquire_owned();
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

/// Writes `A?` on its lane when it is asked, `A>` when it is called, `<A` when it is answered.
#[derive(Clone)]
pub struct Trace<S> {
    name: &'static str,
    lane: Lane,
    inner: S,
}

impl Lane {
    /// Wraps `inner` in a [`Trace`] that writes on this lane.
    pub fn trace<S>(&self, name: &'static str, inner: S) -> Trace<S> {
        let lane = self.clone();
        Trace { name, lane, inner }
    }
}

impl<R, S> Service<R> for Trace<S>
where
    S: Service<R, Response: Send, Error: Send, Future: Send + 'static>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Boxed<Result<S::Response, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.lane.log(format!("{}?", self.name));
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let (name, lane) = (self.name, self.lane.clone());
        lane.log(format!("{name}>"));
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = answer.await;
            lane.log(format!("<{name}"));
            answer
        })
    }
}

/// A caller of services of `&'static str`, which writes on its lane.
impl Lane {
    /// Waits until `service` is ready, and marks when it was.
    pub async fn waits_for<S>(&self, service: &mut S)
    where
        S: Service<&'static str, Error: Debug>,
    {
        match poll_fn(|cx| service.poll_ready(cx)).await {
            Ok(()) => self.log("ready"),
            Err(error) => self.log(format!("hears {error:?}")),
        }
    }

    /// Waits until `service` is ready, calls it with `GET /`, and marks when it answered.
    ///
    /// # Errors
    ///
    /// Those of the service.
    pub async fn asks<S>(&self, service: &mut S) -> Result<S::Response, S::Error>
    where
        S: Service<&'static str, Response: Debug, Error: Debug>,
    {
        poll_fn(|cx| service.poll_ready(cx)).await?;
        self.awaits(service.call("GET /")).await
    }

    /// Awaits `answer`, and marks when it came.
    pub async fn awaits<T: Debug>(&self, answer: impl Future<Output = T>) -> T {
        let answer = answer.await;
        self.log(format!("hears {answer:?}"));
        answer
    }

    /// Writes down what one `poll_ready` said, and returns it in the words of `{:?}`.
    pub fn hears(&self, poll: Poll<Result<(), impl Debug>>) -> String {
        let said = format!("{poll:?}");
        self.log(format!("hears {said}"));
        said
    }
}
