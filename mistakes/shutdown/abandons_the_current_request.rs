//! Mistake: races the whole turn, processing included, against the signal; a request is dropped
//!   between its debit and its credit.
//! Source: <https://github.com/neondatabase/neon/pull/4756>
//! Caught by: step_2_ends_the_current_request_only::a_connection_closes_when_its_request_has_ended
//! Hint: Everything inside a branch of `select!` can be dropped at any await. What is inside
//!   yours?

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
        let more = select! {
            biased;
            () = stopped(&mut shutdown) => break,
            more = turn(&mut connection) => more,
        };
        if !more {
            break;
        }
    }
    connection.flush().await;
}

async fn turn(connection: &mut Connection) -> bool {
    let Some(request) = connection.next_request().await else {
        return false;
    };
    let response = process(request).await;
    connection.respond(response);
    true
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
