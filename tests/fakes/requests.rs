//! A network in memory that speaks in requests: what a server sees of its clients.
//!
//! [`network`] gives the two sides. A server accepts a [`Connection`] from the [`Listener`], takes
//! requests from it, calls [`process`], and puts the response back. The scenario plays the
//! clients, see [`Clients`] and [`Client`].
//!
//! Everything is drawn. Each client has a lane of its own name: what it asks, when its requests
//! are processed, which answers arrive or are lost, when it is closed. The lane `server` shows
//! what was accepted and refused. Every poll is counted, so a loop that never waits is a spin
//! after some milliseconds. Times are exact in every weather; stormy ones make the server's task
//! yield after each step.

use kit::World;
use tokio::sync::mpsc;

mod client;
mod clients;
mod server;
mod signal;
mod wire;

pub use client::Client;
pub use clients::{Clients, Rules, Running};
pub use server::{Connection, Listener, Request, Response, process};
pub use signal::Signal;
pub use wire::Deed;

use std::sync::Arc;

use wire::{Net, Tell};

/// The two sides of one network: who connects, and who accepts.
pub fn network(world: &World) -> (Clients, Listener) {
    sides(world, None)
}

/// The same for scenes: what happens is told to `tell` and not drawn. The first client to connect is
/// number 0. `tell` is called in destructors as well, and may not panic there.
pub fn network_telling(
    world: &World,
    tell: impl Fn(Deed) + Send + Sync + 'static,
) -> (Clients, Listener) {
    sides(world, Some(Arc::new(tell)))
}

fn sides(world: &World, tell: Option<Tell>) -> (Clients, Listener) {
    let net = Net {
        world: world.clone(),
        server: world.lane("server"),
        open: world.gauge(),
        working: world.gauge(),
        tell,
    };
    let (connects, backlog) = mpsc::unbounded_channel();
    let listener = Listener { net: net.clone(), backlog };
    (Clients::new(net, connects), listener)
}
