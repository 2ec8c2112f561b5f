//! A listener in memory, and the server's ends of its connections.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use kit::{Lane, Live};
use tokio::{
    io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf},
    sync::mpsc,
};

use crate::{
    accept::Accept,
    tell::{Deed, Net},
};

/// A listener in memory. Dropping it refuses the connections that wait in it. What it gives is drawn on the lane
/// `listener`.
pub struct Listener {
    pub(crate) net: Net,
    pub(crate) backlog: mpsc::UnboundedReceiver<io::Result<Stream>>,
}

impl Accept for Listener {
    type Stream = Stream;

    async fn accept(&mut self) -> io::Result<Stream> {
        let Listener { net, backlog } = self;
        net.world.touch(|| "accept".into());
        match backlog.recv().await {
            Some(Ok(mut stream)) => {
                let what = || format!("accepts {}", stream.lane.name());
                net.tells(&net.lane, Deed::Accepts(stream.client), what);
                stream.is_accepted = true;
                Ok(stream)
            }
            Some(Err(error)) => {
                let what = || format!("fails: {error}");
                net.tells(&net.lane, Deed::FailsToAccept, what);
                Err(error)
            }
            None => std::future::pending().await,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let what = || "stops listening".to_owned();
        self.net.tells(&self.net.lane, Deed::StopsListening, what);
    }
}

/// The server's end of a connection in memory. Dropping it closes it, which its client's lane shows.
pub struct Stream {
    pub(crate) net: Net,
    pub(crate) client: usize,
    pub(crate) lane: Lane,
    pub(crate) is_accepted: bool,
    pub(crate) bytes: DuplexStream,
    pub(crate) _open: Live,
}

impl Drop for Stream {
    fn drop(&mut self) {
        let (deed, what) = if self.is_accepted {
            (Deed::Closes(self.client), "is closed")
        } else {
            (Deed::Refuses(self.client), "is refused")
        };
        self.net.tells(&self.lane, deed, || what.to_owned());
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.bytes).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.bytes).poll_write(cx, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.bytes).poll_flush(cx)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.bytes).poll_shutdown(cx)
    }
}
