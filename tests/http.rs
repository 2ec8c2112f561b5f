//! The contract of `exercises/http.rs`, one step per rule.
//!
//! Run one step alone with `cargo test --test http step_1`.

#[path = "http/act.rs"]
mod act;
#[path = "http/connections.rs"]
mod connections;
#[path = "http/drains.rs"]
mod drains;
#[path = "http/expose.rs"]
mod expose;
#[path = "http/limits.rs"]
mod limits;
#[path = "http/scene.rs"]
mod scene;
#[path = "http/teller.rs"]
mod teller;

use axum::http::Method;
use fakes_net::{ADMIN, Ask, DbError, INTERNAL, READER, Reply, Wrong};
use kit::{
    check_large, expect, require,
    scenes::{self, counted},
};
use serde_json::json;

use act::act;
use expose::{is_exposed, is_right};
use scene::{LIMITS, create, service, show};

mod step_1_serves_users {
    use super::*;

    #[test]
    fn users_are_created_listed_shown_and_deleted() {
        check_large("http.1", async |world| {
            let service = service(&world, LIMITS);

            let created = service.ask(create(r#"{"name":"eve"}"#)).await;
            let listed = service.ask(Ask::get("/users").key(ADMIN)).await;
            let shown = service.ask(Ask::get("/users/3").key(ADMIN)).await;
            let deleted = service.ask(Ask::delete("/users/3").key(ADMIN)).await;
            let gone = service.ask(Ask::get("/users/3").key(ADMIN)).await;

            let eve = json!({"id": 3, "name": "eve"});
            expect(created.status, 201, "a user is created");
            let rule = "an answer to POST says where the user is";
            expect(created.header("location"), Some("/users/3"), rule);
            let (ada, bob) =
                (json!({"id": 1, "name": "ada"}), json!({"id": 2, "name": "bob"}));
            expect(listed.json(), json!([ada, bob, eve]), "all users are listed");
            expect(shown.json(), eve, "a user is shown");
            expect(deleted.brief(), "204", "a user is deleted, and no more is said");
            expect(gone.status, 404, "a deleted user is shown by no GET");
        });
    }

    #[test]
    fn every_error_has_one_form_and_tells_nothing_else() {
        check_large("http.1", async |world| {
            let service = service(&world, LIMITS);
            for error in [DbError::unavailable(), DbError::failed()] {
                service.database.next(Reply::Fails(0, error));
            }
            let get = |path: &str| Ask::get(path);
            let large = "/users/18446744073709551615";
            let beyond = "/users/18446744073709551616";

            for (ask, expected) in [
                (get("/users"), r#"503 {"error":"Service Unavailable"}"#),
                (get("/users"), r#"500 {"error":"Internal Server Error"}"#),
                (get("/nothing"), r#"404 {"error":"Not Found"}"#),
                (get("/users/9"), r#"404 {"error":"Not Found"}"#),
                (get(large), r#"404 {"error":"Not Found"}"#),
                (get(beyond), r#"400 {"error":"Bad Request"}"#),
                (get("/users/ada"), r#"400 {"error":"Bad Request"}"#),
                (create("{"), r#"400 {"error":"Bad Request"}"#),
                (create("{}"), r#"422 {"error":"Unprocessable Entity"}"#),
                (create(r#"{"name":"ada"}"#), r#"409 {"error":"Conflict"}"#),
                (
                    create("{}").content_type(None),
                    r#"415 {"error":"Unsupported Media Type"}"#,
                ),
                (Ask::delete("/users"), r#"405 {"error":"Method Not Allowed"}"#),
            ] {
                let line = ask.line();
                let answer = service.ask(ask.key(ADMIN)).await;

                let said = |brief: &str| format!("{line}: {brief}");
                let rule = "an error is JSON with the reason of its status";
                expect(said(&answer.brief()), said(expected), rule);
                let rule = "an error is said to be JSON";
                let content_type = answer.header("content-type");
                expect(content_type, Some("application/json"), rule);
                if let Some(said) = answer.said_length() {
                    let rule = "the length of an answer is that of its body";
                    expect(said, answer.body.len(), rule);
                }
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
    fn a_reader_may_look_and_change_nothing() {
        check_large("http.2", async |world| {
            let service = service(&world, LIMITS);

            let said = |method: &Method, status| format!("{method} is {status}");
            for method in [Method::GET, Method::HEAD] {
                let status = service.status(show().method(method.clone())).await;
                let rule = "a reader may use safe methods";
                expect(said(&method, status), said(&method, 200), rule);
            }
            for method in [Method::POST, Method::DELETE, Method::PUT] {
                let status = service.status(show().method(method.clone())).await;
                let rule = "a reader who wants to change is told 403";
                expect(said(&method, status), said(&method, 403), rule);
            }
            require(service.database.holds(1), "a 403 changes nothing");
        });
    }

    #[test]
    fn a_route_of_users_asks_for_a_key_before_anything_else() {
        check_large("http.2", async |world| {
            let service = service(&world, LIMITS);
            let slow = Ask::post("/users", "").chunks(&world, &[(0, "{"), (0, "}")]);
            let get = |path: &str| Ask::get(path);

            for ask in [
                slow.clone(),
                get("/users"),
                get("/users/x"),
                Ask::delete("/users"),
                get("/users").key("admin-77e0b3"),
                get("/users").key("admin-77e0b22"),
                get("/users").key("admin"),
                get("/users").key(""),
                get("/users").authorization(ADMIN),
                get("/users").authorization(&format!("Basic {ADMIN}")),
            ] {
                let line = ask.line_and_key();
                let answer = service.ask(ask).await;

                let said = |status| format!("{line} is {status}");
                let rule = "without a known key it is 401";
                expect(said(answer.status), said(401), rule);
                let said = |challenge| match challenge {
                    Some(how) => format!("WWW-Authenticate: {how}"),
                    None => "no WWW-Authenticate".to_owned(),
                };
                let challenge = answer.header("www-authenticate");
                let rule = "a 401 says how to show a key";
                expect(said(challenge), said(Some("Bearer")), rule);
            }
            service.ask(slow.key(READER)).await;
            let rule = "the key is asked for before the body is read";
            let read = counted(world.lane("body").count(), "piece");
            expect(read, "0 pieces", rule);
            let rule = "without a known key the database is asked nothing";
            let asked = counted(service.database.statements(), "statement");
            expect(asked, "0 statements", rule);
            let hasty = service.keys.were_compared_hastily();
            require(!hasty, "keys are compared in constant time");
        });
    }

    #[test]
    fn other_paths_ask_for_no_key() {
        check_large("http.2", async |world| {
            let service = service(&world, LIMITS);

            for (path, due) in [
                ("/live", 200),
                ("/ready", 200),
                ("/nothing", 404),
                ("/users/1/name", 404),
            ] {
                let status = service.status(Ask::get(path)).await;

                let said = |status| format!("GET {path} is {status}");
                expect(said(status), said(due), "other paths ask for no key");
            }
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("http.2", async |stage, scene| act(stage, scene).await);
    }
}

/// What stands behind the answer in the code is not reached by whoever leaves.
mod step_3_logs_every_request_once {
    use super::*;

    #[test]
    fn also_those_that_are_turned_away() {
        check_large("http.3", async |world| {
            let service = service(&world, LIMITS);

            for ask in [
                Ask::get("/users"),
                show().method(Method::DELETE),
                Ask::get("/secret"),
                Ask::get("/users/abc").key(READER),
                Ask::delete("/users").key(ADMIN),
                Ask::get("/live"),
            ] {
                service.ask(ask).await;
            }

            let lines = [
                "GET /users 401 0 ms",
                "DELETE /users/{id} 403 0 ms",
                "GET - 404 0 ms",
                "GET /users/{id} 400 0 ms",
                "DELETE /users 405 0 ms",
                "GET /live 200 0 ms",
            ];
            service.expect_log(lines, "every answer is logged once, whatever it is");
        });
    }

    #[test]
    fn also_when_its_client_has_left() {
        check_large("http.3", async |world| {
            let service = service(&world, LIMITS);
            service.database.takes(250);

            service.leaves(&world, 100, show()).await;
            let slow = create("").chunks(&world, &[(70, "{"), (70, "}")]);
            service.leaves(&world, 80, slow).await;

            let lines =
                ["GET /users/{id} cancelled 100 ms", "POST /users cancelled 80 ms"];
            let rule = "a request whose client has left is logged once, and then";
            service.expect_log(lines, rule);
        });
    }

    #[test]
    fn when_its_answer_is_ready_whoever_reads_it() {
        check_large("http.3", async |world| {
            let service = service(&world, LIMITS);

            let answer = show().unread(&service.router).await;
            let lines = ["GET /users/{id} 200 0 ms"];
            let rule = "the line is written when the answer is there, read or not";
            service.expect_log(lines, rule);
            drop(answer);
            service.expect_log(lines, rule);
        });
    }

    #[test]
    fn with_its_template_its_status_and_its_time() {
        check_large("http.3", async |world| {
            let service = service(&world, LIMITS);
            service.database.next(Reply::Takes(250));

            service.ask(Ask::get("/users/1?key=secret").key(READER)).await;
            service.ask(show().method(Method::HEAD)).await;
            service.database.next(Reply::Takes(1));
            service.ask(Ask::delete("/users/2").key(ADMIN)).await;

            let lines = [
                "GET /users/{id} 200 250 ms",
                "HEAD /users/{id} 200 0 ms",
                "DELETE /users/{id} 204 1 ms",
            ];
            service.expect_log(lines, "a line has the template and the time");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("http.3", async |stage, scene| act(stage, scene).await);
    }
}

/// A handler is dropped with its client, between any two of its lines.
mod step_4_lets_nothing_go_too_far {
    use super::*;

    #[test]
    fn a_body_has_as_many_bytes_as_it_may() {
        check_large("http.4", async |world| {
            limits::a_body_has_as_many_bytes_as_it_may(&world).await
        });
    }

    #[test]
    fn a_delete_is_done_to_its_end() {
        check_large("http.4", async |world| {
            limits::a_delete_is_done_to_its_end(&world).await
        });
    }

    #[test]
    fn a_get_that_was_overtaken_leaves_nothing_behind() {
        check_large("http.4", async |world| {
            limits::a_get_that_was_overtaken_leaves_nothing_behind(&world).await
        });
    }

    #[test]
    fn a_panic_is_told_as_an_error_and_nobody_else_notices() {
        check_large("http.4", async |world| {
            limits::a_panic_is_told_as_an_error_and_nobody_else_notices(&world).await
        });
    }

    #[test]
    fn a_request_has_as_much_time_as_it_may() {
        check_large("http.4", async |world| {
            limits::a_request_has_as_much_time_as_it_may(&world).await
        });
    }

    #[test]
    fn a_user_who_was_found_is_in_the_cache() {
        check_large("http.4", async |world| {
            limits::a_user_who_was_found_is_in_the_cache(&world).await
        });
    }

    #[test]
    fn limits_of_zero_and_of_no_end_are_limits() {
        check_large("http.4", async |world| {
            limits::limits_of_zero_and_of_no_end_are_limits(&world).await
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("http.4", async |stage, scene| act(stage, scene).await);
    }
}

/// A client that is slow, or says nothing, costs a connection.
mod step_5_holds_no_connection_for_ever {
    use super::*;

    #[test]
    fn a_head_that_is_half_there_closes_its_connection_and_no_other() {
        check_large("http.5", async |world| {
            connections::a_head_that_is_half_there_closes_its_connection_and_no_other(&world).await
        });
    }

    #[test]
    fn an_accept_that_fails_waits_and_the_others_are_served() {
        check_large("http.5", async |world| {
            connections::an_accept_that_fails_waits_and_the_others_are_served(&world)
                .await
        });
    }

    #[test]
    fn an_idle_connection_is_closed_in_time() {
        check_large("http.5", async |world| {
            connections::an_idle_connection_is_closed_in_time(&world).await
        });
    }

    #[test]
    fn nobody_is_closed_when_the_limit_never_comes() {
        check_large("http.5", async |world| {
            connections::nobody_is_closed_when_the_limit_never_comes(&world).await
        });
    }

    #[test]
    fn whoever_hangs_up_or_panics_is_alone() {
        check_large("http.5", async |world| {
            connections::whoever_hangs_up_or_panics_is_alone(&world).await
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
    fn a_connection_that_comes_with_the_signal_closes() {
        check_large("http.6", async |world| {
            drains::a_connection_that_comes_with_the_signal_closes(&world).await
        });
    }

    #[test]
    fn a_delete_without_a_client_is_waited_for() {
        check_large("http.6", async |world| {
            drains::a_delete_without_a_client_is_waited_for(&world).await
        });
    }

    #[test]
    fn a_drain_that_never_has_to_end_ends_with_its_work() {
        check_large("http.6", async |world| {
            drains::a_drain_that_never_has_to_end_ends_with_its_work(&world).await
        });
    }

    #[test]
    fn a_pause_of_accept_holds_no_signal_up() {
        check_large("http.6", async |world| {
            drains::a_pause_of_accept_holds_no_signal_up(&world).await
        });
    }

    #[test]
    fn no_time_to_drain_drops_what_runs_at_the_signal() {
        check_large("http.6", async |world| {
            drains::no_time_to_drain_drops_what_runs_at_the_signal(&world).await
        });
    }

    #[test]
    fn nothing_is_left_when_serve_is_dropped() {
        check_large("http.6", async |world| {
            drains::nothing_is_left_when_serve_is_dropped(&world).await
        });
    }

    #[test]
    fn what_is_left_after_the_limit_is_dropped() {
        check_large("http.6", async |world| {
            drains::what_is_left_after_the_limit_is_dropped(&world).await
        });
    }

    #[test]
    fn what_runs_is_answered_and_the_rest_closes() {
        check_large("http.6", async |world| {
            drains::what_runs_is_answered_and_the_rest_closes(&world).await
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
        check_large("http.7", async |world| is_right(&world, Wrong::Clings).await);
    }

    #[test]
    fn a_right_service_is_right_where_one_forgets() {
        check_large("http.7", async |world| is_right(&world, Wrong::Forgets).await);
    }

    #[test]
    fn a_right_service_is_right_where_one_hoards() {
        check_large("http.7", async |world| is_right(&world, Wrong::Hoards).await);
    }

    #[test]
    fn the_one_that_clings_is_exposed() {
        check_large("http.7", async |world| is_exposed(&world, Wrong::Clings).await);
    }

    #[test]
    fn the_one_that_forgets_is_exposed() {
        check_large("http.7", async |world| {
            is_exposed(&world, Wrong::Forgets).await
        });
    }

    #[test]
    fn the_one_that_hoards_is_exposed() {
        check_large("http.7", async |world| is_exposed(&world, Wrong::Hoards).await);
    }
}
