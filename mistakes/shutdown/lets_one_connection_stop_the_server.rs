//! Mistake: each connection holds a guard of the one token, to clean up when it ends; the first
//!   connection that ends stops the whole server.
//! Source: <https://github.com/tokio-rs/tokio/pull/5632>
//! Caught by: step_3_waits_for_everyone::a_panic_closes_its_own_connection_and_no_other
//! Hint: Who may give the signal, and who may only hear it?

use std::time::Duration;

use fakes::requests::{Connection, Listener, process};
use tokio::{select, sync::watch, time::sleep};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

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
    let (stop, now) = (CancellationToken::new(), CancellationToken::new());
    let _guard = now.clone().drop_guard();
    let connections = TaskTracker::new();
    loop {
        select! {
            biased;
            () = stopped(&mut shutdown) => break,
            () = stop.cancelled() => break,
            connection = listener.accept() => {
                let (cut, stop) = (now.clone(), stop.clone());
                connections.spawn(async move {
                    let _clean_up = stop.clone().drop_guard();
                    select! {
                        biased;
                        () = cut.cancelled() => {}
                        () = handle(connection, stop) => {}
                    }
                });
            }
        }
    }
    drop(listener);
    stop.cancel();
    connections.close();

    let outcome = select! {
        biased;
        () = connections.wait() => Outcome::Drained,
        () = sleep(limit) => Outcome::Aborted(connections.len()),
        () = stopped_again(&mut shutdown) => Outcome::Aborted(connections.len()),
    };
    now.cancel();
    connections.wait().await;
    outcome
}

async fn handle(mut connection: Connection, stop: CancellationToken) {
    loop {
        let request = select! {
            biased;
            () = stop.cancelled() => break,
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
