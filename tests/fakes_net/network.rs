//! A network in memory, and who connects to it.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use kit::{Gauge, World};
use tokio::{io::duplex, sync::mpsc};

use crate::{
    Client, Listener, Stream,
    tell::{Net, Tell},
};

/// Bytes a connection holds in each direction before its writer waits.
const BUFFER: usize = 64 * 1024;

/// The two sides of one network: who connects, and who accepts.
pub fn network(world: &World) -> (Clients, Listener) {
    new(world, None)
}

/// The same with no lanes but those of the clients: `tell` is told what the server does.
pub fn network_telling(world: &World, tell: Tell) -> (Clients, Listener) {
    new(world, Some(tell))
}

fn new(world: &World, tell: Option<Tell>) -> (Clients, Listener) {
    let (backlog, waiting) = mpsc::unbounded_channel();
    let net = Net { world: world.clone(), lane: world.lane("listener"), tell };
    let listener = Listener { net: net.clone(), backlog: waiting };
    let (open, connected) = (world.gauge(), AtomicUsize::new(0));
    let inner = Inner { net, backlog, open, connected };
    (Clients(Arc::new(inner)), listener)
}

/// Opens connections to its [`Listener`]. Its clones are one network.
#[derive(Clone)]
pub struct Clients(Arc<Inner>);

struct Inner {
    net: Net,
    backlog: mpsc::UnboundedSender<io::Result<Stream>>,
    open: Gauge,
    connected: AtomicUsize,
}

impl Clients {
    /// Connects now, drawn on the lane `name`. The connection waits in the listener until it is accepted, and is
    /// refused when the listener is gone.
    pub fn connect(&self, name: &str) -> Client {
        let Inner { net, open, connected, .. } = &*self.0;
        let lane = net.world.lane(name);
        let (bytes, theirs) = duplex(BUFFER);
        let stream = Stream {
            net: net.clone(),
            client: connected.fetch_add(1, SeqCst),
            lane: lane.clone(),
            is_accepted: false,
            bytes: theirs,
            _open: open.enter(),
        };
        // The lane shows that a stream is refused.
        _ = self.0.backlog.send(Ok(stream));
        Client { world: net.world.clone(), lane, bytes }
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
        let marks = self.0.net.lane.marks().into_iter();
        let accepts = marks.filter(|(_, what)| what != "stops listening");
        accepts.map(|(at_ms, _)| at_ms).collect()
    }
}
