//! Mistake: waits for a `TaskTracker` that is empty but not closed; `serve` hangs after the last
//!   connection has gone, and the supervisor kills the process.
//! Source: <https://docs.rs/tokio-util/latest/tokio_util/task/task_tracker/struct.TaskTracker.html#method.wait>
//! Caught by: step_3_waits_for_everyone::a_drain_ends_with_the_last_connection
//! Hint: When everyone has gone, how does the one who waits know that nobody else will come?

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
            connection = listener.accept() => {
                let handling = handle(connection, stop.clone());
                let cut = now.clone();
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
