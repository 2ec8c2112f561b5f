//! Mistake: spawns the connections and returns at the signal; nobody waits for them, main
//!   returns, and every request in process dies with the runtime while the log says
//!   "gracefully".
//! Source: <https://github.com/anza-xyz/agave/issues/8086>
//! Breaks: shutdown.3
//! Caught by: step_3_waits_for_everyone::a_drain_ends_with_the_last_connection
//! Whole: a server without a drain lacks most of what each right answer is made of, and the page
//!   begins with it as a tutorial would show it.
//! Hint: Who knows that a connection is still at work when `serve` returns?

use std::time::Duration;

use fakes::requests::{Connection, Listener, process};
use tokio::{select, sync::watch};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Drained,
    Aborted(usize),
}

pub async fn serve(
    mut listener: Listener,
    mut shutdown: watch::Receiver<bool>,
    _limit: Duration,
) -> Outcome {
    loop {
        select! {
            biased;
            () = stopped(&mut shutdown) => break,
            connection = listener.accept() => {
                tokio::spawn(handle(connection, shutdown.clone()));
            }
        }
    }
    Outcome::Drained
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
