//! The examples of `tests/http.rs` about connections.

use std::io::ErrorKind;

use fakes_net::{Ask, Limits, READER, Reply};
use kit::{FIFTY_DAYS_MS, World, expect, scenes::counted};

use super::scene::{LIMITS, NEVER, no_room, service, show, start};

fn closed_at(at_ms: u64) -> String {
    format!("closed at {at_ms} ms")
}

pub async fn a_head_that_is_half_there_closes_its_connection_and_no_other(
    world: &World,
) {
    let service = service(world, LIMITS);
    let server = start(world, &service);
    let mut eve = server.clients.connect("eve");
    let mut ada = server.clients.connect("ada").http().await;
    for at_ms in [0, 3_000, 4_999] {
        world.at(at_ms).await;
        eve.send(if at_ms == 0 { "GET /live HTTP/1.1\r\n" } else { "x: y\r\n" })
            .await;
    }

    let answer = ada.ask(&Ask::get("/users").key(READER)).await;
    let rule = "another connection is served meanwhile";
    expect(answer.map(|answer| answer.status), Some(200), rule);
    world.expect_now(4_999, rule);
    let (_, eve) = eve.until_closed().await;

    let rule = "who sends a head byte by byte is closed in the same time";
    expect(closed_at(eve), closed_at(5_000), rule);
}

pub async fn an_accept_that_fails_waits_and_the_others_are_served(world: &World) {
    let service = service(world, LIMITS);
    let server = start(world, &service);
    let mut ada = server.clients.connect("ada").http().await;
    (0..9).for_each(|_| server.clients.fail_accept(no_room()));
    server.clients.connect("bob");
    server.clients.fail_accept(no_room());
    for kind in [ErrorKind::ConnectionReset, ErrorKind::ConnectionAborted] {
        server.clients.fail_accept(kind.into());
    }

    world.at(5).await;
    let answer = ada.ask(&Ask::get("/live")).await;
    world.at(10_000).await;

    let rule = "connections are served while `accept` fails";
    expect(answer.map(|answer| answer.status), Some(200), rule);
    let rule = "after each error in a row the wait is twice as long, to 1 s";
    let all = [
        [0, 0, 10, 30, 70, 150, 310, 630],
        [1_270, 2_270, 3_270, 3_270, 3_280, 3_280, 0, 0],
    ];
    let accepts = server.clients.accepts();
    for (n, (at_ms, due_ms)) in (1..).zip(accepts.iter().zip(all.concat())) {
        let said = |at_ms| format!("try {n} at {at_ms} ms");
        expect(said(*at_ms), said(due_ms), rule);
    }
    expect(format!("{} tries", accepts.len()), "14 tries", rule);
}

pub async fn an_idle_connection_is_closed_in_time(world: &World) {
    let service = service(world, LIMITS);
    service.database.takes(200);
    let server = start(world, &service);
    let silent = server.clients.connect("silent");
    let answered = server.asks("ada", show());

    let (_, silent) = silent.until_closed().await;
    let rule = "who says nothing is closed 5 s after it was accepted";
    expect(closed_at(silent), closed_at(5_000), rule);
    let (status, closed) = answered.await.unwrap();
    expect(status, Some(200), "who asks in time is answered");
    let rule = "who says no more is closed 5 s after its last answer";
    expect(closed_at(closed), closed_at(5_200), rule);
}

pub async fn nobody_is_closed_when_the_limit_never_comes(world: &World) {
    let service = service(world, Limits { header: NEVER, ..LIMITS });
    let server = start(world, &service);
    let mut ada = server.clients.connect("ada").http().await;

    let first = ada.ask(&Ask::get("/live")).await.map(|it| it.status);
    world.at(FIFTY_DAYS_MS).await;
    let second = ada.ask(&Ask::get("/live")).await.map(|it| it.status);

    let rule = "`Duration::MAX` is a limit that never comes";
    expect([first, second], [Some(200); 2], rule);
}

pub async fn whoever_hangs_up_or_panics_is_alone(world: &World) {
    world.expect_panics(1);
    let service = service(world, LIMITS);
    let server = start(world, &service);
    service.database.next(Reply::Hangs);
    service.database.next(Reply::Panics(13));
    let eve = server.asks("eve", show());
    world.settle().await;
    let mut bob = server.clients.connect("bob").http().await;

    let panics = bob.ask(&Ask::get("/users").key(READER)).await;
    let again = bob.ask(&Ask::get("/users").key(READER)).await;
    world.at(100).await;
    eve.abort();
    world.settle().await;

    let statuses = [panics, again].map(|it| it.map(|answer| answer.status));
    let rule = "after a panic the same connection is served";
    expect(statuses, [Some(500), Some(200)], rule);
    let lines = [
        "GET /users 500 13 ms",
        "GET /users 200 0 ms",
        "GET /users/{id} cancelled 100 ms",
    ];
    service.expect_log(lines, "who hangs up is logged then");
    let open = counted(server.clients.open(), "connection");
    expect(open, "1 connection", "only who hangs up is let go");
}
