//! A network in memory: deterministic, without sockets, exact on the paused clock.

use std::io;

use tokio::{
    io::{DuplexStream, duplex},
    sync::mpsc,
};

/// Bytes a connection holds in each direction before its writer waits.
const BUFFER: usize = 64 * 1024;

/// A listener and something that can connect to it. Up to `backlog` connections wait to be
/// accepted.
///
/// # Panics
///
/// If `backlog` is zero.
pub fn memory(backlog: usize) -> (Connector, Listener) {
    let (sender, receiver) = mpsc::channel(backlog);
    (Connector(sender), Listener(receiver))
}

/// Opens connections to its [`Listener`].
#[derive(Clone, Debug)]
pub struct Connector(mpsc::Sender<DuplexStream>);

impl Connector {
    /// Connects; waits while the backlog is full.
    ///
    /// # Errors
    ///
    /// `ConnectionRefused` when the listener is gone.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it resolves, no connection was opened.
    pub async fn connect(&self) -> io::Result<DuplexStream> {
        let (ours, theirs) = duplex(BUFFER);
        let refused = |_| io::Error::from(io::ErrorKind::ConnectionRefused);
        self.0.send(theirs).await.map_err(refused)?;
        Ok(ours)
    }

    /// Whether the listener is gone.
    pub fn is_refused(&self) -> bool {
        self.0.is_closed()
    }
}

/// Accepts connections from its [`Connector`]s. Dropping it refuses those that wait.
#[derive(Debug)]
pub struct Listener(mpsc::Receiver<DuplexStream>);

impl Listener {
    /// The next connection; `None` when no connector is left.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it resolves, no connection is lost.
    pub async fn accept(&mut self) -> Option<DuplexStream> {
        self.0.recv().await
    }
}
