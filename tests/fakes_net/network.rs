//! A network in memory, and who connects to it.

use std::{io, sync::Arc};

use kit::{Gauge, Lane, World};
use tokio::{io::duplex, sync::mpsc};

use crate::{Client, Listener, Stream};

/// Bytes a connection holds in each direction before its writer waits.
const BUFFER: usize = 64 * 1024;

/// The two sides of one network: who connects, and who accepts.
pub fn network(world: &World) -> (Clients, Listener) {
    let (backlog, waiting) = mpsc::unbounded_channel();
    let lane = world.lane("listener");
    let listener =
        Listener { world: world.clone(), lane: lane.clone(), backlog: waiting };
    let inner = Inner { world: world.clone(), lane, backlog, open: world.gauge() };
    (Clients(Arc::new(inner)), listener)
}

/// Opens connections to its [`Listener`]. Its clones are one network.
#[derive(Clone)]
pub struct Clients(Arc<Inner>);

struct Inner {
    world: World,
    lane: Lane,
    backlog: mpsc::UnboundedSender<io::Result<Stream>>,
    open: Gauge,
}

impl Clients {
    /// Connects now, drawn on the lane `name`. The connection waits in the listener until it is accepted, and is
    /// refused when the listener is gone.
    pub fn connect(&self, name: &str) -> Client {
        let lane = self.0.world.lane(name);
        let (bytes, theirs) = duplex(BUFFER);
        let _open = self.0.open.enter();
        let stream =
            Stream { lane: lane.clone(), is_accepted: false, bytes: theirs, _open };
        // The lane shows that a stream is refused.
        _ = self.0.backlog.send(Ok(stream));
        Client { world: self.0.world.clone(), lane, bytes }
    }

    /// The next `accept` behind what waits fails with `error`.
    pub fn fail_accept(&self, error: io::Error) {
        _ = self.0.backlog.send(Err(error));
    }

    /// Whether the listener is gone.
    pub fn are_refused(&self) -> bool {
        self.0.backlog.is_closed()
    }

    /// Connections that the server has not closed, those that wait to be accepted with them.
    pub fn open(&self) -> usize {
        self.0.open.now()
    }

    /// When `accept` gave a connection or failed, in milliseconds.
    pub fn accepts(&self) -> Vec<u64> {
        let marks = self.0.lane.marks().into_iter();
        let accepts = marks.filter(|(_, what)| what != "stops listening");
        accepts.map(|(at_ms, _)| at_ms).collect()
    }
}
