//! The examples of `tests/http.rs` about the end of a server.

use std::{future::poll_fn, pin::pin};

use fakes_net::{Ask, Limits, Reply, network};
use kit::{FIFTY_DAYS_MS, World, expect, ms, require, scenes::counted};
use tokio::sync::oneshot;

use super::super::serve;
use super::scene::{
    LIMITS, NEVER, Server, Service, delete, no_room, service, show, start,
};

const DRAINED: [&str; 2] = [
    "`serve` returns in the instant in which the last of its work has ended",
    "what ends before the limit is a drain that succeeds",
];

const CUT: [&str; 2] = [
    "`serve` returns when the limit of its drain has passed",
    "what does not end before the limit is a drain that fails",
];

/// What became of a client: its answer, and when its connection was closed.
fn told((status, closed_ms): (Option<u16>, u64)) -> String {
    let answer = status.map_or("no answer".to_owned(), |it| it.to_string());
    format!("{answer}, closed at {closed_ms} ms")
}

const NOTHING: &str = "0 connections open, 0 statements running";

/// What is open, and what runs.
fn left(server: &Server, service: &Service) -> String {
    let open = counted(server.clients.open(), "connection");
    let running = counted(service.database.running(), "statement");
    format!("{open} open, {running} running")
}

pub async fn a_delete_without_a_client_is_waited_for(world: &World) {
    let service = service(world, LIMITS);
    service.database.next(Reply::Takes(700));
    let mut server = start(world, &service);
    let leaves = server.asks("ada", delete());
    world.at(50).await;
    leaves.abort();

    server.shut_down(world, 100).await;
    world.at(1_000).await;

    server.expect_returned(700, true, DRAINED);
}

pub async fn a_drain_that_never_has_to_end_ends_with_its_work(world: &World) {
    let limits = Limits { handler: NEVER, drain: NEVER, ..LIMITS };
    let service = service(world, limits);
    service.database.takes(FIFTY_DAYS_MS);
    let mut server = start(world, &service);
    let _ada = server.asks("ada", show());

    server.shut_down(world, 100).await;
    world.at(FIFTY_DAYS_MS + 1).await;

    server.expect_returned(FIFTY_DAYS_MS, true, DRAINED);
}

pub async fn a_pause_of_accept_holds_no_signal_up(world: &World) {
    let service = service(world, LIMITS);
    let mut server = start(world, &service);
    (0..9).for_each(|_| server.clients.fail_accept(no_room()));
    let waits = server.clients.connect("ada");

    server.shut_down(world, 1_500).await;
    let (_, closed) = waits.until_closed().await;

    let rule = "who waits at the door is refused at the signal";
    expect(told((None, closed)), told((None, 1_500)), rule);
    server.expect_returned(1_500, true, DRAINED);
}

/// Nobody else runs between the poll of `serve` that accepts, and the one that hears the signal.
pub async fn a_connection_that_comes_with_the_signal_closes(world: &World) {
    let (clients, listener) = network(world);
    let (signal, told_to) = oneshot::channel::<()>();
    let app = service(world, LIMITS).app;
    let mut serving = pin!(serve(listener, app, async move { _ = told_to.await }));
    let mut signal = Some(signal);

    world.at(100).await;
    let ada = clients.connect("ada");
    let ends = poll_fn(|cx| {
        let ended = serving.as_mut().poll(cx);
        let Some(signal) = signal.take() else { return ended };
        require(ended.is_pending(), "without a signal `serve` goes on");
        world.lane("server").log("is told to shut down");
        drop(signal);
        serving.as_mut().poll(cx)
    });
    let (ended, (_, closed)) = tokio::join!(ends, ada.until_closed());

    let rule = "who comes in the instant of the signal is refused, or closed then";
    expect(told((None, closed)), told((None, 100)), rule);
    let [when, what] = DRAINED;
    require(ended.is_ok(), what);
    world.expect_now(100, when);
}

pub async fn no_time_to_drain_drops_what_runs_at_the_signal(world: &World) {
    let service = service(world, Limits { drain: ms(0), ..LIMITS });
    service.database.takes(250);
    let mut server = start(world, &service);
    let ada = server.asks("ada", show());

    server.shut_down(world, 100).await;

    let rule = "with no time to drain a running request has no answer";
    expect(told(ada.await.unwrap()), told((None, 100)), rule);
    server.expect_returned(100, false, CUT);
}

pub async fn nothing_is_left_when_serve_is_dropped(world: &World) {
    let service = service(world, LIMITS);
    service.database.takes(250);
    let server = start(world, &service);
    let ada = server.asks("ada", show());
    let _bob = server.asks("bob", delete());

    world.at(100).await;
    server.is_dropped(world).await;

    let rule = "when `serve` is dropped its connections are closed";
    expect(told(ada.await.unwrap()), told((None, 100)), rule);
    let rule = "when `serve` is dropped nothing is left";
    expect(left(&server, &service), NOTHING, rule);
    require(server.clients.are_refused(), "the listener is gone with it");
}

pub async fn what_is_left_after_the_limit_is_dropped(world: &World) {
    let limits = Limits { handler: ms(60_000), drain: ms(1_000), ..LIMITS };
    let service = service(world, limits);
    service.database.replies(Reply::Hangs);
    let mut server = start(world, &service);
    let ada = server.asks("ada", show());
    let leaves = server.asks("bob", delete());
    world.at(50).await;
    leaves.abort();

    server.shut_down(world, 100).await;
    world.at(1_101).await;

    let rule = "what is left after the limit is dropped then";
    expect(told(ada.await.unwrap()), told((None, 1_100)), rule);
    server.expect_returned(1_100, false, CUT);
    let rule = "nothing is left when `serve` returns";
    expect(left(&server, &service), NOTHING, rule);
    let lines =
        ["DELETE /users/{id} cancelled 50 ms", "GET /users/{id} cancelled 1100 ms"];
    service.expect_log(lines, "what is dropped is logged then");
}

pub async fn what_runs_is_answered_and_the_rest_closes(world: &World) {
    let service = service(world, LIMITS);
    service.database.takes(250);
    let mut server = start(world, &service);
    let idle = server.clients.connect("idle").http().await;
    let silent = server.clients.connect("silent");
    let ada = server.asks("ada", show());

    server.shut_down(world, 100).await;
    let ready = service.status(Ask::get("/ready")).await;
    let live = service.status(Ask::get("/live")).await;
    let refused = server.clients.are_refused();
    let (idle, (_, silent)) =
        tokio::join!(idle.until_closed(), silent.until_closed());
    let ada = ada.await.unwrap();
    world.settle().await;

    expect(ready, 503, "the service is not ready from the signal on");
    expect(live, 200, "while it drains the service is alive");
    let said = |refused| if refused { "dropped" } else { "still there" };
    expect(said(refused), said(true), "the listener is dropped at the signal");
    let rule = "an idle connection closes at the signal";
    let said = |idle, silent| format!("closed at {idle} ms, and {silent} ms");
    expect(said(idle, silent), said(100, 100), rule);
    let rule = "a request that runs is answered, and its connection closes";
    expect(told(ada), told((Some(200), 250)), rule);
    server.expect_returned(250, true, DRAINED);
}
