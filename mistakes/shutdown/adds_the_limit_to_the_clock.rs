//! Mistake: computes the deadline with `+`; a limit that was meant as "none" overflows, and the
//!   server panics in the middle of its drain.
//! Source: <https://github.com/seanmonstar/reqwest/pull/3060>
//! Breaks: shutdown.5
//! Caught by: step_5_leaves_in_time::nobody_is_cut_when_the_limit_never_comes
//! Hint: What time is it a very long time from now?

use std::{convert::Infallible, time::Duration};

use fakes::requests::{Connection, Listener, process};
use tokio::{
    select,
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
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
    // Why channels that carry nothing: only their ends matter. `stop` and `cut`
    // speak by being dropped, and `gone` ends when the last task has dropped its
    // `alive`.
    let (stop, stopping) = watch::channel(());
    let (cut, cutting) = watch::channel(());
    let (alive, mut gone) = mpsc::channel::<Infallible>(1);
    loop {
        select! {
            biased;
            () = stopped(&mut shutdown) => break,
            connection = listener.accept() => {
                let (alive, mut cut) = (alive.clone(), cutting.clone());
                let handling = handle(connection, stopping.clone());
                tokio::spawn(async move {
                    // Why a name: `_` alone would drop it here and now.
                    let _alive = alive;
                    select! {
                        biased;
                        _ = cut.changed() => {}
                        () = handling => {}
                    }
                });
            }
        }
    }
    drop(listener);
    drop(stop);
    // Why: with a sender of our own in hand, `gone` never ends.
    let open = alive.downgrade();
    drop(alive);

    let deadline = Instant::now() + limit;
    let outcome = select! {
        biased;
        _ = gone.recv() => Outcome::Drained,
        () = sleep_until(deadline) => Outcome::Aborted(open.strong_count()),
        () = stopped_again(&mut shutdown) => Outcome::Aborted(open.strong_count()),
    };
    drop(cut);
    _ = gone.recv().await;
    outcome
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
