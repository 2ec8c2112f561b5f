//! The services that are wrong in one way, and who is told what happens.

use std::sync::{Arc, Mutex};

use axum::Router;
use kit::{World, check, expect, leave, ms};

use crate::{
    ADMIN, Ask, Database, Deed, Keys, Limits, Log, READER, Reply, Statement, Tell,
    Wrong, network_telling, wrong_service,
};

const LIMITS: Limits =
    Limits { body: 100, handler: ms(300), header: ms(300), drain: ms(300) };

fn router(world: &World, wrong: Wrong) -> (Database, Log, Router) {
    let database = Database::new(world).with(&["ada", "bob"]);
    let (keys, log) = (Keys::new(world), Log::new(world));
    let router = wrong_service(wrong, database.clone(), keys, log.clone(), LIMITS);
    (database, log, router)
}

fn get(path: &str) -> Ask {
    Ask::get(path).key(READER)
}

fn delete(path: &str) -> Ask {
    Ask::delete(path).key(ADMIN)
}

/// Whether a user whom a DELETE took away while she was read is shown later.
async fn hoards(world: &World, wrong: Wrong) -> bool {
    let (database, _log, router) = router(world, wrong);
    database.next(Reply::Takes(100));
    let slow = {
        let router = router.clone();
        kit::spawn(async move { get("/users/1").of(&router).await })
    };
    world.settle().await;
    delete("/users/1").of(&router).await;
    slow.await.unwrap();
    get("/users/1").of(&router).await.status == 200
}

/// Whether a request without a key is missing in the log.
async fn forgets(world: &World, wrong: Wrong) -> bool {
    let (_database, log, router) = router(world, wrong);
    let answer = Ask::get("/users").of(&router).await;
    expect(answer.status, 401, "each of them asks for a key");
    log.lines().is_empty()
}

/// Whether a DELETE is dropped with its client.
async fn clings(world: &World, wrong: Wrong) -> bool {
    let (database, _log, router) = router(world, wrong);
    database.next(Reply::Takes(100));
    leave(world, 10, delete("/users/1").of(&router)).await;
    world.settle().await;
    database.running() == 0
}

#[test]
fn each_is_wrong_in_its_own_way_and_in_no_other() {
    check("kit.1", async |world| {
        for wrong in Wrong::ALL {
            let found = [
                (Wrong::Hoards, hoards(&world, wrong).await),
                (Wrong::Forgets, forgets(&world, wrong).await),
                (Wrong::Clings, clings(&world, wrong).await),
            ];
            let found = found.into_iter().filter(|it| it.1).map(|it| it.0);
            expect(found.collect::<Vec<_>>(), vec![wrong], "it is wrong in one way");
        }
    });
}

#[test]
fn in_all_else_they_are_right() {
    check("kit.1", async |world| {
        for wrong in Wrong::ALL {
            let (database, log, router) = router(&world, wrong);
            let create =
                |body: &str| Ask::post("/users", body.to_owned()).key(ADMIN);
            let mut answers = vec![];
            for ask in [
                create(r#"{"name":"eve"}"#),
                create(r#"{"name":"eve"}"#),
                create("{"),
                create("{}"),
                get("/users/3"),
                get("/users/x"),
                get("/users/9"),
                delete("/users/3"),
                delete("/users"),
                get("/users/3"),
                get("/nothing"),
                Ask::get("/live"),
                delete("/users/1").key(READER),
            ] {
                answers.push(ask.of(&router).await.status);
            }
            database.next(Reply::Takes(301));
            answers.push(get("/users").of(&router).await.status);

            let due = vec![
                201, 409, 400, 422, 200, 400, 404, 204, 405, 404, 404, 200, 403, 504,
            ];
            expect(answers, due, "it answers as a right one");
            let last = log.lines().pop();
            expect(
                last.as_deref(),
                Some("GET /users 504 300 ms"),
                "it logs in time",
            );
        }
    });
}

#[test]
fn who_is_told_hears_of_everything_in_its_order() {
    check("kit.1", async |world| {
        let told = Arc::<Mutex<Vec<Deed>>>::default();
        let tell: Tell = {
            let told = told.clone();
            Arc::new(move |deed| told.lock().unwrap().push(deed))
        };
        let database = Database::new(&world).with(&["ada"]).telling(tell.clone());
        let (clients, listener) = network_telling(&world, tell);
        let _ada = clients.connect("ada");
        database.replies(Reply::Takes(50));

        expect(database.delete(1).await, Ok(true), "it is a database");
        leave(&world, 10, database.find(1)).await;
        drop(listener);

        let find = Statement::Find(1);
        let due = vec![
            Deed::Begins(Statement::Delete(1)),
            Deed::Ends(Statement::Delete(1)),
            Deed::Begins(find.clone()),
            Deed::Dropped(find),
            Deed::StopsListening,
            Deed::Refuses(0),
        ];
        expect(told.lock().unwrap().clone(), due, "everything is told");
    });
}
