//! Mistake: spawns a task that waits for the second signal and forgets it; when none comes it
//!   stays, one for each server that was ever started.
//! Source: <https://github.com/svix/diom/pull/1184>
//! Caught by: step_5_leaves_in_time::nobody_is_cut_who_ends_before_the_limit
//! Hint: The drain is over and there was no second signal. Who is still waiting for one?

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
    connections.close();

    let second = now.clone();
    tokio::spawn(async move {
        stopped_again(&mut shutdown).await;
        second.cancel();
    });
    let outcome = select! {
        biased;
        () = connections.wait() => Outcome::Drained,
        () = sleep(limit) => Outcome::Aborted(connections.len()),
        () = now.cancelled() => Outcome::Aborted(connections.len()),
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
