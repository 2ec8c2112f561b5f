//! Tower: a service, the layers around it, and who may be called when.
//!
//! - Read: `cargo run -p book`, or its source, `book/src/tower.md`
//! - Run: `cargo test --test tower`
//! - What every contract takes for granted: book/src/conventions.md
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
#![allow(unused_mut, unused_variables, dead_code)] // for the stub: delete when you are done

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tower::{Layer, Service, ServiceBuilder, timeout::error::Elapsed};

/// Puts a [`Timeout`] of this length around a service.
#[derive(Debug, Clone, Copy)]
pub struct TimeoutLayer(pub Duration);

impl<S> Layer<S> for TimeoutLayer {
    type Service = Timeout<S>;
    fn layer(&self, inner: S) -> Timeout<S> {
        todo!("step 1: put `inner` and the limit into a `Timeout`")
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
        todo!("step 1: `Poll::Ready(Ok(()))` will do; step 2 asks who can tell")
    }

    fn call(&mut self, request: R) -> Self::Future {
        todo!("step 1: call `inner` and put the future it returns into an `Answer`")
    }
}

/// The answer of a [`Timeout`] on its way. The fields are yours to change.
pub struct Answer<F> {
    answer: Pin<Box<F>>,
}

impl<T, E: From<Elapsed>, F: Future<Output = Result<T, E>>> Future for Answer<F> {
    type Output = Result<T, E>;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        todo!("step 1: poll `answer`; step 3 adds what else may happen")
    }
}

/// Wraps `service` in `layers`.
pub fn stack<S>(service: S, layers: &[&dyn Layer<S, Service = S>]) -> S {
    todo!("step 4: put one layer after another around the service; which one first?")
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
        todo!("step 5: as in step 2")
    }

    fn call(&mut self, request: R) -> A {
        todo!("step 5: give the function the request and a service: which one?")
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
    // step 6: the stack that everybody writes. Where does a request wait in it, and who sees that?
    ServiceBuilder::new().layer(TimeoutLayer(limit)).service(service)
}

#[cfg(test)]
#[path = "../../tests/tower.rs"]
mod tests;
