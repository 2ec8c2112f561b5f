//! What the port works with: what `fakes_net` is to the suite of `http`, without its instruments. The part takes it
//! from here under that name, so the public items are those of the fakes, and plain values are theirs.
// Why `allow(dead_code)`: an answer may use what the naive form does not.
#![allow(dead_code)]

#[path = "../../../tests/fakes_net/accept.rs"]
mod accept;
mod database;
mod keys;
#[path = "../../../tests/fakes_net/limits.rs"]
mod limits;
#[path = "../../../tests/fakes_net/line.rs"]
mod line;
mod log;
#[path = "../../../tests/fakes_net/role.rs"]
mod role;
#[path = "../../../tests/fakes_net/users.rs"]
mod users;
#[path = "../../../tests/fakes_net/visit.rs"]
mod visit;

use std::time::Duration;

pub use accept::Accept;
pub use database::Database;
pub use keys::{Keys, Secret};
pub use limits::Limits;
pub use line::Line;
pub use log::Log;
pub use role::{ADMIN, READER, Role};
pub use users::{DbError, INTERNAL, NewUser, User};
pub use visit::{Asks, Visit, Wrong};

use crate::floor::GRACE;

/// How far the port goes.
pub const LIMITS: Limits = Limits {
    body: 64 * 1024,
    handler: Duration::from_secs(1),
    header: Duration::from_secs(3),
    drain: GRACE,
};
