//! What the two ends of a network share.

use std::sync::Mutex;

use kit::{Gauge, Lane, World};

/// What both sides share.
#[derive(Clone)]
pub(super) struct Net {
    pub(super) world: World,
    pub(super) server: Lane,
    /// Accepted connections that are not dropped.
    pub(super) open: Gauge,
    /// Requests that are being processed.
    pub(super) working: Gauge,
}

impl Net {
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
    pub(super) fn note<T>(&self, write: impl FnOnce(&mut Seen, u64) -> T) -> T {
        let now = self.net.world.now_ms();
        write(&mut self.seen.lock().unwrap(), now)
    }
}
