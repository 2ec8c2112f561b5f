//! What whoever looks for a fault sends to a service.

use crate::ADMIN;

/// A service of users that is wrong in one way, and right in all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Whatever a GET has read goes into its cache, also when a DELETE has overtaken it.
    Hoards,
    /// It asks for the key first, and opens its line in the log behind that.
    Forgets,
    /// All that it does for a request is in the future of that request, and ends with it.
    Clings,
}

impl Wrong {
    /// All of them.
    pub const ALL: [Wrong; 3] = [Wrong::Hoards, Wrong::Forgets, Wrong::Clings];
}

/// A request straight to a service, and how the database replies to it.
///
/// Visits of one instant come in the order of the list, each when nothing is left to do
/// then for those before it. A statement has its effect when it begins; only its answer
/// takes time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// When it comes, in milliseconds.
    pub at_ms: u64,
    /// What it asks for.
    pub asks: Asks,
    /// The key it shows, if it shows one.
    pub key: Option<&'static str>,
    /// How long each statement takes that begins from now until the next visit.
    pub takes_ms: u64,
    /// How long its client stays, in milliseconds; `None` is until the answer.
    pub stays_ms: Option<u64>,
}

/// What a [`Visit`] asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asks {
    /// `GET` of this path.
    Get(&'static str),
    /// `DELETE` of this path.
    Delete(&'static str),
    /// `POST /users` with this name.
    Create(&'static str),
}

impl Visit {
    /// With the key of an admin, a database that takes no time, and a client that stays.
    pub fn new(at_ms: u64, asks: Asks) -> Self {
        Visit { at_ms, asks, key: Some(ADMIN), takes_ms: 0, stays_ms: None }
    }

    /// The same with statements that take so many milliseconds.
    pub fn takes(self, takes_ms: u64) -> Self {
        Visit { takes_ms, ..self }
    }

    /// The same with a client that leaves after so many milliseconds.
    pub fn stays(self, stays_ms: u64) -> Self {
        Visit { stays_ms: Some(stays_ms), ..self }
    }
}
