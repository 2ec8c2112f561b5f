//! Whether a thread of the shop gives way: its runtime beats, and whoever looks at it counts.

use std::{
    sync::mpsc::{self, TryRecvError},
    time::Duration,
};

use tokio::time::{Instant, interval};

/// How often it beats.
const TICK: Duration = Duration::from_millis(100);

/// After so long without a beat it stands still.
const STILL: Duration = Duration::from_secs(3);

/// Beats for as long as somebody listens.
pub async fn beat(beat: mpsc::Sender<()>) {
    let mut tick = interval(TICK);
    while beat.send(()).is_ok() {
        tick.tick().await;
    }
}

/// The beats of one thread.
pub struct Beats {
    beats: mpsc::Receiver<()>,
    last: Instant,
    still: bool,
}

impl Beats {
    /// What beats, and what is looked at.
    pub fn new() -> (mpsc::Sender<()>, Self) {
        let (beat, beats) = mpsc::channel();
        (beat, Beats { beats, last: Instant::now(), still: false })
    }

    /// Whether it stands still since now. A thread that has ended does not.
    pub fn stop(&mut self) -> bool {
        loop {
            match self.beats.try_recv() {
                Ok(()) => (self.last, self.still) = (Instant::now(), false),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
        let stops = !self.still && self.last.elapsed() > STILL;
        self.still |= stops;
        stops
    }
}
