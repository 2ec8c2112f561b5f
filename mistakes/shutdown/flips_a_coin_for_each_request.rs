//! Mistake: after each request a fair `select!` chooses between the signal and the next request
//!   in the pipe; how many are begun after the signal is a matter of luck.
//! Source: <https://docs.rs/tokio/latest/tokio/macro.select.html#fairness>
//! Caught by: step_2_ends_the_current_request_only::no_request_that_waits_in_the_pipe_begins
//! Hint: When a request has ended after the signal, both branches are ready. Which one wins?

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
