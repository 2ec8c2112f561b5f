//! What a database of users holds, and how it fails.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What every text of a [`DbError`] and of a panic in the database has in it, and no client may read.
pub const INTERNAL: &str = "hunter2";

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// Given by the database: 1, 2, 3. No two users ever have the same. Whether `+1` or `01` in a path is an id is open.
    pub id: u64,
    /// No two users have the same.
    pub name: String,
}

/// What a client sends to create a [`User`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NewUser {
    /// The name.
    pub name: String,
}

/// Why a statement failed. The texts are for whoever runs the service; they name hosts and passwords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DbError {
    /// There is a user of this name.
    Taken,
    /// The database cannot be reached now.
    Unavailable(String),
    /// Anything else.
    Failed(String),
}

impl DbError {
    /// An [`DbError::Unavailable`] with a text that has [`INTERNAL`] in it.
    pub fn unavailable() -> Self {
        DbError::Unavailable(format!("no route to app:{INTERNAL}@10.0.0.7"))
    }

    /// A [`DbError::Failed`] with a text that has [`INTERNAL`] in it.
    pub fn failed() -> Self {
        DbError::Failed(format!("relation users is corrupt, password={INTERNAL}"))
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DbError::Taken => f.write_str("the name is taken"),
            DbError::Unavailable(text) | DbError::Failed(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for DbError {}
