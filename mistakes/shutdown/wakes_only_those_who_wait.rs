//! Mistake: uses a `Notify` for the signal; it wakes the connections that wait in this instant,
//!   and those that are busy never hear of it.
//! Source: <https://github.com/emmett-framework/granian/issues/903>
//! Caught by: step_2_ends_the_current_request_only::a_connection_closes_when_its_request_has_ended
//! Hint: What does a connection that was busy at the signal learn when it asks a moment later?

use std::{sync::Arc, time::Duration};

use fakes::requests::{Connection, Listener, process};
use tokio::{
    select,
    sync::{Notify, watch},
    task::JoinSet,
    time::sleep,
};

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
    let stop = Arc::new(Notify::new());
    let mut connections = JoinSet::new();
    loop {
        select! {
            biased;
            () = stopped(&mut shutdown) => break,
            Some(_) = connections.join_next() => {}
            connection = listener.accept() => {
                connections.spawn(handle(connection, stop.clone()));
            }
        }
    }
    drop(listener);
    stop.notify_waiters();

    let outcome = select! {
        biased;
        () = drained(&mut connections) => Outcome::Drained,
        () = sleep(limit) => Outcome::Aborted(connections.len()),
        () = stopped_again(&mut shutdown) => Outcome::Aborted(connections.len()),
    };
    connections.shutdown().await;
    outcome
}

async fn handle(mut connection: Connection, stop: Arc<Notify>) {
    loop {
        let request = select! {
            biased;
            () = stop.notified() => break,
            request = connection.next_request() => request,
        };
        let Some(request) = request else { break };
        let response = process(request).await;
        connection.respond(response);
    }
    connection.flush().await;
}

async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    _ = shutdown.wait_for(|stop| *stop).await;
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
