//! What stands in for the network: HTTP clients and servers, bodies, a database. Used by the chapters of
//! the package `network` alone, so that no other chapter compiles its dependencies.
//!
//! A map, by need:
//!
//! | you want | use |
//! |---|---|
//! | a database of users, with delays, failures and a memory (`http`) | [`Database`], [`Reply`], [`DbError`] |
//! | keys, and what each of them may do | [`Keys`], [`Secret`], [`Role`] |
//! | the lines that a service writes | [`Log`], [`Line`] |
//! | how far a service may go | [`Limits`] |
//! | a request, written in one line | [`Ask`] |
//! | its answer, straight from a router | [`Ask::of`], [`Answer`] |
//! | a network for a whole server, and who connects to it | [`network`], [`Clients`], [`Client`] |
//! | to be told what happens, rather than have it drawn | [`Database::telling`], [`Log::telling`], [`network_telling`], [`Deed`] |
//! | a client that speaks HTTP | [`Client::http`], [`Http`] |
//! | one that sends half a request, and later the rest | [`Client::talks`], [`Talk`] |
//! | a service with a fault, and what is sent to find it | [`Wrong`], [`wrong_service`], [`Visit`] |
//! | a listener: this one in memory, or a real one | [`Accept`], [`Listener`] |
//!
//! Everything waits on tokio's timers and in memory, so times are exact on the paused clock. The one thing that
//! is not virtual is the `Date` header, which hyper writes by the clock of std; nothing here looks at it.

mod accept;
mod ask;
mod client;
mod database;
mod keys;
mod limits;
mod line;
mod listener;
mod log;
mod network;
mod role;
mod talk;
mod tell;
mod users;
mod visit;
mod wrong;

#[cfg(test)]
mod tests;

pub use accept::Accept;
pub use ask::{Answer, Ask};
pub use client::{Client, Http};
pub use database::{Database, Reply};
pub use keys::{Keys, Secret};
pub use limits::Limits;
pub use line::Line;
pub use listener::{Listener, Stream};
pub use log::Log;
pub use network::{Clients, network, network_telling};
pub use role::{ADMIN, READER, Role};
pub use talk::Talk;
pub use tell::{Deed, Statement, Tell};
pub use users::{DbError, INTERNAL, NewUser, User};
pub use visit::{Asks, Visit, Wrong};
pub use wrong::wrong_service;
