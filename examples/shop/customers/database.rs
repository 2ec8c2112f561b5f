//! A database of users, in memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::sleep;

use super::{DbError, User};

/// How long a statement takes.
const TAKES: Duration = Duration::from_millis(10);

/// How many users there is room for.
const ROOM: usize = 1_000;

/// A table of users. Its clones are one table. As with the fake, a statement has its effect at once, and its answer
/// takes time.
#[derive(Clone)]
pub struct Database(Arc<Mutex<Table>>);

#[derive(Default)]
struct Table {
    users: BTreeMap<u64, User>,
    last_id: u64,
}

impl Database {
    /// With three users.
    pub(crate) fn open() -> Self {
        let mut table = Table::default();
        for name in ["ada", "barbara", "grace"] {
            table.insert(name).expect("there is room for three");
        }
        Database(Arc::new(Mutex::new(table)))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All users, in the order of their ids.
    ///
    /// # Errors
    ///
    /// Never.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: it only reads.
    pub async fn list(&self) -> Result<Vec<User>, DbError> {
        let users = self.table().users.values().cloned().collect();
        sleep(TAKES).await;
        Ok(users)
    }

    /// The user with this id, if there is one.
    ///
    /// # Errors
    ///
    /// Never.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: it only reads.
    pub async fn find(&self, id: u64) -> Result<Option<User>, DbError> {
        let user = self.table().users.get(&id).cloned();
        sleep(TAKES).await;
        Ok(user)
    }

    /// Adds a user.
    ///
    /// # Errors
    ///
    /// [`DbError::Taken`] when there is one of this name, [`DbError::Failed`] when the table is full.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: dropped after its first poll, the user is there.
    pub async fn insert(&self, name: &str) -> Result<User, DbError> {
        let user = self.table().insert(name);
        sleep(TAKES).await;
        user
    }

    /// Deletes the user with this id; `false` when there was none.
    ///
    /// # Errors
    ///
    /// Never.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: dropped after its first poll, the user is gone.
    pub async fn delete(&self, id: u64) -> Result<bool, DbError> {
        let was_there = self.table().users.remove(&id).is_some();
        sleep(TAKES).await;
        Ok(was_there)
    }
}

impl Table {
    fn insert(&mut self, name: &str) -> Result<User, DbError> {
        if self.users.values().any(|user| user.name == name) {
            return Err(DbError::Taken);
        }
        if self.users.len() == ROOM {
            return Err(DbError::Failed("the table is full".into()));
        }
        self.last_id += 1;
        let user = User { id: self.last_id, name: name.to_owned() };
        self.users.insert(user.id, user.clone());
        Ok(user)
    }
}
