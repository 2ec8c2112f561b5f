//! The contract of `exercises/http.rs`, one step per rule.
//!
//! Run one step alone with `cargo test --test http step_1`.

#[path = "http/act.rs"]
mod act;
#[path = "http/expose.rs"]
mod expose;
#[path = "http/scene.rs"]
mod scene;
#[path = "http/teller.rs"]
mod teller;

use std::io;

use fakes_net::{ADMIN, Ask, DbError, INTERNAL, Limits, READER, Reply, Wrong};
use kit::{check, expect, ms, require, scenes};
use serde_json::json;

use act::act;
use expose::{is_exposed, is_right};
use scene::{LIMITS, service, start};

mod step_1_serves_users {
    use super::*;

    #[test]
    fn users_are_created_listed_shown_and_deleted() {
        check("http.1", async |world| {
            let service = service(&world, LIMITS);

            let created = Ask::post("/users", r#"{"name":"eve"}"#).key(ADMIN);
            let created = service.ask(created).await;
            let listed = service.ask(Ask::get("/users").key(ADMIN)).await;
            let shown = service.ask(Ask::get("/users/3").key(ADMIN)).await;
            let again = service.ask(Ask::get("/users/3").key(ADMIN)).await;
            let asked = service.database.statements();
            let deleted = service.ask(Ask::delete("/users/3").key(ADMIN)).await;
            let gone = service.ask(Ask::get("/users/3").key(ADMIN)).await;

            let eve = json!({"id": 3, "name": "eve"});
            expect(created.status, 201, "a user is created");
            let rule = "an answer to POST says where the user is";
            expect(created.header("location"), Some("/users/3"), rule);
            let all =
                json!([{"id": 1, "name": "ada"}, {"id": 2, "name": "bob"}, eve]);
            expect(listed.json(), all, "all users are listed");
            expect(shown.json(), eve.clone(), "a user is shown");
            expect(again.json(), eve, "a user from the cache is shown as before");
            expect(asked, 3, "the second GET of a user asks the database nothing");
            expect(deleted.brief(), "204", "a user is deleted");
            expect(gone.status, 404, "a deleted user is shown by no GET");
        });
    }

    #[test]
    fn every_error_has_one_form_and_tells_nothing_else() {
        check("http.1", async |world| {
            let service = service(&world, LIMITS);
            let named = |body: &str| Ask::post("/users", body.to_owned());
            let failed = [DbError::unavailable(), DbError::failed()];
            for error in failed {
                service.database.next(Reply::Fails(0, error));
            }

            for (ask, expected) in [
                (Ask::get("/users"), r#"503 {"error":"Service Unavailable"}"#),
                (Ask::get("/users"), r#"500 {"error":"Internal Server Error"}"#),
                (Ask::get("/nothing"), r#"404 {"error":"Not Found"}"#),
                (Ask::get("/users/9"), r#"404 {"error":"Not Found"}"#),
                (Ask::get("/users/ada"), r#"400 {"error":"Bad Request"}"#),
                (named("{"), r#"400 {"error":"Bad Request"}"#),
                (named("{}"), r#"422 {"error":"Unprocessable Entity"}"#),
                (named(r#"{"name":"ada"}"#), r#"409 {"error":"Conflict"}"#),
                (
                    named("{}").content_type(None),
                    r#"415 {"error":"Unsupported Media Type"}"#,
                ),
                (Ask::delete("/users"), r#"405 {"error":"Method Not Allowed"}"#),
            ] {
                let answer = service.ask(ask.key(ADMIN)).await;

                let rule = "an error is JSON with the reason of its status";
                expect(answer.brief(), expected, rule);
                let leaks = answer.text().contains(INTERNAL);
                require(!leaks, "no error tells what is inside");
            }
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("http.1", async |stage, scene| act(stage, scene).await);
    }
}

mod step_2_asks_who_you_are {
    use super::*;

    #[test]
    fn a_route_of_users_asks_for_a_key_before_anything_else() {
        check("http.2", async |world| {
            let service = service(&world, LIMITS);
            let body = Ask::post("/users", "").chunks(&world, &[(0, "{"), (0, "}")]);

            let unknown = service.ask(body.clone()).await;
            let wrong = service.ask(body.clone().key("admin-77e0b3")).await;
            let reader = service.ask(body.key(READER)).await;
            let looks = service.ask(Ask::get("/users").key(READER)).await;

            let rule = "without a known key it is 401";
            expect([unknown.status, wrong.status], [401, 401], rule);
            let rule = "a 401 says how to show a key";
            expect(unknown.header("www-authenticate"), Some("Bearer"), rule);
            expect(reader.status, 403, "a reader who changes is told 403");
            expect(looks.status, 200, "a reader may look");
            let rule = "the key is asked for before the body is read";
            expect(world.lane("body").count(), 0, rule);
            let hasty = service.keys.were_compared_hastily();
            require(!hasty, "keys are compared in constant time");
        });
    }

    #[test]
    fn other_paths_ask_for_no_key() {
        check("http.2", async |world| {
            let service = service(&world, LIMITS);

            let mut statuses = vec![];
            for path in ["/live", "/ready", "/nothing"] {
                statuses.push(service.ask(Ask::get(path)).await.status);
            }

            expect(statuses, vec![200, 200, 404], "other paths ask for no key");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("http.2", async |stage, scene| act(stage, scene).await);
    }
}

mod step_3_logs_every_request_once {
    use super::*;

    #[test]
    fn with_its_template_its_status_and_its_time() {
        check("http.3", async |world| {
            let service = service(&world, LIMITS);
            service.database.next(Reply::Takes(250));

            service.ask(Ask::get("/users/1?key=secret").key(READER)).await;
            service.ask(Ask::get("/users/1")).await;
            service.ask(Ask::get("/secret")).await;

            let lines = [
                "GET /users/{id} 200 250 ms",
                "GET /users/{id} 401 0 ms",
                "GET - 404 0 ms",
            ];
            expect(
                service.log.lines(),
                lines.map(String::from).to_vec(),
                "every request is logged once",
            );
        });
    }

    #[test]
    fn also_when_its_client_has_left() {
        check("http.3", async |world| {
            let service = service(&world, LIMITS);
            service.database.takes(250);

            let leaves = service.asks(Ask::get("/users/1").key(READER));
            world.at(100).await;
            leaves.abort();
            world.settle().await;

            let rule = "a request whose client has left is logged then";
            let line = "GET /users/{id} cancelled 100 ms";
            expect(service.log.lines(), vec![line.to_owned()], rule);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("http.3", async |stage, scene| act(stage, scene).await);
    }
}

mod step_4_lets_nothing_go_too_far {
    use super::*;

    #[test]
    fn time_bodies_and_panics_have_their_limits() {
        check("http.4", async |world| {
            world.expect_panics(1);
            let service = service(&world, LIMITS);
            let name = |n: usize| format!(r#"{{"name":"{}"}}"#, "x".repeat(n));
            for reply in [Reply::Takes(299), Reply::Takes(301), Reply::Panics(13)] {
                service.database.next(reply);
            }

            service.ask(Ask::get("/users/1").key(READER)).await;
            service.ask(Ask::delete("/users/1").key(ADMIN)).await;
            service.ask(Ask::get("/users").key(READER)).await;
            let fits = service.ask(Ask::post("/users", name(989)).key(ADMIN)).await;
            let large = service.ask(Ask::post("/users", name(990)).key(ADMIN)).await;

            let lines = [
                "GET /users/{id} 200 299 ms",
                "DELETE /users/{id} 504 300 ms",
                "GET /users 500 13 ms",
            ];
            let mut logged = service.log.lines();
            logged.truncate(3);
            expect(
                logged,
                lines.map(String::from).to_vec(),
                "limits hold, and are logged",
            );
            let rule = "a body may have as many bytes as the limit says";
            expect([fits.status, large.status], [201, 413], rule);
        });
    }

    #[test]
    fn a_delete_whose_client_leaves_is_done_to_its_end() {
        check("http.4", async |world| {
            let service = service(&world, LIMITS);
            service.ask(Ask::get("/users/1").key(READER)).await;
            service.database.next(Reply::Takes(50));

            let leaves = service.asks(Ask::delete("/users/1").key(ADMIN));
            world.at(10).await;
            leaves.abort();
            world.at(51).await;
            let shown = service.ask(Ask::get("/users/1").key(READER)).await;

            expect(shown.status, 404, "a user who was deleted is not shown");
        });
    }

    #[test]
    fn a_get_that_was_overtaken_leaves_nothing_behind() {
        check("http.4", async |world| {
            let service = service(&world, LIMITS);
            service.database.next(Reply::Takes(100));

            let slow = service.asks(Ask::get("/users/1").key(READER));
            world.at(10).await;
            service.ask(Ask::delete("/users/1").key(ADMIN)).await;
            slow.await.unwrap();
            let shown = service.ask(Ask::get("/users/1").key(READER)).await;

            expect(shown.status, 404, "a user who was deleted is not shown");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("http.4", async |stage, scene| act(stage, scene).await);
    }
}

mod step_5_holds_no_connection_for_ever {
    use super::*;

    #[test]
    fn half_a_head_closes_its_connection_and_no_other() {
        check("http.5", async |world| {
            let service = service(&world, LIMITS);
            let server = start(&world, &service);
            let mut eve = server.clients.connect("eve");
            let mut ada = server.clients.connect("ada").http().await;
            eve.send("GET /live HTTP/1.1\r\nhost: mem").await;

            world.at(4_000).await;
            let answer = ada.ask(&Ask::get("/users").key(READER)).await;
            let (_, eve) = eve.until_closed().await;
            let ada = ada.until_closed().await;

            let rule = "another connection is served meanwhile";
            expect(answer.map(|answer| answer.status), Some(200), rule);
            let rule = "a connection without a whole head is closed in time";
            expect([eve, ada], [5_000, 9_000], rule);
        });
    }

    #[test]
    fn an_accept_that_fails_waits_and_the_others_are_served() {
        check("http.5", async |world| {
            let service = service(&world, LIMITS);
            let server = start(&world, &service);
            let mut ada = server.clients.connect("ada").http().await;
            for _ in 0..3 {
                server.clients.fail_accept(io::Error::from_raw_os_error(24));
            }
            let reset = io::ErrorKind::ConnectionReset;
            server.clients.fail_accept(reset.into());

            world.at(5).await;
            let answer = ada.ask(&Ask::get("/live")).await;
            let mut bob = server.clients.connect("bob").http().await;
            let later = bob.ask(&Ask::get("/live")).await;

            let rule = "connections are served while `accept` fails";
            expect(answer.map(|answer| answer.status), Some(200), rule);
            let rule = "the server accepts again after each error";
            expect(later.map(|answer| answer.status), Some(200), rule);
            let rule = "each further error in a row doubles the wait";
            expect(server.clients.accepts(), vec![0, 0, 10, 30, 70, 70], rule);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("http.5", async |stage, scene| act(stage, scene).await);
    }
}

mod step_6_drains {
    use super::*;

    #[test]
    fn what_runs_is_answered_and_the_rest_closes() {
        check("http.6", async |world| {
            let service = service(&world, LIMITS);
            service.database.takes(250);
            let mut server = start(&world, &service);
            let idle = server.clients.connect("idle").http().await;
            let silent = server.clients.connect("silent");
            let mut ada = server.clients.connect("ada").http().await;
            let asks = kit::spawn(async move {
                ada.ask(&Ask::get("/users").key(READER)).await.map(|a| a.status)
            });

            world.at(100).await;
            server.shut_down();
            world.settle().await;
            let ready = service.ask(Ask::get("/ready")).await.status;
            let refused = server.clients.are_refused();
            let (idle, (_, silent)) =
                tokio::join!(idle.until_closed(), silent.until_closed());
            let answer = asks.await.unwrap();
            world.settle().await;

            expect(ready, 503, "the service is not ready from the signal on");
            require(refused, "no connection is accepted after the signal");
            let rule = "an idle connection closes at the signal";
            expect([idle, silent], [100, 100], rule);
            expect(answer, Some(200), "a request that runs is answered");
            let rule = "`serve` returns with the last connection";
            expect(server.returned(), Some((250, true)), rule);
        });
    }

    #[test]
    fn what_is_left_after_the_limit_is_dropped() {
        check("http.6", async |world| {
            let limits = Limits { handler: ms(60_000), drain: ms(1_000), ..LIMITS };
            let service = service(&world, limits);
            for _ in 0..2 {
                service.database.next(Reply::Hangs);
            }
            let mut server = start(&world, &service);
            let mut ada = server.clients.connect("ada").http().await;
            let mut eve = server.clients.connect("eve");
            eve.send("GET /live HTTP/1.1\r\nhost: mem").await;
            let asks = kit::spawn(async move {
                ada.ask(&Ask::get("/users").key(READER)).await.map(|a| a.status)
            });
            let leaves = service.asks(Ask::delete("/users/1").key(ADMIN));
            world.at(50).await;
            leaves.abort();

            world.at(100).await;
            server.shut_down();
            world.at(1_101).await;
            let answer = asks.await.unwrap();

            expect(answer, None, "what is left is dropped");
            let rule = "`serve` returns when its limit has passed";
            expect(server.returned(), Some((1_100, false)), rule);
            let left = (server.clients.open(), service.database.running());
            expect(left, (0, 0), "nothing is left when `serve` returns");
            let lines = [
                "DELETE /users/{id} cancelled 50 ms",
                "GET /users cancelled 1100 ms",
            ];
            let lines = lines.map(String::from).to_vec();
            expect(service.log.lines(), lines, "what is dropped is logged then");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("http.6", async |stage, scene| act(stage, scene).await);
    }
}

/// The code is given here, and wrong; what is written are the visits that show it.
mod step_7_exposes_a_wrong_service {
    use super::*;

    #[test]
    fn a_right_service_is_right_where_one_clings() {
        check("http.7", async |world| is_right(&world, Wrong::Clings).await);
    }

    #[test]
    fn a_right_service_is_right_where_one_forgets() {
        check("http.7", async |world| is_right(&world, Wrong::Forgets).await);
    }

    #[test]
    fn a_right_service_is_right_where_one_hoards() {
        check("http.7", async |world| is_right(&world, Wrong::Hoards).await);
    }

    #[test]
    fn the_one_that_clings_is_exposed() {
        check("http.7", async |world| is_exposed(&world, Wrong::Clings).await);
    }

    #[test]
    fn the_one_that_forgets_is_exposed() {
        check("http.7", async |world| is_exposed(&world, Wrong::Forgets).await);
    }

    #[test]
    fn the_one_that_hoards_is_exposed() {
        check("http.7", async |world| is_exposed(&world, Wrong::Hoards).await);
    }
}
