//! Mistake: hands on a clone and keeps the service that was ready; it works for years, until
//!   somebody adds a `ConcurrencyLimit` or a `Buffer` below, and then each request panics. tower-http
//!   did this in its asynchronous authorization until 0.6.4.
//! Source: <https://github.com/tower-rs/tower-http/pull/561>
//! Caught by: step_5_hands_on_the_service_that_was_ready::the_function_calls_the_service_that_was_ready
//! Hint: Two values, one "ready": which of them is called?

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Sleep, sleep};
use tower::{Layer, Service, ServiceExt, service_fn, timeout::error::Elapsed};

#[derive(Debug, Clone, Copy)]
pub struct TimeoutLayer(pub Duration);

impl<S> Layer<S> for TimeoutLayer {
    type Service = Timeout<S>;

    fn layer(&self, inner: S) -> Timeout<S> {
        Timeout { inner, limit: self.0 }
    }
}

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
        Answer {
            answer: Box::pin(self.inner.call(request)),
            timer: Box::pin(sleep(self.limit)),
        }
    }
}

#[derive(Debug)]
pub struct Answer<F> {
    answer: Pin<Box<F>>,
    timer: Pin<Box<Sleep>>,
}

impl<T, E: From<Elapsed>, F: Future<Output = Result<T, E>>> Future for Answer<F> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let done @ Poll::Ready(_) = self.answer.as_mut().poll(cx) {
            return done;
        }
        ready!(self.timer.as_mut().poll(cx));
        Poll::Ready(Err(Elapsed::new().into()))
    }
}

pub fn stack<S>(service: S, layers: &[&dyn Layer<S, Service = S>]) -> S {
    let inside_out = layers.iter().rev();
    inside_out.fold(service, |inner, layer| layer.layer(inner))
}

#[derive(Debug, Clone)]
pub struct FromFn<S, F> {
    pub inner: S,
    pub function: F,
}

impl<R, S, F, A> Service<R> for FromFn<S, F>
where
    S: Service<R> + Clone,
    F: Fn(R, S) -> A,
    A: Future<Output = Result<S::Response, S::Error>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = A;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> A {
        let next = self.inner.clone();
        (self.function)(request, next)
    }
}

pub fn bounded<R: Send + 'static, S>(
    service: S,
    limit: Duration,
) -> impl Service<R, Response = S::Response, Error = S::Error, Future: Send> + Clone
where
    S: Service<R, Response: Send, Error: From<Elapsed> + Send, Future: Send>,
    S: Clone + Send + 'static,
{
    let waits = service_fn(move |request| service.clone().oneshot(request));
    TimeoutLayer(limit).layer(waits)
}

#[cfg(test)]
#[path = "../../tests/tower.rs"]
mod tests;
