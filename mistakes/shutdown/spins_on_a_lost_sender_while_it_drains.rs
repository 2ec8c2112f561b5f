//! Mistake: goes back to waiting when `changed` fails; it fails again at once, and the drain
//!   runs at full speed on one core.
//! Source: <https://github.com/pendulum-project/ntpd-rs/pull/367>
//! Caught by: step_7_hears_a_second_signal::no_sender_that_is_gone_ends_the_drain
//! Hint: How often does the loop turn between two events when the sender is gone?

use std::{pin::pin, time::Duration};

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

    let mut cut = pin!(sleep(limit));
    let outcome = loop {
        select! {
            joined = connections.join_next() => {
                if joined.is_none() {
                    break Outcome::Drained;
                }
            }
            () = &mut cut => break Outcome::Aborted(connections.len()),
            again = shutdown.changed() => {
                if again.is_ok() && *shutdown.borrow() {
                    break Outcome::Aborted(connections.len());
                }
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

#[cfg(test)]
#[path = "../../tests/shutdown.rs"]
mod tests;
