//! A database of users.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex},
};

use kit::{Gauge, Lane, World, ms};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

/// What every text of a [`DbError`] and of a panic in the database has in it, and no client may read.
pub const INTERNAL: &str = "hunter2";

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// Given by the database: 1, 2, 3. No two users ever have the same.
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

/// How one statement goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It answers after so many milliseconds.
    Takes(u64),
    /// It fails after so many milliseconds, and has no effect.
    Fails(u64, DbError),
    /// It has its effect, and its answer never comes.
    Hangs,
    /// The driver panics after so many milliseconds, and the statement has no effect.
    Panics(u64),
}

/// A table of users that draws its statements on the lane `database`. Its clones are one table.
///
/// A statement has its effect at once, when its future is first polled, and only its answer takes time: a read
/// tells how the table was when it began, and whoever drops a write takes nothing back.
#[derive(Clone)]
pub struct Database {
    lane: Lane,
    running: Gauge,
    table: Arc<Mutex<Table>>,
}

#[derive(Default)]
struct Table {
    users: BTreeMap<u64, User>,
    last_id: u64,
    takes_ms: u64,
    replies: VecDeque<Reply>,
}

impl Database {
    /// An empty table whose statements take no time.
    pub fn new(world: &World) -> Self {
        Database {
            lane: world.lane("database"),
            running: world.gauge(),
            table: Arc::default(),
        }
    }

    /// Adds users before the scenario begins; the first has the id 1.
    pub fn with(self, names: &[&str]) -> Self {
        for name in names {
            let added = self.table.lock().unwrap().insert(name);
            added.expect("names are given once");
        }
        self
    }

    /// From now on a statement takes `takes_ms`, unless a [`Reply`] waits for it.
    pub fn takes(&self, takes_ms: u64) {
        self.table.lock().unwrap().takes_ms = takes_ms;
    }

    /// How the next statement goes that has no reply yet.
    pub fn next(&self, reply: Reply) {
        self.table.lock().unwrap().replies.push_back(reply);
    }

    /// How many statements have begun.
    pub fn statements(&self) -> usize {
        self.lane.begun().len()
    }

    /// How many statements run now: neither answered nor dropped.
    pub fn running(&self) -> usize {
        self.running.now()
    }

    /// Whether the table holds this user.
    pub fn holds(&self, id: u64) -> bool {
        self.table.lock().unwrap().users.contains_key(&id)
    }

    /// All users, in the order of their ids.
    ///
    /// # Errors
    ///
    /// As the [`Reply`] says.
    ///
    /// # Panics
    ///
    /// As the [`Reply`] says.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: it only reads.
    pub async fn list(&self) -> Result<Vec<User>, DbError> {
        let list = |table: &mut Table| table.users.values().cloned().collect();
        self.run("list".into(), |table| Ok(list(table))).await
    }

    /// The user with this id, if there is one.
    ///
    /// # Errors
    ///
    /// As the [`Reply`] says.
    ///
    /// # Panics
    ///
    /// As the [`Reply`] says.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: it only reads.
    pub async fn find(&self, id: u64) -> Result<Option<User>, DbError> {
        let find = move |table: &mut Table| Ok(table.users.get(&id).cloned());
        self.run(format!("find {id}"), find).await
    }

    /// Adds a user.
    ///
    /// # Errors
    ///
    /// [`DbError::Taken`] when there is one of this name; others as the [`Reply`] says.
    ///
    /// # Panics
    ///
    /// As the [`Reply`] says.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: dropped after its first poll, the user is there.
    pub async fn insert(&self, name: &str) -> Result<User, DbError> {
        let what = match name.chars().count() {
            // A name that fills the picture is no help.
            n @ 20.. => format!("insert {n} characters"),
            _ => format!("insert {name}"),
        };
        self.run(what, |table| table.insert(name)).await
    }

    /// Deletes the user with this id; `false` when there was none.
    ///
    /// # Errors
    ///
    /// As the [`Reply`] says.
    ///
    /// # Panics
    ///
    /// As the [`Reply`] says.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: dropped after its first poll, the user is gone.
    pub async fn delete(&self, id: u64) -> Result<bool, DbError> {
        let delete = move |table: &mut Table| Ok(table.users.remove(&id).is_some());
        self.run(format!("delete {id}"), delete).await
    }

    async fn run<T>(
        &self,
        what: String,
        effect: impl FnOnce(&mut Table) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let _running = self.running.enter();
        let span = self.lane.span(what);
        let (reply, answer) = {
            let mut table = self.table.lock().unwrap();
            let takes = Reply::Takes(table.takes_ms);
            let reply = table.replies.pop_front().unwrap_or(takes);
            let answer = match &reply {
                Reply::Takes(_) | Reply::Hangs => Some(effect(&mut table)),
                Reply::Fails(..) | Reply::Panics(_) => None,
            };
            (reply, answer)
        };
        let (takes_ms, answer) = match (reply, answer) {
            (Reply::Takes(takes_ms), Some(answer)) => (takes_ms, answer),
            (Reply::Fails(takes_ms, error), _) => (takes_ms, Err(error)),
            (Reply::Panics(after_ms), _) => {
                wait(after_ms).await;
                panic!("the driver panics, password={INTERNAL}")
            }
            _ => std::future::pending().await,
        };
        wait(takes_ms).await;
        match &answer {
            Ok(_) => span.end(),
            Err(_) => span.end_as("fails"),
        }
        answer
    }
}

/// Answers that take no time are there at the first poll.
async fn wait(takes_ms: u64) {
    if takes_ms > 0 {
        sleep(ms(takes_ms)).await;
    }
}

impl Table {
    fn insert(&mut self, name: &str) -> Result<User, DbError> {
        if self.users.values().any(|user| user.name == name) {
            return Err(DbError::Taken);
        }
        self.last_id += 1;
        let user = User { id: self.last_id, name: name.to_owned() };
        self.users.insert(user.id, user.clone());
        Ok(user)
    }
}
