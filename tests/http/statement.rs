//! Of the contract of `http` what the database is asked, and what the cache knows: rules 1 and 4.

use super::{
    Due,
    Happens::*,
    Model,
    story::{Reply, Statement},
};

/// A statement that runs for a request.
pub(super) struct Running {
    statement: Statement,
    reply: Reply,
    rows: Result<Rows, u16>,
    /// How many DELETEs of the user had begun.
    deletes: usize,
    /// The user had been there, and was deleted.
    is_of_the_past: bool,
}

impl Running {
    pub(super) fn is_delete(&self) -> bool {
        matches!(self.statement, Statement::Delete(_))
    }
}

/// What the database says.
#[derive(Clone)]
pub(super) enum Rows {
    All(Vec<(u64, String)>),
    One(Option<(u64, String)>),
    Deleted(bool),
}

/// What the cache knows of one user.
#[derive(Default)]
pub(super) struct Cached {
    holds: Holds,
    /// DELETEs of it that have begun.
    deletes: usize,
    /// Those of them that are not answered.
    pending: usize,
    /// The database has said that it is deleted.
    is_deleted: bool,
    /// The database has said so, or that a user who had been there is there no more.
    is_gone: bool,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Holds {
    #[default]
    No,
    /// No rule says.
    Perhaps,
    Yes,
}

impl Model<'_> {
    pub(super) fn show(&mut self, n: usize, id: u64) {
        let (open, is_head) = (self.open, self.asked[n].ask.method == "HEAD");
        let cached = self.cache.entry(id).or_default();
        // "except that a deleted user is gone"; "While a DELETE runs, a GET may show the user or not".
        if (cached.is_gone || cached.pending > 0) && open.either() {
            return self.answer(n, 404, None);
        }
        let is_there = match cached.holds {
            Holds::Yes => !is_head || open.either(),
            Holds::Perhaps => open.either(),
            Holds::No => false,
        };
        if !is_there {
            return self.begins(n, Statement::Find(id));
        }
        if self.scene.step >= 4 {
            open.sometimes(4, "a user is in the cache");
            if cached.pending == 0 {
                // What is there stays.
                cached.holds = Holds::Yes;
            }
        }
        let row = (id, self.names[&id].clone());
        self.answer(n, 200, Some(Rows::One(Some(row))));
    }

    pub(super) fn begins(&mut self, n: usize, statement: Statement) {
        self.tell(Begins(statement.clone()));
        let reply = self.reply;
        let rows = self.has_effect(&statement);
        let (mut deletes, mut is_of_the_past) = (0, false);
        if let Some(id) = statement.id() {
            let cached = self.cache.entry(id).or_default();
            if let Statement::Delete(_) = statement {
                cached.deletes += 1;
                cached.pending += 1;
                // "this ends when a DELETE of the user asks it".
                cached.holds = cached.holds.at_most_perhaps();
            }
            deletes = cached.deletes;
            // Ids are given in order.
            is_of_the_past = id <= self.last_id && !self.table.contains_key(&id);
        }
        let is_delete = matches!(statement, Statement::Delete(_));
        let running = Running { statement, reply, rows, deletes, is_of_the_past };
        self.asked[n].running = Some(running);
        // What takes no time is there at the first poll; a DELETE may go on elsewhere.
        if reply.after().is_zero() && !is_delete {
            self.is_answered(n);
        } else {
            self.later(reply.after(), Due::Answer(n));
        }
    }

    /// A statement has its effect when it begins.
    fn has_effect(&mut self, statement: &Statement) -> Result<Rows, u16> {
        match self.reply {
            Reply::Unavailable(_) => {
                self.open.sometimes(1, "the database is unavailable");
                return Err(503);
            }
            Reply::Fails(_) | Reply::Panics(_) => return Err(500),
            Reply::Takes(_) | Reply::Hangs => {}
        }
        let row = |(id, name): (&u64, &String)| (*id, name.clone());
        match statement {
            Statement::List => Ok(Rows::All(self.table.iter().map(row).collect())),
            Statement::Find(id) => {
                Ok(Rows::One(self.table.get_key_value(id).map(row)))
            }
            Statement::Insert(name) if self.table.values().any(|it| it == name) => {
                self.open.sometimes(1, "a name is taken");
                Err(409)
            }
            Statement::Insert(name) => {
                self.last_id += 1;
                self.table.insert(self.last_id, name.clone());
                self.names.insert(self.last_id, name.clone());
                Ok(Rows::One(Some((self.last_id, name.clone()))))
            }
            Statement::Delete(id) => {
                Ok(Rows::Deleted(self.table.remove(id).is_some()))
            }
        }
    }

    /// The database answers.
    pub(super) fn is_answered(&mut self, n: usize) {
        let Some(running) = self.asked[n].running.take() else { return };
        let Running { statement, reply, rows, deletes, is_of_the_past } = running;
        if let Reply::Panics(_) = reply {
            self.open.sometimes(4, "a statement panics");
            self.tell(Panics(statement.clone()));
        } else {
            self.tell(Ends(statement.clone()));
        }
        self.learns(&statement, &rows, deletes);
        if let (Some(id), Ok(_), true) = (statement.id(), &rows, is_of_the_past) {
            self.cache.entry(id).or_default().is_gone = true;
        }
        let (status, rows) = match (rows, &statement) {
            (Err(status), _) => (status, None),
            (Ok(Rows::One(None)), _) => {
                self.open.sometimes(1, "there is no such user");
                (404, None)
            }
            (Ok(Rows::Deleted(false)), _) => (404, None),
            (Ok(Rows::Deleted(true)), _) => (204, None),
            (Ok(rows), Statement::Insert(_)) => (201, Some(rows)),
            (Ok(rows), _) => (200, Some(rows)),
        };
        let is_delete = matches!(statement, Statement::Delete(_));
        // It has ended in a task of its own.
        if is_delete && self.may_be_dropped(self.asked[n].who) && self.open.either()
        {
            return;
        }
        self.answer(n, status, rows);
        self.may_return();
    }

    /// What the cache makes of an answer: rule 4.
    fn learns(
        &mut self,
        statement: &Statement,
        rows: &Result<Rows, u16>,
        deletes: usize,
    ) {
        let (open, step) = (self.open, self.scene.step);
        let Some(id) = statement.id() else { return };
        let cached = self.cache.entry(id).or_default();
        match (statement, rows) {
            (Statement::Delete(_), rows) => {
                cached.pending -= 1;
                cached.is_deleted |= matches!(rows, Ok(Rows::Deleted(true)));
                if cached.is_deleted && step >= 4 {
                    cached.holds = Holds::No;
                }
            }
            (_, Ok(Rows::One(Some(_)))) if cached.is_deleted && step >= 4 => {
                open.sometimes(4, "a DELETE overtakes a GET");
            }
            (_, Ok(Rows::One(Some(_)))) => {
                let is_sure = step >= 4 && cached.deletes == deletes;
                cached.holds = if is_sure && cached.pending == 0 {
                    Holds::Yes
                } else {
                    Holds::Perhaps
                };
            }
            _ => {}
        }
    }

    /// A statement that is not answered is dropped.
    pub(super) fn drops_statement(&mut self, n: usize) {
        if let Some(running) = self.asked[n].running.take() {
            self.forget(Due::Answer(n));
            self.tell(Dropped(running.statement));
        }
    }
}

impl Holds {
    fn at_most_perhaps(self) -> Self {
        if self == Holds::Yes { Holds::Perhaps } else { self }
    }
}

impl Statement {
    fn id(&self) -> Option<u64> {
        match self {
            Statement::Find(id) | Statement::Delete(id) => Some(*id),
            Statement::List | Statement::Insert(_) => None,
        }
    }
}
