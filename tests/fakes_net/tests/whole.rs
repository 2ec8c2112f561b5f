//! The network in memory, with a server of axum's own behind it.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::{Router, http::Method, routing::get};
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use kit::{check, expect, ms, require, spawn};
use tokio::time::sleep;

use crate::{Accept as _, Ask, Listener, network};

async fn serves(mut listener: Listener) {
    let slow = get(async || {
        sleep(ms(50)).await;
        "hi"
    });
    let service = TowerToHyperService::new(Router::new().route("/", slow));
    while let Ok(stream) = listener.accept().await {
        let http = http1::Builder::new();
        let connection =
            http.serve_connection(TokioIo::new(stream), service.clone());
        spawn(async move { _ = connection.await });
    }
}

#[test]
fn requests_and_answers_pass_and_a_connection_is_kept() {
    check("kit.1", async |world| {
        let (clients, listener) = network(&world);
        spawn(serves(listener));
        let mut ada = clients.connect("ada").http().await;

        for n in 1..=2 {
            let answer = ada.ask(&Ask::get("/")).await.unwrap();
            expect(answer.brief(), "200 hi", "an answer comes");
            world.expect_now(50 * n, "in its time");
        }
        expect(clients.open(), 1, "the connection is kept");
        drop(ada);
        world.settle().await;
        expect(clients.open(), 0, "who hangs up is let go");
    });
}

#[test]
fn accept_fails_in_its_turn_and_whoever_waits_then_is_refused() {
    check("kit.1", async |world| {
        let (clients, mut listener) = network(&world);
        let _ada = clients.connect("ada");
        clients.fail_accept(io::Error::other("too many open files"));
        let bob = clients.connect("bob");

        let first = listener.accept().await;
        require(first.is_ok(), "who came first is accepted");
        let failed = listener.accept().await;
        require(failed.is_err(), "then `accept` fails");
        world.at(7).await;
        drop(listener);

        let (sent, at_ms) = bob.until_closed().await;
        expect((sent.as_str(), at_ms), ("", 7), "who waits is refused");
        require(clients.are_refused(), "and so is everybody else");
        expect(clients.accepts(), vec![0, 0], "what `accept` gave is known");
        expect(clients.open(), 1, "one connection is open");
    });
}

#[test]
fn bytes_pass_as_they_are() {
    check("kit.1", async |world| {
        let (clients, listener) = network(&world);
        spawn(serves(listener));
        let mut eve = clients.connect("eve");

        eve.send("GET / HTTP/1.1\r\nhost: memory\r\nconnection: close\r\n").await;
        world.at(1_000).await;
        eve.send("\r\n").await;
        let (answer, at_ms) = eve.until_closed().await;

        require(answer.starts_with("HTTP/1.1 200 OK"), "half a head is completed");
        expect(at_ms, 1_050, "and answered in its time");
    });
}

#[test]
fn a_request_comes_in_two_pieces_and_its_answer_is_told() {
    check("kit.1", async |world| {
        let (clients, listener) = network(&world);
        spawn(serves(listener));
        let told = Arc::<Mutex<Vec<String>>>::default();
        let answers = told.clone();
        let mut ada = clients.connect("ada").talks(move |answer| {
            answers.lock().unwrap().push(answer.brief());
        });

        ada.begins(&Ask::get("/")).await;
        world.at(100).await;
        require(!ada.may_send(), "nothing comes between two pieces");
        ada.finishes().await;
        world.at(200).await;
        ada.sends(&Ask::get("/").method(Method::HEAD)).await;
        world.at(300).await;

        let due = vec!["200 hi".to_owned(), "200".to_owned()];
        expect(told.lock().unwrap().clone(), due, "each answer is told");
        require(ada.may_send(), "then another request may come");
        ada.hangs_up();
        world.settle().await;
        expect(clients.open(), 0, "who hangs up is let go");
    });
}
