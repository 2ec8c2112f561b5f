//! Mistake: gives every connection in turn the whole limit; ten slow clients make ten limits,
//!   and the supervisor kills the process long before.
//! Source: <https://github.com/owainlewis/push/pull/145>
//! Caught by: step_5_leaves_in_time::one_limit_from_the_signal_on_is_for_all
//! Hint: When does the clock of the limit start, and how often?

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

    let outcome = loop {
        select! {
            biased;
            joined = connections.join_next() => {
                if joined.is_none() {
                    break Outcome::Drained;
                }
            }
            () = sleep(limit) => break Outcome::Aborted(connections.len()),
            () = stopped_again(&mut shutdown) => {
                break Outcome::Aborted(connections.len());
            }
        }
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

#[cfg(test)]
#[path = "../../tests/shutdown.rs"]
mod tests;
