//! The scenes of `http` in words.

use std::{fmt, time::Duration};

use kit::scenes::{Event, told, told_after};

use super::story::{Ask, Happens, Key, Limits, Reply, Scene, Statement, What, Who};

const NAMES: [&str; 6] = ["gus", "fay", "ian", "kim", "lea", "max"];

/// The name of a client.
pub fn name(client: usize) -> &'static str {
    NAMES.get(client).copied().unwrap_or("another")
}

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        let asked = |what: String| ("database", what);
        match self {
            Happens::Begins(it) => asked(format!("{it} begins")),
            Happens::Ends(it) => asked(format!("{it} ends")),
            Happens::Panics(it) => asked(format!("{it} panics")),
            Happens::Dropped(it) => asked(format!("{it} is dropped")),
            Happens::Answered(Who::Request(n), status, rest) => {
                let what = format!("request {} gets {status}{rest}", n + 1);
                ("router", what)
            }
            Happens::Answered(Who::Client(k), status, rest) => {
                (name(*k), format!("gets {status}{rest}"))
            }
            Happens::Logged(line) => ("log", format!("says {line}")),
            Happens::Accepted(k) => (name(*k), "is accepted".to_owned()),
            Happens::FailsToAccept => ("serve", "has no connection".to_owned()),
            Happens::StopsListening => ("serve", "drops its listener".to_owned()),
            Happens::Refused(k) => (name(*k), "is refused".to_owned()),
            Happens::Closes(k) => (name(*k), "sees the connection close".to_owned()),
            Happens::Returns(true) => ("serve", "returns Ok".to_owned()),
            Happens::Returns(false) => ("serve", "returns Err".to_owned()),
        }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Statement::List => f.write_str("list"),
            Statement::Find(id) => write!(f, "find {id}"),
            Statement::Insert(name) => write!(f, "insert {name:?}"),
            Statement::Delete(id) => write!(f, "delete {id}"),
        }
    }
}

impl Scene {
    /// What is given, a line for each act.
    pub fn lines(&self) -> Vec<String> {
        let Limits { body, handler, header, drain } = self.limits;
        let mut lines = vec![];
        if self.step >= 4 {
            lines.push(format!("body {body} bytes, handler {}", told(handler)));
        }
        if self.step >= 5 {
            lines.push(format!("header {}, drain {}", told(header), told(drain)));
        }
        let (mut at, mut requests, mut clients) = (Duration::ZERO, 0, 0);
        for act in &self.acts {
            at += act.after;
            let words = match &act.what {
                What::Asks(ask) => {
                    requests += 1;
                    format!("request {requests} is {}", ask.words())
                }
                What::Connects => {
                    clients += 1;
                    format!("{} connects", name(clients - 1))
                }
                What::Crowd(n, ask) if self.step >= 5 => {
                    format!("{n} others connect, and each sends {}", ask.words())
                }
                What::Crowd(n, ask) => {
                    let first = requests + 1;
                    requests += n;
                    format!("requests {first} to {requests} are {}", ask.words())
                }
                other => other.words(),
            };
            lines.push(format!("at {}: {words}", told(at)));
        }
        lines
    }
}

impl What {
    fn words(&self) -> String {
        match self {
            What::Database(reply) => format!("the database {}", reply.words()),
            What::Leaves(n) => format!("the client of request {} leaves", n + 1),
            What::Begins(k, ask) => {
                format!("{} begins to send {}", name(*k), ask.words())
            }
            What::Finishes(k) => {
                format!("{} sends the rest of what it began", name(*k))
            }
            What::Sends(k, ask) => format!("{} sends {}", name(*k), ask.words()),
            What::HangsUp(k) => format!("{} hangs up", name(*k)),
            What::FailsAccept { of_one: true } => {
                "`accept` fails for one connection".to_owned()
            }
            What::FailsAccept { of_one: false } => {
                "`accept` fails: too many files".to_owned()
            }
            What::Signals => "`shutdown` ends".to_owned(),
            What::DropsServer => "the future of `serve` is dropped".to_owned(),
            What::Asks(_) | What::Connects | What::Crowd(..) => String::new(),
        }
    }
}

impl Reply {
    fn words(self) -> String {
        let when = told_after(self.after());
        match self {
            Reply::Takes(_) => format!("answers {when} from now on"),
            Reply::Unavailable(_) => format!("is unavailable {when} from now on"),
            Reply::Fails(_) => format!("fails {when} from now on"),
            Reply::Panics(_) => format!("panics {when} from now on"),
            Reply::Hangs => "never answers from now on".to_owned(),
        }
    }
}

impl Ask {
    pub fn words(&self) -> String {
        let Ask { method, path, key, body } = self;
        let mut words = format!("{method} {path}");
        if *method == "POST" {
            words += &format!(" {}", body.text);
            match body.said_to_be {
                Some("application/json") => {}
                Some(other) => words += &format!(" as {other}"),
                None => words += " with no content type",
            }
        }
        if let Some(slow) = body.slow {
            words += &format!(", its second half {} later", told(slow));
        }
        match key {
            Key::Admin => {}
            Key::Reader => words += ", a reader's key",
            Key::None => words += ", no key",
            Key::Wrong(n) => {
                words += &format!(", `{}`", super::story::WRONG[*n]);
            }
        }
        words
    }
}
