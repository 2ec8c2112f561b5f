//! What the scenarios of `tests/tower.rs` have in common.

use std::{pin::Pin, task::Poll};

use fakes::{Backend, Caller, Door};
use kit::{World, expect, scenes::counted};
use tokio_test::task::{self, Spawn};
use tower::{
    Service, ServiceExt, service_fn,
    timeout::error::Elapsed,
    util::{BoxCloneService, BoxService},
};

pub type Reply = Result<&'static str, Failure>;
pub type Inner = Backend<&'static str, Failure>;
pub type Running = Pin<Box<dyn Future<Output = Reply> + Send>>;

#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    Elapsed,
    Unavailable,
    Refused,
}

impl From<Elapsed> for Failure {
    fn from(_: Elapsed) -> Self {
        Failure::Elapsed
    }
}

/// A caller, and a backend that answers `reply` after `takes_ms`.
pub fn scene(world: &World, reply: Reply, takes_ms: u64) -> (Caller, Inner) {
    let caller = Caller::new(world, "caller");
    (caller, Backend::new(world, "backend", reply, takes_ms))
}

/// The same with room for one request at a time.
pub fn one_place(world: &World, takes_ms: u64) -> (Caller, Inner) {
    let (caller, inner) = scene(world, Ok("200"), takes_ms);
    (caller, inner.places(1))
}

/// Fails with `rule` unless the one answer came at this millisecond; and it was `Elapsed`.
#[track_caller]
pub fn must_elapse(caller: &Caller, at_ms: u64, answer: Reply, rule: &str) {
    caller.expect_at([at_ms], rule);
    let elapsed = "a request that ends at its limit ends with `Elapsed`";
    expect(answer, Err(Failure::Elapsed), elapsed);
}

pub type Asked = BoxService<&'static str, (), Failure>;

/// Asks one poll at a time. tower lets a service that was ready fail before it is called.
pub async fn says_what_it_says(
    world: World,
    put_around: fn(Door<Failure>) -> Asked,
) {
    let caller = Caller::new(&world, "caller");
    let inner = Door::new(&world, "backend");
    let mut around = task::spawn(put_around(inner.clone()));
    let ask = |around: &mut Spawn<Asked>| {
        around.enter(|cx, mut service| service.poll_ready(cx))
    };
    let fails = Poll::Ready(Err(Failure::Unavailable));
    let full = caller.hears(ask(&mut around));
    expect(full, "Pending", "a full service lets its caller wait");
    inner.says(fails.clone());
    let then = if around.is_woken() { "is woken" } else { "sleeps on" };
    caller.log(then);
    expect(then, "is woken", "whoever waits is woken when there is news");
    for (says, rule) in [
        (fails.clone(), "a service that fails to get ready tells its caller so"),
        (
            Poll::Ready(Ok(())),
            "a failure is not remembered: the service is asked again",
        ),
        (fails, "to be ready is not remembered: the service is asked again"),
    ] {
        inner.says(says.clone());
        expect(caller.hears(ask(&mut around)), format!("{says:?}"), rule);
    }
    let rule = "the value that has failed is asked again, and not a clone of it";
    expect(counted(inner.values_asked(), "value"), "1 value", rule);
}

pub type Boxed = BoxCloneService<&'static str, &'static str, Failure>;

/// Calls `inner` up to three times, until it answers with a value.
pub fn three_times(inner: Boxed) -> Boxed {
    Boxed::new(service_fn(move |request| {
        let mut inner = inner.clone();
        async move {
            for _ in 0..2 {
                if let Ok(answer) = inner.ready().await?.call(request).await {
                    return Ok(answer);
                }
            }
            inner.ready().await?.call(request).await
        }
    }))
}
