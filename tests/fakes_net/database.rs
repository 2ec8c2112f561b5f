//! A database of users.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use kit::{Gauge, Lane, Span, World, ms};
use tokio::time::sleep;

use crate::{
    DbError, INTERNAL, User,
    tell::{Deed, Statement, Tell},
};

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
    /// Who is told what happens, instead of the timeline.
    tell: Option<Tell>,
}

struct Table {
    users: BTreeMap<u64, User>,
    last_id: u64,
    replies: VecDeque<Reply>,
    /// How a statement goes for which none is left.
    reply: Reply,
}

impl Database {
    /// An empty table whose statements take no time.
    pub fn new(world: &World) -> Self {
        Database {
            lane: world.lane("database"),
            running: world.gauge(),
            table: Arc::new(Mutex::new(Table {
                users: BTreeMap::new(),
                last_id: 0,
                replies: VecDeque::new(),
                reply: Reply::Takes(0),
            })),
            tell: None,
        }
    }

    /// The same table with no lane: `tell` is told what happens to each statement.
    pub fn telling(self, tell: Tell) -> Self {
        Database { tell: Some(tell), ..self }
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
        self.replies(Reply::Takes(takes_ms));
    }

    /// From now on every statement goes so that has no [`Reply`] of its own.
    pub fn replies(&self, reply: Reply) {
        self.table.lock().unwrap().reply = reply;
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
        self.run(Statement::List, |table| Ok(list(table))).await
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
        self.run(Statement::Find(id), find).await
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
        let statement = Statement::Insert(name.to_owned());
        self.run(statement, |table| table.insert(name)).await
    }

    /// Deletes the user with this id. `false`: there is none, and nothing is said of one who gets this id later.
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
        self.run(Statement::Delete(id), delete).await
    }

    async fn run<T>(
        &self,
        statement: Statement,
        effect: impl FnOnce(&mut Table) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let _running = self.running.enter();
        let running = self.begins(statement);
        let (reply, answer) = {
            let mut table = self.table.lock().unwrap();
            let reply = table.replies.pop_front();
            let reply = reply.unwrap_or_else(|| table.reply.clone());
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
                running.panics();
                panic!("the driver panics, password={INTERNAL}")
            }
            _ => std::future::pending().await,
        };
        wait(takes_ms).await;
        running.ends(answer.is_ok());
        answer
    }

    fn begins(&self, statement: Statement) -> Running {
        let Some(tell) = &self.tell else {
            let span = self.lane.span(statement.to_string());
            return Running { span: Some(span), told: None };
        };
        tell(Deed::Begins(statement.clone()));
        Running { span: None, told: Some((tell.clone(), statement)) }
    }
}

/// A statement that runs. Dropped before its end, it says so.
struct Running {
    span: Option<Span>,
    told: Option<(Tell, Statement)>,
}

impl Running {
    fn ends(mut self, is_ok: bool) {
        match self.span.take() {
            Some(span) if is_ok => span.end(),
            Some(span) => span.end_as("fails"),
            None => self.tells(Deed::Ends),
        }
    }

    fn panics(mut self) {
        self.tells(Deed::Panics);
    }

    fn tells(&mut self, deed: fn(Statement) -> Deed) {
        if let Some((tell, statement)) = self.told.take() {
            tell(deed(statement));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.tells(Deed::Dropped);
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
