//! Lazy: hands each request to the inner service, once, and adds nothing.
//! Passes: step 1, step 2

use std::{
    task::{Context, Poll},
    time::Duration,
};

use tower::{Layer, Service, timeout::error::Elapsed};

pub struct TimeoutLayer(pub Duration);

impl<S> Layer<S> for TimeoutLayer {
    type Service = Timeout<S>;

    fn layer(&self, inner: S) -> Timeout<S> {
        Timeout(inner)
    }
}

#[derive(Clone)]
pub struct Timeout<S>(S);

impl<R, S: Service<R>> Service<R> for Timeout<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> S::Future {
        self.0.call(request)
    }
}

pub fn stack<S>(service: S, _: &[&dyn Layer<S, Service = S>]) -> S {
    service
}

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
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> S::Future {
        self.inner.call(request)
    }
}

pub fn bounded<R: Send + 'static, S>(
    service: S,
    _: Duration,
) -> impl Service<R, Response = S::Response, Error = S::Error, Future: Send> + Clone
where
    S: Service<R, Response: Send, Error: From<Elapsed> + Send, Future: Send>,
    S: Clone + Send + 'static,
{
    service
}

#[cfg(test)]
#[path = "../../../tests/tower.rs"]
mod tests;
