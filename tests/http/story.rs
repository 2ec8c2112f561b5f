//! The scenes of `http`: what is given and what can happen.

use std::time::Duration;

use kit::ms;

/// When nobody looks any more.
pub const END: Duration = ms(9_999_999);

/// Who is in the table when a scene begins, from the id 1 on.
pub const USERS: [&str; 2] = ["ada", "bob"];

/// What happens to a service from outside, one after the other. Before each act everything that is due by then has
/// happened, and nothing is left to do in that instant.
#[derive(Clone)]
pub struct Scene {
    /// The number of the last rule it speaks of.
    pub step: usize,
    pub limits: Limits,
    pub acts: Vec<Act>,
}

#[derive(Clone, Copy)]
pub struct Limits {
    pub body: usize,
    pub handler: Duration,
    pub header: Duration,
    pub drain: Duration,
}

#[derive(Clone)]
pub struct Act {
    /// Since the act before it.
    pub after: Duration,
    pub what: What,
}

/// The numbers are those of a request or of a client, from 0 on. An act that cannot be done is left out: a client
/// sends nothing while it waits for an answer, and nothing on a connection that is closed.
#[derive(Clone)]
pub enum What {
    /// From now on the database replies so.
    Database(Reply),
    /// A request comes to the router, without a network.
    Asks(Ask),
    /// So many clients do so, each on a connection of its own where there is a network.
    Crowd(usize, Ask),
    /// Whoever made that request leaves.
    Leaves(usize),
    Connects,
    /// A client sends the first bytes of a request.
    Begins(usize, Ask),
    /// It sends the rest.
    Finishes(usize),
    /// It sends a whole request.
    Sends(usize, Ask),
    /// It does so once it is accepted.
    HangsUp(usize),
    /// `accept` fails; for one connection, or otherwise.
    FailsAccept {
        of_one: bool,
    },
    Signals,
    DropsServer,
}

/// How a statement goes that begins now; the time is until its answer. What fails or panics has no effect.
#[derive(Clone, Copy, PartialEq)]
pub enum Reply {
    Takes(Duration),
    /// It cannot be reached.
    Unavailable(Duration),
    Fails(Duration),
    Panics(Duration),
    /// It has its effect, and no answer comes.
    Hangs,
}

/// A request.
#[derive(Clone)]
pub struct Ask {
    pub method: &'static str,
    pub path: String,
    pub key: Key,
    pub body: Body,
}

/// What stands behind `Authorization`.
#[derive(Clone, Copy, Default, PartialEq)]
pub enum Key {
    #[default]
    Admin,
    Reader,
    None,
    /// One of [`WRONG`].
    Wrong(usize),
}

/// Values that show no key.
pub const WRONG: [&str; 6] = [
    "Bearer admin-77e0b3",
    "Bearer admin",
    "Bearer admin-77e0b22",
    "admin-77e0b2",
    "Basic admin-77e0b2",
    // Not every header is text.
    "Bearer clé",
];

#[derive(Clone)]
pub struct Body {
    pub text: String,
    /// What the text is.
    pub is: Is,
    /// What its header says of it.
    pub said_to_be: Option<&'static str>,
    /// Its second half comes so much later.
    pub slow: Option<Duration>,
}

impl Body {
    pub fn is_said_to_be_json(&self) -> bool {
        self.said_to_be.is_some_and(|it| it.starts_with("application/json"))
    }
}

#[derive(Clone, PartialEq)]
pub enum Is {
    Name(String),
    NoName,
    NoJson,
}

/// Which handler a path is for.
#[derive(Clone, Copy, PartialEq)]
pub enum Route {
    Users,
    /// `None` is no id.
    User(Option<u64>),
    Live,
    Ready,
}

impl Ask {
    pub fn route(&self) -> Option<Route> {
        let path = self.path.split('?').next().unwrap_or_default();
        match path {
            "/users" => Some(Route::Users),
            "/live" => Some(Route::Live),
            "/ready" => Some(Route::Ready),
            _ => {
                let id = path.strip_prefix("/users/")?;
                let is_one = !id.is_empty() && !id.contains('/');
                is_one.then(|| Route::User(id.parse().ok()))
            }
        }
    }

    pub fn is_safe(&self) -> bool {
        ["GET", "HEAD", "OPTIONS", "TRACE"].contains(&self.method)
    }

    /// Whether a rule says what the body of its answer is.
    pub fn says_body(&self, status: u16) -> bool {
        let is_of_users =
            matches!(self.route(), Some(Route::Users | Route::User(_)));
        self.method != "HEAD"
            && (status >= 400 || (is_of_users && self.method == "GET"))
    }
}

impl Route {
    pub fn template(self) -> &'static str {
        match self {
            Route::Users => "/users",
            Route::User(_) => "/users/{id}",
            Route::Live => "/live",
            Route::Ready => "/ready",
        }
    }
}

/// What a database is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    List,
    Find(u64),
    Insert(String),
    Delete(u64),
}

/// Whose request it is: a number among those without a network, or a client.
#[derive(Clone, Copy, PartialEq)]
pub enum Who {
    Request(usize),
    Client(usize),
}

#[derive(Clone, PartialEq)]
pub enum Happens {
    Begins(Statement),
    Ends(Statement),
    Panics(Statement),
    Dropped(Statement),
    /// An answer is there: its status, and what the rules say of the rest.
    Answered(Who, u16, String),
    /// A line in the log.
    Logged(String),
    Accepted(usize),
    FailsToAccept,
    StopsListening,
    Refused(usize),
    /// The server closes the connection of a client.
    Closes(usize),
    /// `serve` returns `Ok`, or not.
    Returns(bool),
}

impl Scene {
    /// Whether the rules so far speak of it.
    pub fn counts(&self, event: &Happens) -> bool {
        match event {
            Happens::Logged(_) => self.step >= 3,
            // Whether the database is asked for a user is a matter of the cache.
            Happens::Begins(Statement::Find(_)) => self.step >= 4,
            // When its client leaves, it is rule 4 that says how it ends.
            Happens::Ends(_) | Happens::Panics(_) | Happens::Dropped(_) => {
                self.step >= 4
            }
            _ => true,
        }
    }

    /// Whether there is a network.
    pub fn has_server(&self) -> bool {
        self.step >= 5
    }
}

impl Reply {
    /// How long until the answer.
    pub fn after(self) -> Duration {
        match self {
            Reply::Takes(after)
            | Reply::Unavailable(after)
            | Reply::Fails(after)
            | Reply::Panics(after) => after,
            Reply::Hangs => Duration::MAX,
        }
    }

    pub fn has_effect(self) -> bool {
        matches!(self, Reply::Takes(_) | Reply::Hangs)
    }
}
