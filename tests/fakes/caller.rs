//! A caller of tower services, who writes down what it is told.

use std::{
    fmt::Debug,
    future::{Future, poll_fn},
    task::Poll,
};

use kit::{Lane, World};
use tower_service::Service;

/// Calls services of `&'static str`, and writes on its lane when it is told what.
#[derive(Clone)]
pub struct Caller {
    lane: Lane,
}

impl Caller {
    /// A caller on the lane called `lane`.
    pub fn new(world: &World, lane: &str) -> Self {
        Caller { lane: world.lane(lane) }
    }

    /// It does or learns `what`, now.
    pub fn log(&self, what: impl Into<String>) {
        self.lane.log(what);
    }

    /// Waits until `service` is ready, and marks when it was.
    pub async fn waits_for<S>(&self, service: &mut S)
    where
        S: Service<&'static str, Error: Debug>,
    {
        match poll_fn(|cx| service.poll_ready(cx)).await {
            Ok(()) => self.lane.log("ready"),
            Err(error) => self.lane.log(format!("hears {error:?}")),
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
        self.lane.log(format!("hears {answer:?}"));
        answer
    }

    /// Writes down what one `poll_ready` said, and returns it in the words of `{:?}`.
    pub fn hears(&self, poll: Poll<Result<(), impl Debug>>) -> String {
        let said = format!("{poll:?}");
        self.lane.log(format!("hears {said}"));
        said
    }

    /// Fails with `rule` unless it wrote something at exactly these milliseconds.
    ///
    /// # Panics
    ///
    /// Ends the test, with both rows of times on the timeline.
    #[track_caller]
    pub fn expect_at(&self, at_ms: impl Into<Vec<u64>>, rule: &str) {
        self.lane.expect_at(at_ms, rule);
    }
}
