//! Lazy: is never ready, and never answers.
//! Passes: nothing

use std::{
    future::{Pending, pending},
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

impl<R, S: Service<R, Error: From<Elapsed>>> Service<R> for Timeout<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pending<Result<S::Response, S::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Pending
    }

    fn call(&mut self, _: R) -> Self::Future {
        pending()
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
    S: Service<R, Error: From<Elapsed>> + Clone,
    F: Fn(R, S) -> A,
    A: Future<Output = Result<S::Response, S::Error>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pending<Result<S::Response, S::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Pending
    }

    fn call(&mut self, _: R) -> Self::Future {
        pending()
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
    Timeout(service)
}

#[cfg(test)]
#[path = "../../../tests/tower.rs"]
mod tests;
