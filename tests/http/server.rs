//! Of the contract of `http` what becomes of connections, and of `serve`: rules 5 and 6.

use std::{collections::VecDeque, time::Duration};

use kit::ms;

use super::{
    Due,
    Happens::*,
    Model,
    request::Asked,
    story::{Ask, What, Who},
};

#[derive(Default)]
pub(super) struct Server {
    /// By client.
    connections: Vec<Connection>,
    backlog: VecDeque<Next>,
    pub(super) is_paused: bool,
    /// Errors of `accept` in a row.
    errors: u32,
    pub(super) is_draining: bool,
    /// When the drain has to be over.
    drained_by: Duration,
    /// `serve` has returned, or was dropped.
    pub(super) is_gone: bool,
}

/// What `accept` gives next.
enum Next {
    Client(usize),
    Error { of_one: bool },
}

#[derive(Default)]
struct Connection {
    is_accepted: bool,
    is_closed: bool,
    /// What its client has begun to send.
    begun: Option<Ask>,
    /// What it has sent before it was accepted.
    sent: Option<Ask>,
    /// The request that is not answered.
    asked: Option<usize>,
}

impl Connection {
    fn may_send(&self) -> bool {
        !self.is_closed
            && self.begun.is_none()
            && self.sent.is_none()
            && self.asked.is_none()
    }

    fn is_idle(&self) -> bool {
        self.may_send() && self.is_accepted
    }
}

impl Model<'_> {
    pub(super) fn acts_on_the_network(&mut self, what: &What) {
        match what {
            What::Connects => {
                let client = self.server.connections.len();
                self.server.connections.push(Connection::default());
                self.server.backlog.push_back(Next::Client(client));
                self.accept();
            }
            What::FailsAccept { of_one } => {
                self.server.backlog.push_back(Next::Error { of_one: *of_one });
                self.accept();
            }
            What::Begins(client, ask) => {
                let connection = &mut self.server.connections[*client];
                if connection.may_send() {
                    connection.begun = Some(ask.clone());
                }
            }
            What::Sends(client, ask) => {
                if self.server.connections[*client].may_send() {
                    self.sends(*client, ask.clone());
                }
            }
            What::Finishes(client) => {
                let connection = &mut self.server.connections[*client];
                let begun = connection.begun.take();
                if let Some(ask) = begun.filter(|_| !connection.is_closed) {
                    self.open.sometimes(5, "a head comes in pieces");
                    self.sends(*client, ask);
                }
            }
            What::HangsUp(client) => {
                if self.server.connections[*client].is_accepted {
                    self.closes(*client);
                }
            }
            What::Signals => self.signals(),
            What::DropsServer if !self.server.is_gone => {
                self.open.sometimes(6, "`serve` is dropped");
                if !self.server.is_draining {
                    self.stops_listening();
                }
                self.drops_all();
            }
            _ => {}
        }
    }

    /// A client has sent the whole of a request.
    fn sends(&mut self, client: usize, ask: Ask) {
        if self.server.connections[client].is_accepted {
            self.forget(Due::Header(client));
            self.serves(client, &ask);
        } else {
            self.server.connections[client].sent = Some(ask);
        }
    }

    fn serves(&mut self, client: usize, ask: &Ask) {
        // Why before: an answer may be there at once.
        self.server.connections[client].asked = Some(self.asked.len());
        self.comes(Who::Client(client), ask);
    }

    /// Rule 5: "accepts every connection at once", but for its pauses.
    pub(super) fn accept(&mut self) {
        let open = self.open;
        while !self.server.is_paused {
            if self.server.is_draining || self.server.is_gone {
                return self.refuses();
            }
            match self.server.backlog.pop_front() {
                Some(Next::Client(client)) => {
                    self.server.errors = 0;
                    self.tell(Accepted(client));
                    self.is_accepted(client);
                }
                Some(Next::Error { of_one: true }) => {
                    open.sometimes(5, "`accept` fails for one connection");
                    self.tell(FailsToAccept);
                    // No rule says whether a row goes on behind it.
                    if self.server.errors > 0 && open.either() {
                        self.server.errors = 0;
                    }
                }
                Some(Next::Error { of_one: false }) => {
                    self.tell(FailsToAccept);
                    let pause = ms(1_000).min(ms(10) * (1 << self.server.errors));
                    if self.server.errors > 0 {
                        open.sometimes(5, "`accept` fails twice in a row");
                    }
                    self.server.errors = 7.min(self.server.errors + 1);
                    self.server.is_paused = true;
                    self.later(pause, Due::Accept);
                }
                None => return,
            }
        }
    }

    fn is_accepted(&mut self, client: usize) {
        let connection = &mut self.server.connections[client];
        connection.is_accepted = true;
        // With no time at all the head may be there at the first poll.
        let sent = connection.sent.take();
        let is_in_time = !self.scene.limits.header.is_zero();
        match sent.filter(|_| is_in_time || self.open.either()) {
            Some(ask) => self.serves(client, &ask),
            None => self.waits(client),
        }
    }

    /// A connection waits for the head of a request.
    fn waits(&mut self, client: usize) {
        self.later(self.scene.limits.header, Due::Header(client));
    }

    /// A client has its answer.
    pub(super) fn has_answer(&mut self, client: usize) {
        self.server.connections[client].asked = None;
        if self.server.is_draining {
            self.closes(client);
        } else {
            self.waits(client);
        }
    }

    pub(super) fn closes(&mut self, client: usize) {
        let connection = &mut self.server.connections[client];
        if connection.is_closed {
            return;
        }
        connection.is_closed = true;
        let asked = connection.asked.take();
        self.forget(Due::Header(client));
        if let Some(asked) = asked {
            self.leaves(asked);
        }
        self.tell(Closes(client));
        self.may_return();
    }

    fn signals(&mut self) {
        if self.server.is_draining || self.server.is_gone {
            return;
        }
        self.server.is_draining = true;
        let (now, limit) = (self.now, self.scene.limits.drain);
        self.server.drained_by = now.saturating_add(limit);
        self.stops_listening();
        let all = 0..self.server.connections.len();
        let (idle, busy): (Vec<_>, Vec<_>) = all
            .filter(|client| !self.server.connections[*client].is_closed)
            .partition(|client| self.server.connections[*client].is_idle());
        // With nobody to wait for it is over at the first poll.
        if idle.is_empty() && !self.is_busy() {
            self.server.drained_by = Duration::MAX;
        }
        self.later(limit, Due::Drain);
        idle.into_iter().for_each(|client| self.closes(client));
        // "closes at once or is served once more".
        for client in busy {
            let has_begun = self.server.connections[client].begun.is_some();
            if has_begun && self.open.either() {
                self.open.sometimes(6, "a part of a head has come at the signal");
                self.closes(client);
            }
        }
        self.may_return();
    }

    /// The connections that wait at the door are refused.
    fn stops_listening(&mut self) {
        self.tell(StopsListening);
        self.forget(Due::Accept);
        self.server.is_paused = false;
        self.refuses();
    }

    fn refuses(&mut self) {
        while let Some(next) = self.server.backlog.pop_front() {
            if let Next::Client(client) = next {
                self.open.sometimes(6, "a client is refused");
                self.server.connections[client].is_closed = true;
                self.tell(Refused(client));
            }
        }
    }

    fn is_busy(&self) -> bool {
        let is_open = |it: &Connection| it.is_accepted && !it.is_closed;
        let is_delete = |asked: &Asked| {
            asked.running.as_ref().is_some_and(|running| running.is_delete())
        };
        self.server.connections.iter().any(is_open)
            || self.asked.iter().any(is_delete)
    }

    /// "in the instant in which all connections have closed and all DELETEs have ended".
    pub(super) fn may_return(&mut self) {
        if !self.server.is_draining || self.server.is_gone || self.is_busy() {
            return;
        }
        self.server.is_gone = true;
        self.forget(Due::Drain);
        // At a tie it may be in time.
        let is_tie = self.server.drained_by == self.now;
        self.tell(Returns(!is_tie || self.open.either()));
    }

    /// Whether the connection of a request may be dropped in this instant, before it tells the client.
    pub(super) fn may_be_dropped(&self, who: Who) -> bool {
        let is_at_its_end = self.server.drained_by == self.now;
        self.server.is_draining && is_at_its_end && matches!(who, Who::Client(_))
    }

    /// "After `limits.drain` it drops what is left".
    pub(super) fn drain_is_over(&mut self) {
        self.open.sometimes(6, "the drain has taken too long");
        self.drops_all();
        self.tell(Returns(false));
    }

    fn drops_all(&mut self) {
        self.server.is_gone = true;
        self.forget(Due::Drain);
        for n in 0..self.asked.len() {
            let is_delete = self.asked[n].running.as_ref();
            if is_delete.is_none_or(|running| !running.is_delete()) {
                continue;
            }
            self.drops_statement(n);
            // Whose DELETE is dropped just before its connection may have an answer, or only a line.
            let Who::Client(client) = self.asked[n].who else { continue };
            match self.open.one_of(3) {
                1 => self.answer(n, 500, None),
                2 if !self.asked[n].is_over => {
                    self.asked[n].is_over = true;
                    self.logs(n, "500");
                    self.server.connections[client].asked = None;
                }
                _ => {}
            }
        }
        for client in 0..self.server.connections.len() {
            if self.server.connections[client].is_accepted {
                self.closes(client);
            }
        }
    }
}
