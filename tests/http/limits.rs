//! The examples of `tests/http.rs` about what a request may not exceed, and what goes on without it.

use fakes_net::{ADMIN, Ask, Limits, READER, Reply};
use kit::{FIFTY_DAYS_MS, World, expect, ms, scenes::counted};
use serde_json::json;

use super::scene::{LIMITS, NEVER, create, delete, service, show};

pub async fn a_body_has_as_many_bytes_as_it_may(world: &World) {
    let name = |n: usize| format!(r#"{{"name":"{}"}}"#, "x".repeat(n));
    let no_json = "x".repeat(3_000_000);
    let bodies = [name(989), name(990), no_json];
    for (limit, due) in [
        (1_000, [201, 413, 413]),
        (0, [413, 413, 413]),
        (usize::MAX, [201, 201, 400]),
    ] {
        let service = service(world, Limits { body: limit, ..LIMITS });
        for (body, due) in bodies.iter().zip(due) {
            let (status, bytes) = (service.status(create(body)).await, body.len());

            let said = |status| format!("{status} for {bytes} bytes, limit {limit}");
            let rule = "a body may have so many bytes, and no more";
            expect(said(status), said(due), rule);
        }
    }
}

pub async fn a_delete_is_done_to_its_end(world: &World) {
    let service = service(world, LIMITS);
    service.ask(show()).await;
    service.database.next(Reply::Takes(50));
    service.database.next(Reply::Takes(400));

    service.leaves(world, 10, delete()).await;
    let late = service.status(Ask::delete("/users/2").key(ADMIN)).await;
    world.at(1_000).await;

    expect(late, 504, "a DELETE may come too late, as all requests");
    let lane = world.lane("database");
    let rule = "a DELETE that has asked the database waits for its answer";
    expect(lane.dropped(), vec![], rule);
    let rule = "a user who was deleted is not shown, whoever has left";
    expect(service.status(show()).await, 404, rule);
}

pub async fn a_get_that_was_overtaken_leaves_nothing_behind(world: &World) {
    let service = service(world, LIMITS);
    service.database.next(Reply::Takes(100));

    let slow = service.asks(show());
    world.at(10).await;
    service.ask(delete()).await;
    slow.await.unwrap();

    let rule = "a user who was deleted is not shown, whoever read it before";
    expect(service.status(show()).await, 404, rule);
}

pub async fn a_panic_is_told_as_an_error_and_nobody_else_notices(world: &World) {
    world.expect_panics(2);
    let service = service(world, LIMITS);
    service.database.next(Reply::Takes(20));
    service.database.next(Reply::Panics(13));
    service.database.next(Reply::Panics(13));

    let other = service.asks(show());
    world.settle().await;
    // Why in tasks: a router that panics takes nobody else along.
    let panics = service.asks(Ask::get("/users").key(READER)).await;
    let deletes = service.asks(delete()).await;

    let rule = "a panic is 500, and tells nothing else";
    let due = r#"500 {"error":"Internal Server Error"}"#.to_owned();
    expect(panics.ok().map(|answer| answer.brief()), Some(due), rule);
    let rule = "a panic of a DELETE is 500 as well";
    expect(deletes.ok().map(|answer| answer.status), Some(500), rule);
    let other = other.await.unwrap().status;
    expect(other, 200, "who asks meanwhile is answered");
    expect(service.status(show()).await, 200, "who asks later is answered");
    let lines = [
        "GET /users 500 13 ms",
        "GET /users/{id} 200 20 ms",
        "DELETE /users/{id} 500 13 ms",
        "GET /users/{id} 200 0 ms",
    ];
    service.expect_log(lines, "a panic is logged in its time");
}

pub async fn a_request_has_as_much_time_as_it_may(world: &World) {
    let service = service(world, LIMITS);
    let list = Ask::get("/users").key(READER);
    for (ask, takes_ms, due) in
        [(list.clone(), 299, 200), (list, 301, 504), (delete(), 301, 504)]
    {
        service.database.next(Reply::Takes(takes_ms));
        let line = ask.line();
        let status = service.status(ask).await;

        let said = |status| format!("{line} that takes {takes_ms} ms is {status}");
        let rule = "at its limit a request without answer is 504";
        expect(said(status), said(due), rule);
    }
    let lines = [
        "GET /users 200 299 ms",
        "GET /users 504 300 ms",
        "DELETE /users/{id} 504 300 ms",
    ];
    service.expect_log(lines, "the line of a request over its limit says 504");
}

pub async fn a_user_who_was_found_is_in_the_cache(world: &World) {
    let service = service(world, LIMITS);

    service.ask(show()).await;
    let again = service.ask(show()).await;

    let ada = json!({"id": 1, "name": "ada"});
    expect(again.json(), ada, "a user from the cache is shown as before");
    let rule = "the second GET of a user asks the database nothing";
    let asked = counted(service.database.statements(), "statement");
    expect(asked, "1 statement", rule);
}

pub async fn limits_of_zero_and_of_no_end_are_limits(world: &World) {
    let none = service(world, Limits { handler: ms(0), ..LIMITS });
    let first = none.status(show()).await;
    none.database.takes(1);
    let second = none.status(Ask::get("/users").key(READER)).await;
    let said = |status, takes_ms| format!("{status} for what takes {takes_ms} ms");
    let rule = "with no time only what is ready at the first poll is in time";
    expect(said(first, 0), said(200, 0), rule);
    expect(said(second, 1), said(504, 1), rule);
    world.expect_now(0, "a limit of zero is over at once");

    let all = service(world, Limits { handler: NEVER, ..LIMITS });
    all.database.takes(FIFTY_DAYS_MS);
    let rule = "`Duration::MAX` is a limit that never comes";
    expect(all.status(show()).await, 200, rule);
}
