//! Tower: a service, the layers around it, and who may be called when.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/tower.md`
//! - Run: `cargo test --test solutions_tower`
//!
//! # The contract
//!
//! 1. A `Timeout` does not show while in time: requests, values and errors pass through at once.
//! 2. A `Timeout` is ready when its inner service is. When its `poll_ready` is called, and only
//!    then, it calls the inner `poll_ready` once and returns that answer: pending, ready, or an
//!    error. It keeps no answer for later.
//! 3. The limit runs from `call`, even while nobody polls the future. The wait for readiness does
//!    not count. At the limit a request ends with `Elapsed`. When its future is polled late, an
//!    answer that has come by then wins.
//! 4. In a `stack` the first layer is the outermost: asked first, called first, answered last.
//! 5. A `FromFn` is ready as in rule 2. Its function gets the service that was ready, not a clone.
//! 6. A `bounded` service is always ready, and while idle it holds no place. Each request asks and
//!    waits for readiness in its own future, beside all other requests, those of clones too. Its
//!    limit runs from `call` and covers both the wait and the work. A request that ends while it
//!    waits never reaches the inner service. An error in the wait is the answer of the request.

use std::{
    future::poll_fn,
    mem::replace,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{self, timeout};
use tower::{Layer, Service, timeout::error::Elapsed};

/// Puts a [`Timeout`] of this length around a service.
#[derive(Debug, Clone, Copy)]
pub struct TimeoutLayer(pub Duration);

impl<S> Layer<S> for TimeoutLayer {
    type Service = Timeout<S>;

    fn layer(&self, inner: S) -> Timeout<S> {
        let limit = self.0;
        Timeout { inner, limit }
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

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        Answer { answer: Box::pin(timeout(self.limit, self.inner.call(request))) }
    }
}

/// The answer of a [`Timeout`] on its way.
// Why tokio's: it notes its deadline here, not in its first poll, and polls the answer before the
// clock.
#[derive(Debug)]
pub struct Answer<F> {
    answer: Pin<Box<time::Timeout<F>>>,
}

impl<T, E: From<Elapsed>, F: Future<Output = Result<T, E>>> Future for Answer<F> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = ready!(self.answer.as_mut().poll(cx));
        Poll::Ready(answer.unwrap_or_else(|_| Err(Elapsed::new().into())))
    }
}

/// Wraps `service` in `layers`.
pub fn stack<S>(service: S, layers: &[&dyn Layer<S, Service = S>]) -> S {
    match layers.split_last() {
        None => service,
        Some((innermost, outer)) => stack(innermost.layer(service), outer),
    }
}

/// A middleware made of one function, which gets the request and the service behind it.
#[derive(Debug, Clone)]
pub struct FromFn<S, F> {
    /// The service behind the function. It is asked itself, never a clone of it.
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
        let clone = self.inner.clone();
        (self.function)(request, replace(&mut self.inner, clone))
    }
}

/// Gives each request at most `limit`, the wait for `service` included. Before its first
/// poll it asks nobody. Polled after the limit, it may still ask and answer, or not.
pub fn bounded<R: Send + 'static, S>(
    service: S,
    limit: Duration,
) -> impl Service<R, Response = S::Response, Error = S::Error, Future: Send> + Clone
where
    S: Service<R, Response: Send, Error: From<Elapsed> + Send, Future: Send>,
    S: Clone + Send + 'static,
{
    Bounded { service, limit }
}

/// Always ready: each request waits in its future, for a clone of its own.
#[derive(Debug, Clone)]
struct Bounded<S> {
    service: S,
    limit: Duration,
}

impl<R: Send + 'static, S> Service<R> for Bounded<S>
where
    S: Service<R, Response: Send, Error: From<Elapsed> + Send, Future: Send>,
    S: Clone + Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future =
        Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: R) -> Self::Future {
        let mut service = self.service.clone();
        // Why outside of the block below: that one runs when it is first polled.
        // Mistake: starts_the_clock_at_the_first_poll
        let answer = timeout(self.limit, async move {
            poll_fn(|cx| service.poll_ready(cx)).await?;
            service.call(request).await
        });
        Box::pin(async {
            answer.await.unwrap_or_else(|_| Err(Elapsed::new().into()))
        })
    }
}

#[cfg(test)]
#[path = "../../tests/tower.rs"]
mod tests;
