//! Mistake: treats a lost sender as "no signal yet"; when main panics or returns early, the
//!   server runs on, and nothing can stop it any more but a kill.
//! Source: <https://github.com/constructorfabric/gears-rust/issues/1646>
//! Caught by: step_4_knows_the_signal::a_sender_that_is_gone_is_the_signal
//! Hint: Nobody is left who could give the signal. What should a server do that can never be
//!   told to stop?

use std::time::Duration;

use fakes::requests::{Connection, Listener, process};
use tokio::{select, sync::watch, task::JoinSet, time::sleep};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Drained,
    Aborted(usize),
}

pub async fn serve(
    mut listener: Listener,
    mut shutdown: watch::Receiver<bool>,
    limit: Duration,
) -> Outcome {
    let (stop, stopping) = watch::channel(false);
    let mut connections = JoinSet::new();
    loop {
        select! {
            biased;
            () = stopped(&mut shutdown) => break,
            Some(_) = connections.join_next() => {}
            connection = listener.accept() => {
                connections.spawn(handle(connection, stopping.clone()));
            }
        }
    }
    drop(listener);
    stop.send_replace(true);

    let outcome = select! {
        biased;
        () = drained(&mut connections) => Outcome::Drained,
        () = sleep(limit) => Outcome::Aborted(connections.len()),
        () = stopped_again(&mut shutdown) => Outcome::Aborted(connections.len()),
    };
    connections.shutdown().await;
    outcome
}

async fn handle(mut connection: Connection, mut shutdown: watch::Receiver<bool>) {
    loop {
        let request = select! {
            biased;
            () = stopped(&mut shutdown) => break,
            request = connection.next_request() => request,
        };
        let Some(request) = request else { break };
        let response = process(request).await;
        connection.respond(response);
    }
    connection.flush().await;
}

async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    if shutdown.wait_for(|stop| *stop).await.is_err() {
        std::future::pending().await
    }
}

async fn stopped_again(shutdown: &mut watch::Receiver<bool>) {
    while shutdown.changed().await.is_ok() {
        if *shutdown.borrow() {
            return;
        }
    }
    std::future::pending().await
}

async fn drained(connections: &mut JoinSet<()>) {
    while connections.join_next().await.is_some() {}
}

#[cfg(test)]
#[path = "../../tests/shutdown.rs"]
mod tests;
