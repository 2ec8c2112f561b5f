//! Mistake: sends on a channel of its own and unwraps; with no connection open nobody listens,
//!   `send` fails, and the server panics in the quietest shutdown of all.
//! Source: <https://github.com/tokio-rs/tokio/issues/7228>
//! Caught by: step_1_stops_accepting_at_the_signal::who_waits_at_the_door_at_the_signal_is_not_accepted
//! Hint: Who holds a receiver when there is no connection, and what does `send` say to that?

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
    let (stop, _) = watch::channel(false);
    let mut connections = JoinSet::new();
    loop {
        select! {
            biased;
            () = stopped(&mut shutdown) => break,
            Some(_) = connections.join_next() => {}
            connection = listener.accept() => {
                connections.spawn(handle(connection, stop.subscribe()));
            }
        }
    }
    drop(listener);
    stop.send(true).unwrap();

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
