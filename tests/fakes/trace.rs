//! The order in which tower services are asked, called and answered.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use kit::Lane;
use tower_service::Service;

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Writes `A?` on its lane when it is asked, `A>` when it is called, `<A` when it is answered.
#[derive(Clone)]
pub struct Trace<S> {
    name: &'static str,
    lane: Lane,
    inner: S,
}

impl<S> Trace<S> {
    /// A service called `name` around `inner`, which writes on `lane`.
    pub fn new(lane: &Lane, name: &'static str, inner: S) -> Self {
        let lane = lane.clone();
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
