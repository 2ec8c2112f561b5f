//! What the two ends of a network share.

use std::sync::{Arc, Mutex};

use kit::{Gauge, Lane, World};

/// What happens to a client on a network that tells of it, see
/// [`network_telling`](super::network_telling). Clients and their requests are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The listener is dropped.
    StopsListening,
    /// A connection is accepted, or refused.
    Accepted(usize),
    /// See [`Deed::Accepted`].
    Refused(usize),
    /// Processing of a client's request begins.
    Begins(usize, usize),
    /// It ends.
    Ends(usize, usize),
    /// It panics, right after this.
    Panics(usize, usize),
    /// It is dropped before its end.
    Dropped(usize, usize),
    /// So many answers have arrived at a client: all that it has asked for by now.
    Answered(usize, usize),
    /// A connection that was accepted is closed.
    Closed {
        /// Whose connection.
        client: usize,
        /// How many of its requests have begun.
        begun: usize,
        /// How many of them were processed to the end.
        processed: usize,
        /// How many answers have arrived.
        answered: usize,
    },
}

pub(super) type Tell = Arc<dyn Fn(Deed) + Send + Sync>;

/// What both sides share.
#[derive(Clone)]
pub(super) struct Net {
    pub(super) world: World,
    pub(super) server: Lane,
    /// Accepted connections that are not dropped.
    pub(super) open: Gauge,
    /// Requests that are being processed.
    pub(super) working: Gauge,
    /// Who is told what happens, instead of the timeline.
    pub(super) tell: Option<Tell>,
}

impl Net {
    pub(super) fn tell(&self, deed: Deed) {
        if let Some(tell) = &self.tell {
            tell(deed);
        }
    }

    /// Draws it, unless it is told.
    pub(super) fn log(&self, lane: &Lane, what: impl FnOnce() -> String) {
        if self.tell.is_none() {
            lane.log(what());
        }
    }

    /// The same for a destructor.
    pub(super) fn log_in_drop(&self, lane: &Lane, what: impl FnOnce() -> String) {
        if self.tell.is_none() {
            lane.log_in_drop(what());
        }
    }

    pub(super) async fn disturb(&self) {
        if self.world.weather().yields() {
            self.world.squeeze().await;
        }
    }
}

/// One connection, as both of its ends and the picture know it.
pub(super) struct Wire {
    pub(super) net: Net,
    pub(super) lane: Lane,
    pub(super) name: String,
    /// The clients are numbered as they connect.
    pub(super) client: usize,
    pub(super) seen: Mutex<Seen>,
}

/// What happened on a connection; times in virtual milliseconds.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) asked: usize,
    pub(super) begun: Vec<u64>,
    pub(super) processed: Vec<u64>,
    pub(super) answered: Vec<u64>,
    pub(super) lost: usize,
    pub(super) refused: bool,
    pub(super) closed_at: Option<u64>,
    pub(super) reading: Reading,
}

/// How fast the client takes what is flushed to it.
#[derive(Clone, Copy, Default)]
pub(super) enum Reading {
    #[default]
    AtOnce,
    After(u64),
    Never,
}

impl Wire {
    pub(super) fn log(&self, what: impl FnOnce() -> String) {
        self.net.log(&self.lane, what);
    }

    pub(super) fn note<T>(&self, write: impl FnOnce(&mut Seen, u64) -> T) -> T {
        let now = self.net.world.now_ms();
        write(&mut self.seen.lock().unwrap(), now)
    }
}
