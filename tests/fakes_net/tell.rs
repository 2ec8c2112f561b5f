//! What happens to a service, for a suite that judges it by that.

use std::{fmt, sync::Arc};

use kit::{Lane, World};

use crate::line::Line;

/// What is told by a [`Database`](crate::Database), a [`Log`](crate::Log) and a network that have somebody to tell.
/// The clients of a network are numbered as they connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A statement begins.
    Begins(Statement),
    /// It ends, with an answer or an error.
    Ends(Statement),
    /// It panics, right after this.
    Panics(Statement),
    /// It is dropped before its end.
    Dropped(Statement),
    /// A line is written.
    Logs(Line),
    /// `accept` gives the connection of a client.
    Accepts(usize),
    /// `accept` fails.
    FailsToAccept,
    /// The listener is dropped.
    StopsListening,
    /// The listener was dropped before it gave the connection of this client.
    Refuses(usize),
    /// The server drops the connection of this client.
    Closes(usize),
}

/// Who is told. It is called in destructors as well.
pub type Tell = Arc<dyn Fn(Deed) + Send + Sync>;

/// What a database is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// For all users.
    List,
    /// For one.
    Find(u64),
    /// To add one of this name.
    Insert(String),
    /// To delete one.
    Delete(u64),
}

/// `find 3`
impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Statement::List => f.write_str("list"),
            Statement::Find(id) => write!(f, "find {id}"),
            // A name that fills the picture is no help.
            Statement::Insert(name) if name.len() >= 20 => {
                write!(f, "insert {} characters", name.chars().count())
            }
            Statement::Insert(name) => write!(f, "insert {name}"),
            Statement::Delete(id) => write!(f, "delete {id}"),
        }
    }
}

/// What both ends of a network share.
#[derive(Clone)]
pub(crate) struct Net {
    pub(crate) world: World,
    /// The listener's.
    pub(crate) lane: Lane,
    /// Who is told what happens, instead of the timeline.
    pub(crate) tell: Option<Tell>,
}

impl Net {
    /// Tells `deed`, or draws `what` on `lane`.
    pub(crate) fn tells(&self, lane: &Lane, deed: Deed, what: impl Fn() -> String) {
        match &self.tell {
            Some(tell) => tell(deed),
            None => lane.log_in_drop(what()),
        }
    }
}
