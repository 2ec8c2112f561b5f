//! Database, keys, log, request: a test each.

use axum::{
    Router,
    body::to_bytes,
    http::{Method, StatusCode},
    routing::post,
};
use kit::{check, expect, leave, ms, require};

use crate::{
    ADMIN, Ask, Database, DbError, INTERNAL, Keys, Line, Log, READER, Reply, Role,
};

#[test]
fn a_statement_has_its_effect_at_once_and_its_answer_in_time() {
    check("kit.1", async |world| {
        let database = Database::new(&world).with(&["ada"]);
        database.takes(50);

        leave(&world, 10, database.delete(1)).await;
        require(!database.holds(1), "who leaves takes no write back");
        let eve = database.insert("eve").await.unwrap();
        world.expect_now(60, "an answer takes its time");
        expect(eve.id, 2, "no id is given twice");
        let twice = database.insert("eve").await;
        expect(twice, Err(DbError::Taken), "no name is given twice");
        expect(database.list().await, Ok(vec![eve]), "a table remembers");
        expect(database.statements(), 4, "statements are counted");
        expect(database.running(), 0, "none runs any more");
    });
}

#[test]
fn a_read_tells_how_the_table_was_when_it_began() {
    check("kit.1", async |world| {
        let database = Database::new(&world).with(&["ada"]);
        database.next(Reply::Takes(50));

        let slow = database.clone();
        let slow = kit::spawn(async move { slow.find(1).await });
        world.at(10).await;
        expect(database.delete(1).await, Ok(true), "it was there");

        let found = slow.await.unwrap().unwrap();
        require(found.is_some(), "the read began before");
        expect(database.find(1).await, Ok(None), "it is gone");
    });
}

#[test]
fn replies_come_in_order_and_what_fails_has_no_effect() {
    check("kit.1", async |world| {
        world.expect_panics(1);
        let database = Database::new(&world).with(&["ada"]);
        database.next(Reply::Fails(5, DbError::failed()));
        database.next(Reply::Panics(5));
        database.next(Reply::Hangs);

        let failed = database.delete(1).await.unwrap_err();
        require(failed.to_string().contains(INTERNAL), "its text is for insiders");
        let panics = database.clone();
        let panics = kit::spawn(async move { panics.delete(1).await });
        require(panics.await.is_err(), "the driver panics");
        require(database.holds(1), "what fails has no effect");
        leave(&world, 1_000, database.delete(1)).await;
        require(!database.holds(1), "what hangs has its effect");
    });
}

#[test]
fn keys_tell_how_they_were_compared() {
    check("kit.1", async |world| {
        let keys = Keys::new(&world);
        let role = |given: &str| {
            let is = |secret: &crate::Secret| {
                secret.matches_in_constant_time(given.as_bytes())
            };
            keys.iter().find(|(secret, _)| is(secret)).map(|(_, role)| role)
        };
        let roles = [READER, ADMIN, "", "admin-77e0b3", "admin-77e0b2admin-77e0b2"];
        let expected = [Some(Role::Reader), Some(Role::Admin), None, None, None];
        expect(roles.map(role), expected, "a key is known when it is the same");
        require(!keys.were_compared_hastily(), "that takes the same time");

        let same = keys.iter().filter(|(secret, _)| **secret == *READER).count();
        expect(same, 1, "`==` finds it as well");
        require(keys.were_compared_hastily(), "and is found out");
    });
}

#[test]
fn a_log_prints_its_lines() {
    check("kit.1", async |world| {
        let log = Log::new(&world);
        for status in [Some(StatusCode::OK), None] {
            let (method, route) = (Method::GET, "/live".to_owned());
            log.write(Line { method, route, status, ms: 7 });
        }

        let lines = ["GET /live 200 7 ms", "GET /live cancelled 7 ms"];
        expect(
            log.lines(),
            lines.map(String::from).to_vec(),
            "as they were written",
        );
    });
}

#[test]
fn a_body_comes_in_its_time() {
    check("kit.1", async |world| {
        let count = post(async |body: axum::body::Body| {
            to_bytes(body, usize::MAX).await.unwrap().len().to_string()
        });
        let router = Router::new().route("/", count);
        let ask = Ask::post("/", "").chunks(&world, &[(10, "ab"), (20, "c")]);

        let answer = tokio::time::timeout(ms(1_000), ask.of(&router)).await.unwrap();

        expect(answer.brief(), "200 3", "all bytes have come");
        world.expect_now(30, "each chunk in its time");
        expect(world.lane("body").count(), 2, "and is drawn");
    });
}
