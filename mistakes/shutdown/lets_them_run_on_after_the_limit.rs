//! Mistake: drops its wait at the limit, not the work; the log says that the exit
//!   was forced, and the requests go on behind it.
//! Source: <https://github.com/pubky/pubky-nexus/pull/1012>
//! Breaks: shutdown.5
//! Caught by: step_5_leaves_in_time::at_the_limit_it_returns_and_nothing_is_left
//! Hint: The limit has passed. Which line of yours stops the connections?

use std::{convert::Infallible, time::Duration};

use fakes::requests::{Connection, Listener, process};
use tokio::{
    select,
    sync::{mpsc, watch},
    time::sleep,
};

/// How a drain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every connection has closed by itself.
    Drained,
    /// So many connections were still open, and were dropped.
    Aborted(usize),
}

/// Serves the connections of `listener` until `shutdown` gives the signal, then
/// drains them for at most `limit`.
///
/// # Cancel safety
///
/// Dropped, it drains nothing: its connections are dropped with it.
pub async fn serve(
    mut listener: Listener,
    mut shutdown: watch::Receiver<bool>,
    limit: Duration,
) -> Outcome {
    let (stop, stopping) = watch::channel(());
    let (alive, mut gone) = mpsc::channel::<Infallible>(1);
    loop {
        select! {
            biased;
            () = stopped(&mut shutdown) => break,
            connection = listener.accept() => {
                let alive = alive.clone();
                let handling = handle(connection, stopping.clone());
                tokio::spawn(async move {
                    // Why a name: `_` alone would drop it here and now.
                    let _alive = alive;
                    handling.await;
                });
            }
        }
    }
    drop(listener);
    drop(stop);
    // Why: with a sender of our own in hand, `gone` never ends.
    let open = alive.downgrade();
    drop(alive);

    select! {
        biased;
        _ = gone.recv() => Outcome::Drained,
        () = sleep(limit) => Outcome::Aborted(open.strong_count()),
        () = stopped_again(&mut shutdown) => Outcome::Aborted(open.strong_count()),
    }
}

/// Takes the requests of one connection, processes them and responds.
async fn handle(mut connection: Connection, mut stop: watch::Receiver<()>) {
    loop {
        let request = select! {
            biased;
            _ = stop.changed() => break,
            request = connection.next_request() => request,
        };
        let Some(request) = request else { break };
        let response = process(request).await;
        connection.respond(response);
        // Why after each answer: then there is never anything in the buffer to
        // forget, and a pipe full of requests pays with a flush for each.
        connection.flush().await;
    }
}

/// Resolves with the signal.
async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    _ = shutdown.wait_for(|stop| *stop).await;
}

/// Resolves with one more `true` after the signal.
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
