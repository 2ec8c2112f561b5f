//! Mistake: gives the wait one limit and the call another; each is kept, and together they take up
//!   to twice as long as the caller was promised.
//! Source: <https://github.com/prisma-risk/tsoracle/issues/238>
//! Breaks: tower.6
//! Caught by: step_6_bounds_the_wait_as_well::one_limit_covers_waiting_and_working
//! Hint: Add up the longest wait and the longest call.

use std::{
    mem::replace,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Sleep, sleep, timeout};
use tower::{Layer, Service, ServiceExt, service_fn, timeout::error::Elapsed};

/// Puts a [`Timeout`] of this length around a service.
#[derive(Debug, Clone, Copy)]
pub struct TimeoutLayer(pub Duration);

impl<S> Layer<S> for TimeoutLayer {
    type Service = Timeout<S>;

    fn layer(&self, inner: S) -> Timeout<S> {
        Timeout { inner, limit: self.0 }
    }
}

/// Gives each request at most `limit`, from `call` on.
#[derive(Debug, Clone)]
pub struct Timeout<S> {
    inner: S,
    limit: Duration,
}

impl<R, S: Service<R, Error: From<Elapsed>>> Service<R> for Timeout<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = Answer<S::Future>;

    // Why nothing but the inner service's word: whoever answers here for somebody else either
    // keeps a caller away from a free service or sends one to a full one.
    // Mistake: is_always_ready
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        Answer {
            answer: Box::pin(self.inner.call(request)),
            // Why here: `sleep` notes its deadline when it is made, not when it is first polled.
            // Mistake: starts_the_clock_at_the_first_poll
            timer: Box::pin(sleep(self.limit)),
        }
    }
}

/// The answer of a [`Timeout`] on its way. Dropped, it drops the inner service's future.
#[derive(Debug)]
pub struct Answer<F> {
    answer: Pin<Box<F>>,
    timer: Pin<Box<Sleep>>,
}

impl<T, E: From<Elapsed>, F: Future<Output = Result<T, E>>> Future for Answer<F> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // Why the answer first: an answer that is there is worth more than a limit that passed.
        // And both are polled each time, or the one left out wakes nobody.
        // Mistake: looks_at_its_timer_first
        if let done @ Poll::Ready(_) = self.answer.as_mut().poll(cx) {
            return done;
        }
        ready!(self.timer.as_mut().poll(cx));
        Poll::Ready(Err(Elapsed::new().into()))
    }
}

/// Wraps `service` in `layers`.
pub fn stack<S>(service: S, layers: &[&dyn Layer<S, Service = S>]) -> S {
    // Why from the back: a layer can only be put around what is already there, so the innermost
    // comes first and the outermost last.
    // Mistake: puts_the_first_layer_innermost
    let inside_out = layers.iter().rev();
    inside_out.fold(service, |inner, layer| layer.layer(inner))
}

/// A middleware made of one function, which gets the request and the service behind it.
#[derive(Debug, Clone)]
pub struct FromFn<S, F> {
    /// The service behind the function.
    pub inner: S,
    /// Calls the service it is given, once, or answers by itself.
    pub function: F,
}

impl<R, S: Service<R> + Clone, F: Fn(R, S) -> A, A> Service<R> for FromFn<S, F>
where
    A: Future<Output = Result<S::Response, S::Error>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = A;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> A {
        // Why swapped: readiness belongs to one value. The value that has it goes with the
        // request; its clone, which has none, waits here for the next one.
        // Mistake: clones_without_swapping
        let clone = self.inner.clone();
        let next = replace(&mut self.inner, clone);
        (self.function)(request, next)
    }
}

/// Gives each request at most `limit`, the wait for `service` included.
pub fn bounded<R: Send + 'static, S>(
    service: S,
    limit: Duration,
) -> impl Service<R, Response = S::Response, Error = S::Error, Future: Send> + Clone
where
    S: Service<R, Response: Send, Error: From<Elapsed> + Send, Future: Send>,
    S: Clone + Send + 'static,
{
    service_fn(move |request| {
        let ready = timeout(limit, service.clone().ready_oneshot());
        async move {
            let mut service = ready.await.map_err(|_| Elapsed::new())??;
            let answer = timeout(limit, service.call(request)).await;
            answer.map_err(|_| Elapsed::new())?
        }
    })
}

#[cfg(test)]
#[path = "../../tests/tower.rs"]
mod tests;
