//! A signal that main gives and a server hears, drawn on the timeline.

use kit::{Lane, World};
use tokio::sync::watch;

/// The sending half of a `watch` channel of a `bool`, drawn on the lane `main`.
pub struct Signal {
    world: World,
    lane: Lane,
    sender: Option<watch::Sender<bool>>,
}

impl Signal {
    /// A new channel; its value is `false`.
    pub fn new(world: &World) -> Self {
        Signal {
            world: world.clone(),
            lane: world.lane("main"),
            sender: Some(watch::Sender::new(false)),
        }
    }

    /// A receiver that has seen everything up to now.
    ///
    /// # Panics
    ///
    /// When the sender was dropped.
    pub fn receiver(&self) -> watch::Receiver<bool> {
        let sender = self.sender.as_ref().expect("the sender is there");
        sender.subscribe()
    }

    /// Waits until `at_ms`, then sends `value`. It is stored even when nobody listens.
    ///
    /// # Panics
    ///
    /// When the sender was dropped.
    pub async fn send(&self, value: bool, at_ms: u64) {
        self.world.at(at_ms).await;
        self.lane.log(format!("sends {value}"));
        let sender = self.sender.as_ref().expect("the sender is there");
        sender.send_replace(value);
    }

    /// Waits until `at_ms`, then drops the sender without a word.
    pub async fn drop_sender(&mut self, at_ms: u64) {
        self.world.at(at_ms).await;
        self.lane.log("drops the sender");
        self.sender.take();
    }
}
