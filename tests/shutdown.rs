//! The contract of `exercises/shutdown.rs`, one step per rule.
//!
//! Run one step alone with `cargo test --test shutdown step_1`.

use super::Outcome::{Aborted, Drained};

#[path = "shutdown/act.rs"]
mod act;
#[path = "shutdown/scene.rs"]
mod scene;
#[path = "shutdown/threads.rs"]
mod threads;

use fakes::requests::Rules;
use kit::scenes::{self, counted};
use kit::{FIFTY_DAYS_MS, check, check_large, expect, ms, race, require};

use act::act;
use scene::{
    CROWD, LIMIT, NEVER, all_hang_up_with_the_signal, all_return, crowd_of,
    cut_a_crowd, drain_one, drop_the_server_at, returns, signal_all, start,
    start_crowd, start_late, two_panic,
};

/// A listener that is kept lets clients connect to a server that will never answer them.
mod step_1_stops_accepting_at_the_signal {
    use super::*;

    #[test]
    fn until_the_signal_everyone_is_served() {
        check("shutdown.1", async |world| {
            let (_signal, clients, _server) = start(&world, LIMIT);

            let ada = clients.ask("ada", 100);
            ada.ask(100);
            let mut eve = clients.connect("eve");
            eve.ask_many(2, 40);
            world.at(50).await;
            eve.hang_up();
            world.at(150).await;
            let bob = clients.ask("bob", 10);
            world.at(300).await;

            let rule = "until the signal the server listens, whoever hangs up";
            require(!clients.is_refused(), rule);
            let rule =
                "each request of a connection is processed, one after the other";
            ada.expect_processed_at([100, 200], rule);
            let rule = "until the signal every connection is accepted at once";
            eve.expect_begun_at([0, 40], rule);
            let rule = "what was sent before a client hung up is processed";
            eve.expect_processed_at([40, 80], rule);
            let rule = "whoever hung up is closed with the last answer";
            eve.expect_closed_at(80, rule);
            bob.expect_processed_at([160], "who comes before the signal is served");
        });
    }

    #[test]
    fn who_comes_after_the_signal_is_refused() {
        check("shutdown.1", async |world| {
            let (signal, clients, _server) = start(&world, LIMIT);
            let _ada = clients.ask("ada", 500);

            signal.send(true, 100).await;
            world.at(101).await;
            let bob = clients.connect("bob");

            let rule = "who connects after the signal is refused, not kept waiting";
            require(bob.is_refused(), rule);
        });
    }

    #[test]
    fn who_waits_at_the_door_at_the_signal_is_not_accepted() {
        check("shutdown.1", async |world| {
            for _ in 0..CROWD {
                let (signal, clients, _server) = start(&world, LIMIT);
                let early = clients.connect("early");

                signal.send(true, 0).await;
                world.settle().await;

                let rule = "who waits at the door at the signal is refused";
                require(early.is_refused(), rule);
            }
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("shutdown.1", async |stage, scene| act(stage, scene).await);
    }
}

/// A server that waits until nobody asks any more waits for ever.
mod step_2_ends_the_current_request_only {
    use super::*;

    #[test]
    fn a_connection_closes_when_its_request_has_ended() {
        check("shutdown.2", async |world| {
            let (signal, clients, _server) = start(&world, LIMIT);
            let ada = clients.ask("ada", 500);
            let bob = clients.connect("bob");

            signal.send(true, 100).await;
            world.at(600).await;

            ada.expect_processed_at([500], "the current request is processed");
            let rule = "a connection closes when its current request has ended";
            ada.expect_closed_at(500, rule);
            let rule = "a connection without a current request closes at the signal";
            bob.expect_closed_at(100, rule);
        });
    }

    /// Looked at after two seconds; the next test asks for the instant.
    #[test]
    fn even_a_client_that_never_stops_asking_is_let_go() {
        check("shutdown.2", async |world| {
            let (signal, clients, _server) = start(&world, LIMIT);
            let ada = clients.connect("ada");
            ada.ask_many(1_000, 10);

            signal.send(true, 5).await;
            world.at(2_000).await;

            let rule = "who keeps asking is let go with its current request";
            let open = counted(clients.open(), "open connection");
            expect(open, "0 open connections", rule);
        });
    }

    #[test]
    fn no_request_that_comes_with_the_signal_begins() {
        check("shutdown.2", async |world| {
            let (signal, clients, _server) = start(&world, LIMIT);
            let crowd = crowd_of(&clients);

            signal.send(true, 100).await;
            for client in &crowd {
                client.ask(10);
            }
            world.at(600).await;

            for client in &crowd {
                let rule = "a request that is sent after the signal never begins";
                client.expect_begun_at([], rule);
                let rule = "an idle connection closes at the signal, whoever asks";
                client.expect_closed_at(100, rule);
            }
        });
    }

    #[test]
    fn no_request_that_waits_in_the_pipe_begins() {
        check("shutdown.2", async |world| {
            let (signal, clients, _server) = start(&world, LIMIT);
            let crowd = crowd_of(&clients);
            for client in &crowd {
                client.ask_many(40, 10);
            }

            signal.send(true, 5).await;
            world.at(600).await;

            let rule = "the request that runs at the signal is the last to begin";
            for client in &crowd {
                client.expect_begun_at([0], rule);
                client.expect_processed_at([10], "the current one is processed");
            }
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("shutdown.2", async |stage, scene| act(stage, scene).await);
    }
}

mod step_3_waits_for_everyone {
    use super::*;

    #[test]
    fn a_drain_ends_with_the_last_connection() {
        check("shutdown.3", async |world| {
            let (signal, clients, server) = start(&world, LIMIT);
            let _ada = clients.ask("ada", 500);
            let _bob = clients.ask("bob", 300);

            signal.send(true, 100).await;

            let rule = "`serve` returns when the last connection has closed";
            returns(&server, 500, Drained, rule).await;
        });
    }

    #[test]
    fn a_drain_of_nobody_ends_at_the_signal() {
        check("shutdown.3", async |world| {
            let (signal, _clients, server) = start(&world, LIMIT);
            signal.send(true, 100).await;

            let rule = "with nobody to wait for `serve` returns at the signal";
            returns(&server, 100, Drained, rule).await;
        });
    }

    #[test]
    fn a_panic_closes_its_own_connection_and_no_other() {
        check("shutdown.3", async |world| {
            let (dan, ada, server) = two_panic(&world).await;

            let rule = "a panic closes nothing but its own connection";
            ada.expect_processed_at([350], rule);
            dan.expect_closed_at(200, "a panic closes its own connection");
            let rule = "`serve` returns with the last connection, whoever panicked";
            returns(&server, 350, Drained, rule).await;
        });
    }

    /// The last connection closes while `serve` begins to wait for it.
    #[test]
    #[ignore = "real threads: a check asks for it when everything else is right"]
    fn threads_miss_no_close() {
        let (rule, runtime) = ("`serve` hears of every close", kit::threads());
        race("shutdown.3", rule, 200, move |_| runtime.block_on(threads::round()));
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("shutdown.3", async |stage, scene| act(stage, scene).await);
    }
}

/// Who waits for a change alone misses what was sent before, and a sender that is gone.
mod step_4_knows_the_signal {
    use super::*;

    #[test]
    fn a_sender_that_is_gone_is_the_signal() {
        check("shutdown.4", async |world| {
            let (mut signal, clients, server) = start(&world, LIMIT);
            let ada = clients.ask("ada", 500);
            let bob = clients.connect("bob");

            signal.drop_sender(100).await;
            world.at(501).await;

            bob.expect_closed_at(100, "a sender that is gone is the signal");
            let rule = "a sender that is gone cuts no request short";
            ada.expect_processed_at([500], rule);
            let rule = "at a lost sender `serve` returns with the last connection";
            returns(&server, 500, Drained, rule).await;
        });
    }

    #[test]
    fn a_true_that_was_sent_before_is_the_signal() {
        check("shutdown.4", async |world| {
            let (_signal, _clients, server) = start_late(&world, 100).await;

            let rule =
                "a signal that was sent before `serve` was called is heard at once";
            returns(&server, 100, Drained, rule).await;
        });
    }

    #[test]
    fn no_false_is_the_signal() {
        check("shutdown.4", async |world| {
            let (signal, clients, server) = start(&world, LIMIT);
            let ada = clients.connect("ada");

            signal.send(false, 30).await;
            signal.send(true, 50).await;
            signal.send(false, 50).await;
            world.at(60).await;
            ada.ask(10);
            world.at(80).await;

            let rule = "after a `false` requests are processed as before";
            ada.expect_processed_at([70], rule);
            let rule = "after a `false` the listener is there as before";
            require(!clients.is_refused(), rule);
            signal.send(true, 100).await;
            let rule = "the first `true` that is not replaced unseen is the signal";
            returns(&server, 100, Drained, rule).await;
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("shutdown.4", async |stage, scene| act(stage, scene).await);
    }
}

/// A limit that each connection counts for itself adds up.
mod step_5_leaves_in_time {
    use super::*;

    #[test]
    fn a_limit_of_zero_waits_for_nobody() {
        check("shutdown.5", async |world| {
            let (signal, clients, busy) = start(&world, ms(0));
            let _ada = clients.ask("ada", 500);
            signal.send(true, 100).await;

            let rule = "with a limit of zero who is busy is dropped at the signal";
            returns(&busy, 100, Aborted(1), rule).await;

            let alone = start_crowd(&world, ms(0));
            signal_all(&alone, 200).await;
            let rules = Rules {
                when: "where nobody is connected `serve` returns at the signal",
                what: "where nobody is open at the limit `serve` returns `Drained`",
            };
            all_return(&alone, 200, [Drained], rules).await;
            all_hang_up_with_the_signal(&world).await;
        });
    }

    #[test]
    fn at_the_limit_it_returns_and_nothing_is_left() {
        check_large("shutdown.5", async |world| {
            let (_signal, ada, server) = drain_one(&world, 60_000, LIMIT).await;

            let rule = "at the limit of 30 s `serve` returns, whoever is open";
            returns(&server, 30_100, Aborted(1), rule).await;
            world.at(150_000).await;
            ada.expect_processed_at([], "what is cut at the limit does not go on");
            server.expect_nothing_left("at its return nothing is left");
            let rule = "of a crowd nothing is left at the return, either";
            expect(cut_a_crowd(&world).await, "0 open connections", rule);
        });
    }

    #[test]
    fn nobody_is_cut_when_the_limit_never_comes() {
        check("shutdown.5", async |world| {
            let (_signal, _ada, server) =
                drain_one(&world, FIFTY_DAYS_MS, NEVER).await;

            let rule = "`Duration::MAX` is a limit that never comes";
            returns(&server, FIFTY_DAYS_MS, Drained, rule).await;
        });
    }

    #[test]
    fn nobody_is_cut_who_ends_before_the_limit() {
        check("shutdown.5", async |world| {
            let (_signal, _ada, server) = drain_one(&world, 30_099, LIMIT).await;

            let rule = "who ends before the limit is waited for";
            returns(&server, 30_099, Drained, rule).await;
            world.settle().await;
            let alive = counted(world.alive_tasks(), "task");
            expect(alive, "0 tasks", "no task outlives `serve`");
        });
    }

    #[test]
    fn nobody_is_left_when_the_server_is_dropped() {
        check("shutdown.5", async |world| {
            let ada = drop_the_server_at(&world, 100).await;

            let rule = "a server that is dropped leaves no connection behind";
            ada.expect_closed_at(100, rule);
        });
    }

    #[test]
    fn nobody_who_has_closed_by_the_limit_is_counted() {
        check("shutdown.5", async |world| {
            let crowd = start_crowd(&world, ms(300));
            let _clients = crowd.each_ref().map(|(_, c, _)| c.ask("client", 400));

            signal_all(&crowd, 100).await;

            let rules = Rules {
                when: "at the limit `serve` returns",
                what: "where nobody is open at the limit `serve` returns `Drained`",
            };
            all_return(&crowd, 400, [Drained, Aborted(1)], rules).await;
        });
    }

    #[test]
    fn one_limit_from_the_signal_on_is_for_all() {
        check("shutdown.5", async |world| {
            let (signal, clients, server) = start(&world, ms(300));
            let takes_ms = [50, 150, 250, 350, 450, 550];
            let crowd = takes_ms.map(|takes_ms| clients.ask("crowd", takes_ms));

            signal.send(true, 100).await;

            let rule = "the limit counts from the signal, for all together";
            returns(&server, 400, Aborted(2), rule).await;
            world.at(600).await;
            server.expect_nothing_left("at its return nothing is left");
            crowd[3].expect_processed_at([350], "who is in time is not cut");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("shutdown.5", async |stage, scene| act(stage, scene).await);
    }
}

mod step_6_flushes_before_it_closes {
    use super::*;

    #[test]
    fn all_answers_are_flushed_before_the_close() {
        check("shutdown.6", async |world| {
            let (signal, clients, server) = start(&world, LIMIT);
            let ada = clients.connect("ada");
            ada.ask_many(3, 100);

            signal.send(true, 150).await;

            let rule = "a connection closes when its current request has ended";
            returns(&server, 200, Drained, rule).await;
            let lost = counted(ada.lost(), "lost answer");
            expect(lost, "0 lost answers", "no answer is lost in the buffer");
        });
    }

    #[test]
    fn an_answer_that_is_on_its_way_arrives() {
        check("shutdown.6", async |world| {
            let (signal, clients, server) = start(&world, LIMIT);
            let ada = clients.ask("ada", 80);
            ada.read_slowly(50);

            signal.send(true, 100).await;
            world.at(131).await;

            let rule =
                "an answer that is on its way at the signal arrives in its time";
            ada.expect_answered_at([130], rule);
            let rule = "when its answers have arrived a connection closes";
            returns(&server, 130, Drained, rule).await;
        });
    }

    #[test]
    fn who_does_not_read_is_waited_for_to_the_limit() {
        check("shutdown.6", async |world| {
            let (signal, clients, server) = start(&world, ms(300));
            let ada = clients.ask("ada", 50);
            ada.stop_reading();
            let bob = clients.ask("bob", 250);

            signal.send(true, 100).await;

            let rule = "who does not read is waited for to the limit, no longer";
            returns(&server, 400, Aborted(1), rule).await;
            bob.expect_answered_at([250], "who reads is answered, whoever does not");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("shutdown.6", async |stage, scene| act(stage, scene).await);
    }
}

mod step_7_hears_a_second_signal {
    use super::*;

    #[test]
    fn a_second_true_ends_the_drain() {
        check("shutdown.7", async |world| {
            let (signal, clients, server) = start(&world, LIMIT);
            let _ada = clients.ask("ada", 500);
            let bob = clients.ask("bob", 200);
            bob.stop_reading();

            signal.send(true, 100).await;
            signal.send(true, 300).await;

            let rule = "one more `true` ends the drain in that instant";
            returns(&server, 300, Aborted(2), rule).await;
            world.at(600).await;
            server.expect_nothing_left("at its return nothing is left");
        });
    }

    #[test]
    fn no_false_ends_the_drain() {
        check("shutdown.7", async |world| {
            let (signal, _ada, server) = drain_one(&world, 500, LIMIT).await;

            signal.send(false, 200).await;

            let rule = "a `false` while it drains changes nothing";
            returns(&server, 500, Drained, rule).await;
        });
    }

    #[test]
    fn no_sender_that_is_gone_ends_the_drain() {
        check("shutdown.7", async |world| {
            let (mut signal, _ada, server) = drain_one(&world, 500, LIMIT).await;

            signal.drop_sender(200).await;

            let rule = "a sender that is gone while it drains changes nothing";
            returns(&server, 500, Drained, rule).await;
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("shutdown.7", async |stage, scene| act(stage, scene).await);
    }
}
