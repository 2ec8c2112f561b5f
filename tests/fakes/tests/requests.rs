//! The fake network of requests: exact in every weather, and honest about what is lost.

use std::sync::{Arc, Mutex};

use kit::{Limits, World, check, expect, explore, ms};
use record::{Kind, Record};

use crate::requests::{
    Connection, Deed, Listener, Rules, Signal, network, network_telling, process,
};

/// What these tests call the rules of a return.
const RETURNS: Rules<'static> = Rules { when: "when", what: "what" };

/// A naive server: one task a connection, and no end.
async fn serve(mut listener: Listener) {
    loop {
        let mut connection = listener.accept().await;
        tokio::spawn(async move { attend(&mut connection).await });
    }
}

async fn attend(connection: &mut Connection) {
    while let Some(request) = connection.next_request().await {
        let response = process(request).await;
        connection.respond(response);
    }
}

fn calm<F>(scenario: F) -> Record
where
    F: AsyncFn(World) + Send + Sync + 'static,
{
    explore(0..1, Limits::default(), scenario)
}

#[test]
fn answers_arrive_when_the_pipe_is_empty() {
    check("kit.requests", async |world| {
        let (clients, listener) = network(&world);
        let _server = clients.run(serve(listener));
        let ada = clients.connect("ada");
        ada.read_slowly(5);
        ada.ask_many(3, 10);

        world.at(100).await;

        ada.expect_begun_at([0, 10, 20], "in order, one after the other");
        ada.expect_processed_at([10, 20, 30], "each takes what it says");
        ada.expect_answered_at([35, 35, 35], "a flush takes what it says");
        expect(clients.open(), 1, "the client has not hung up");
    });
}

#[test]
fn a_network_that_tells_says_what_happens_in_order() {
    check("kit.requests", async |world| {
        let told = Arc::new(Mutex::new(vec![]));
        let list = told.clone();
        let (clients, listener) =
            network_telling(&world, move |deed| list.lock().unwrap().push(deed));
        let server = clients.run(serve(listener));
        drop(clients.ask("ada", 10));
        world.at(20).await;
        server.drop_server();
        world.settle().await;

        let closed = Deed::Closed { client: 0, begun: 1, processed: 1, answered: 1 };
        let due =
            [Deed::Begins(0, 1), Deed::Ends(0, 1), Deed::Answered(0, 1), closed];
        expect(told.lock().unwrap()[1..5].to_vec(), due, "all is told, in order");
    });
}

#[test]
fn who_hangs_up_is_closed() {
    check("kit.requests", async |world| {
        let (clients, listener) = network(&world);
        let _server = clients.run(serve(listener));
        let ada = clients.ask("ada", 10);
        world.at(20).await;

        drop(ada);
        world.settle().await;

        expect(clients.open(), 0, "nobody is left");
    });
}

#[test]
fn a_dropped_listener_refuses_those_in_it_and_later_ones() {
    check("kit.requests", async |world| {
        let (clients, listener) = network(&world);
        let early = clients.connect("early");

        drop(listener);
        let late = clients.connect("late");

        expect(early.is_refused(), true, "it was never accepted");
        expect(late.is_refused(), true, "nobody listens");
        expect(clients.is_refused(), true, "nobody listens");
    });
}

#[test]
fn what_was_not_flushed_is_lost() {
    check("kit.requests", async |world| {
        let (clients, mut listener) = network(&world);
        let ada = clients.ask("ada", 10);
        let mut connection = listener.accept().await;
        let request = connection.next_request().await.unwrap();
        let response = process(request).await;

        connection.respond(response);
        drop(connection);

        expect(ada.lost(), 1, "it was in the buffer");
        ada.expect_answered_at([], "it never arrived");
        ada.expect_closed_at(10, "a dropped connection is closed");
    });
}

#[test]
fn a_cancelled_flush_goes_on_where_it_stopped() {
    check("kit.requests", async |world| {
        let (clients, mut listener) = network(&world);
        let ada = clients.ask("ada", 10);
        ada.read_slowly(50);
        let mut connection = listener.accept().await;
        let request = connection.next_request().await.unwrap();
        connection.respond(process(request).await);

        let cut = tokio::time::timeout(ms(20), connection.next_request()).await;
        connection.flush().await;

        expect(cut.is_err(), true, "the flush took longer");
        ada.expect_answered_at([60], "nothing is sent twice, nothing starts over");
    });
}

#[test]
fn a_client_that_does_not_read_holds_the_flush() {
    check("kit.requests", async |world| {
        let (clients, mut listener) = network(&world);
        let ada = clients.ask("ada", 10);
        ada.stop_reading();
        let mut connection = listener.accept().await;
        let request = connection.next_request().await.unwrap();
        connection.respond(process(request).await);

        let cut = tokio::time::timeout(ms(1_000), connection.flush()).await;

        expect(cut.is_err(), true, "it never ends");
        ada.expect_answered_at([], "nothing arrives");
    });
}

#[test]
fn a_cancelled_accept_loses_nobody() {
    check("kit.requests", async |world| {
        let (clients, mut listener) = network(&world);
        let none = tokio::time::timeout(ms(10), listener.accept()).await;
        expect(none.is_err(), true, "nobody is there");
        _ = world;

        let ada = clients.connect("ada");
        let _connection = listener.accept().await;

        expect(ada.is_refused(), false, "it was accepted");
    });
}

#[test]
fn a_request_that_panics_is_drawn_as_dropped() {
    check("kit.requests", async |world| {
        world.expect_panics(1);
        let (clients, listener) = network(&world);
        let _server = clients.run(serve(listener));
        clients.connect("eve").ask_and_panic(10);

        world.at(20).await;

        let dropped = world.lane("eve").dropped();
        expect(dropped, vec![(10, "request 1".to_owned())], "it did not end");
    });
}

#[test]
fn a_loop_that_never_waits_is_a_spin_in_no_time() {
    let record = calm(async |world| {
        let (clients, mut listener) = network(&world);
        let _server = clients.run(async move {
            loop {
                tokio::select! {
                    biased;
                    _ = listener.accept() => {}
                    () = std::future::ready(()) => {}
                }
            }
        });
        world.at(10).await;
    });

    assert_eq!(record.kind, Some(Kind::Spin));
    assert!(record.message.contains("accept"), "{}", record.message);
}

#[test]
fn a_server_that_spins_without_its_fakes_is_a_spin_as_well() {
    let record = calm(async |world| {
        let (clients, listener) = network(&world);
        let _server = clients.run(async move {
            let _listener = listener;
            loop {
                tokio::task::yield_now().await;
            }
        });
        world.at(10).await;
    });

    assert_eq!(record.kind, Some(Kind::Spin));
    assert!(record.message.contains("the server was woken"), "{}", record.message);
}

#[test]
fn a_todo_in_a_task_is_the_failure_and_a_panic_is_told_with_it() {
    let run = |text: &'static str| {
        calm(async move |world| {
            let (clients, mut listener) = network(&world);
            let _server = clients.run(async move {
                let _connection = listener.accept().await;
                tokio::spawn(async move { panic!("{text}") });
            });
            let ada = clients.ask("ada", 10);
            world.at(20).await;
            ada.expect_processed_at([10], "it is processed");
        })
    };

    let todo = run("not yet implemented: step 1: do it");
    let other = run("index out of bounds");

    assert_eq!(todo.kind, Some(Kind::Todo));
    assert_eq!(todo.message, "step 1: do it");
    assert_eq!(other.kind, Some(Kind::Rule));
    let report = other.report.unwrap();
    assert!(report.contains("a task panicked: index out of"), "{report}");
}

#[test]
fn the_return_of_a_server_is_asserted_to_the_millisecond() {
    let at = |due_ms: u64, value: u32| {
        let record = calm(async move |world| {
            let (clients, _listener) = network(&world);
            let returns = async {
                tokio::time::sleep(ms(50)).await;
                7
            };
            let server = clients.run(returns);
            server.expect_returned(due_ms, [value], RETURNS).await;
            server.expect_nothing_left("nothing is left");
        });
        record.difference.map(|text| format!("{}: {text}", record.message))
    };

    assert_eq!(at(50, 7), None);
    let (late, early) = (at(40, 7).unwrap(), at(60, 7).unwrap());
    assert!(late.contains("when: it returned at 50 ms, 10 ms too late"), "{late}");
    assert!(early.contains("10 ms too early"), "{early}");
    let other = at(50, 8).unwrap();
    assert!(other.contains("what: it returned 7 instead of 8"), "{other}");
}

#[test]
fn a_server_that_does_not_return_fails_a_minute_later() {
    let record = calm(async |world| {
        let (clients, listener) = network(&world);
        let server = clients.run(serve(listener));
        server.expect_returned(50, [()], RETURNS).await;
    });

    let difference = record.difference.unwrap();
    assert_eq!(difference, "a minute after 50 ms it has not returned");
    assert_eq!(record.ended_ms, 60_051);
}

#[test]
fn a_signal_is_stored_when_nobody_listens() {
    check("kit.requests", async |world| {
        let mut signal = Signal::new(&world);

        signal.send(true, 10).await;
        let mut late = signal.receiver();
        signal.drop_sender(20).await;

        expect(*late.borrow_and_update(), true, "the value is stored");
        expect(late.changed().await.is_err(), true, "the sender is gone");
        world.expect_now(20, "each at its time");
    });
}
