//! Of the contract of `http` what becomes of one request: rules 1 to 4.

use std::time::Duration;

use super::{
    Due, Model,
    statement::{Rows, Running},
    story::{Ask, Happens, Is, Key, Route, Statement, Who},
};

/// A request that has come to the router.
pub(super) struct Asked {
    pub(super) who: Who,
    pub(super) ask: Ask,
    came: Duration,
    /// It is answered, or its client has left.
    pub(super) is_over: bool,
    pub(super) running: Option<Running>,
    /// What it is told when its body is there, whatever that is.
    refused: Option<u16>,
}

impl Model<'_> {
    pub(super) fn comes(&mut self, who: Who, ask: &Ask) -> usize {
        let n = self.asked.len();
        let (ask, came) = (ask.clone(), self.now);
        let (is_over, running, refused) = (false, None, None);
        self.asked.push(Asked { who, ask, came, is_over, running, refused });
        match (self.refused(n), self.asked[n].ask.body.slow) {
            // No rule says that nobody waits for its body, but for those that rule 2 turns away.
            (Some(status), Some(slow))
                if ![401, 403].contains(&status) && self.open.either() =>
            {
                self.asked[n].refused = Some(status);
                self.later(slow, Due::Body(n));
            }
            (Some(status), _) => self.answer(n, status, None),
            (None, _) => self.handled(n),
        }
        if !self.asked[n].is_over {
            self.later(self.scene.limits.handler, Due::Limit(n));
        }
        n
    }

    /// What is answered before any handler: rule 2, and paths and methods that there are not.
    fn refused(&mut self, n: usize) -> Option<u16> {
        let ask = &self.asked[n].ask;
        let Some(route) = ask.route() else { return Some(404) };
        let is_get = ["GET", "HEAD"].contains(&ask.method);
        let there_is = match route {
            Route::Live | Route::Ready => return (!is_get).then_some(405),
            Route::Users => is_get || ask.method == "POST",
            Route::User(_) => is_get || ask.method == "DELETE",
        };
        // "before anything else".
        match ask.key {
            Key::None | Key::Wrong(_) => {
                self.open.sometimes(2, "no known key is shown");
                return Some(401);
            }
            Key::Reader if !ask.is_safe() => {
                self.open.sometimes(2, "a reader wants to change something");
                return Some(403);
            }
            Key::Reader | Key::Admin => {}
        }
        let mut wrong = vec![];
        wrong.extend((!there_is).then_some(405));
        wrong.extend((route == Route::User(None)).then_some(400));
        // A body that no handler reads may be refused for its length, but need not be.
        let is_large = ask.body.text.len() > self.scene.limits.body;
        wrong.extend((is_large && !wrong.is_empty()).then_some(413));
        // "A request with two faults may have the status of either".
        (!wrong.is_empty()).then(|| wrong[self.open.one_of(wrong.len())])
    }

    fn handled(&mut self, n: usize) {
        let (who, ask) = (self.asked[n].who, &self.asked[n].ask);
        match (ask.route(), ask.method) {
            (Some(Route::Users), "POST") => {
                let first = ask.body.text.len() / 2;
                let is_early = first > self.scene.limits.body;
                match (ask.body.slow, who) {
                    // It may be told as soon as it is true, or when the body is there.
                    (Some(_), _) if self.early(n, is_early) => {}
                    (Some(slow), _) => self.later(slow, Due::Body(n)),
                    // Whether it is there at the first poll is up to the network.
                    (None, Who::Client(_)) => {
                        self.later(Duration::ZERO, Due::Body(n));
                    }
                    (None, Who::Request(_)) => self.has_body(n),
                }
            }
            (Some(Route::Users), _) => self.begins(n, Statement::List),
            (Some(Route::User(Some(id))), "DELETE") => {
                self.begins(n, Statement::Delete(id));
            }
            (Some(Route::User(Some(id))), _) => self.show(n, id),
            // Rule 6: "`/ready` is 503 in the same instant".
            (Some(Route::Ready), _) if self.server.is_draining => {
                self.open.sometimes(6, "it is not ready any more");
                self.answer(n, 503, None);
            }
            _ => self.answer(n, 200, None),
        }
    }

    /// What its first half or its header tells of a body that is slow.
    fn early(&mut self, n: usize, is_too_large: bool) -> bool {
        let is_text = !self.asked[n].ask.body.is_said_to_be_json();
        for (is_it, status) in [(is_text, 415), (is_too_large, 413)] {
            if is_it && self.open.either() {
                self.answer(n, status, None);
                return true;
            }
        }
        false
    }

    /// The whole body is there.
    pub(super) fn has_body(&mut self, n: usize) {
        if let Some(status) = self.asked[n].refused {
            return self.answer(n, status, None);
        }
        let body = &self.asked[n].ask.body;
        let is_large = body.text.len() > self.scene.limits.body;
        let mut wrong = vec![];
        wrong.extend((!body.is_said_to_be_json()).then_some(415));
        if is_large {
            self.open.sometimes(4, "a body is too large");
            wrong.push(413);
        }
        let name = match &body.is {
            Is::Name(name) => Some(name.clone()),
            Is::NoName => (wrong.push(422), None).1,
            Is::NoJson => (wrong.push(400), None).1,
        };
        match name {
            Some(name) if wrong.is_empty() => {
                self.begins(n, Statement::Insert(name));
            }
            // "A request with two faults may have the status of either".
            _ => {
                let status = wrong[self.open.one_of(wrong.len())];
                self.answer(n, status, None);
            }
        }
    }

    /// Its answer is ready.
    pub(super) fn answer(&mut self, n: usize, status: u16, rows: Option<Rows>) {
        let asked = &mut self.asked[n];
        if asked.is_over {
            return;
        }
        asked.is_over = true;
        let (who, rest) = (asked.who, asked.rest(status, rows));
        self.logs(n, &status.to_string());
        self.stops(n);
        self.tell(Happens::Answered(who, status, rest));
        if let Who::Client(client) = who {
            self.has_answer(client);
        }
    }

    /// Its client has left, or the server has dropped the connection.
    pub(super) fn leaves(&mut self, n: usize) {
        if !self.asked[n].is_over {
            self.asked[n].is_over = true;
            self.logs(n, "cancelled");
            self.stops(n);
        }
    }

    /// Rule 3.
    pub(super) fn logs(&mut self, n: usize, status: &str) {
        let Asked { ask, came, .. } = &self.asked[n];
        let template = ask.route().map_or("-", Route::template);
        let ms = (self.now - *came).as_millis();
        let line = format!("{} {template} {status} {ms} ms", ask.method);
        self.tell(Happens::Logged(line));
    }

    /// Nothing of it goes on but a DELETE.
    fn stops(&mut self, n: usize) {
        self.forget(Due::Body(n));
        self.forget(Due::Limit(n));
        match &self.asked[n].running {
            Some(running) if running.is_delete() => {
                self.open.sometimes(4, "a DELETE goes on without its request");
            }
            Some(_) => self.drops_statement(n),
            None => {}
        }
    }
}

impl Asked {
    /// What the rules say of an answer beside its status.
    fn rest(&self, status: u16, rows: Option<Rows>) -> String {
        let user = |(id, name): &(u64, String)| {
            format!("{{\"id\":{id},\"name\":\"{name}\"}}")
        };
        let body = match &rows {
            Some(Rows::All(rows)) => {
                let rows: Vec<_> = rows.iter().map(user).collect();
                format!("[{}]", rows.join(","))
            }
            Some(Rows::One(Some(row))) if status == 201 => {
                return format!(" at /users/{}", row.0);
            }
            Some(Rows::One(Some(row))) => user(row),
            _ => format!("{{\"error\":\"{}\"}}", reason(status)),
        };
        let asks = if status == 401 { ", asks for a key" } else { "" };
        let body = if self.ask.says_body(status) {
            format!(" {body}")
        } else {
            String::new()
        };
        format!("{body}{asks}")
    }
}

/// The standard reason of a status.
fn reason(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Payload Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Entity",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Internal Server Error",
    }
}
