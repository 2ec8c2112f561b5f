//! Where a server gets its connections.

use std::io;

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};

/// A source of connections.
pub trait Accept: Send + 'static {
    /// A connection. Dropping it closes it.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Waits for the next connection.
    ///
    /// # Errors
    ///
    /// As `accept(2)` does: of the connection that was next, or of the process, which then has no room for one.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: dropped before it resolves, no connection is lost.
    fn accept(&mut self) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

impl Accept for TcpListener {
    type Stream = TcpStream;

    async fn accept(&mut self) -> io::Result<TcpStream> {
        let (stream, _address) = TcpListener::accept(self).await?;
        Ok(stream)
    }
}
