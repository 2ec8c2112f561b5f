//! Mistake: trusts that a tracker that is dropped takes its tasks along; a server that is restarted after a
//!   timeout leaves the connections of the old one at work.
//! Source: <https://github.com/tokio-rs/tokio/pull/7223>
//! Caught by: step_5_leaves_in_time::nobody_is_left_when_the_server_is_dropped
//! Hint: Nobody runs the last lines of a future that is dropped. What of yours ends its connections then?

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
    let connections = TaskTracker::new();
    loop {
        select! {
            biased;
            () = stopped(&mut shutdown) => break,
            connection = listener.accept() => {
                let (handling, cut) = (handle(connection, stop.clone()), now.clone());
                connections.spawn(async move {
                    select! {
                        biased;
                        () = cut.cancelled() => {}
                        () = handling => {}
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
