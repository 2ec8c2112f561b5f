//! Of the contract of `http` what becomes of connections: rule 5.

use std::{collections::VecDeque, time::Duration};

use kit::ms;

use super::{
    Due,
    Happens::*,
    Model,
    story::{Ask, What, Who},
};

#[derive(Default)]
pub(super) struct Server {
    /// By client.
    pub(super) connections: Vec<Connection>,
    pub(super) backlog: VecDeque<Next>,
    pub(super) is_paused: bool,
    /// Errors of `accept` in a row.
    errors: u32,
    pub(super) is_draining: bool,
    /// When the drain has to be over.
    pub(super) drained_by: Duration,
    /// `serve` has returned, or was dropped.
    pub(super) is_gone: bool,
}

/// What `accept` gives next.
pub(super) enum Next {
    Client(usize),
    Error { of_one: bool },
}

#[derive(Default)]
pub(super) struct Connection {
    pub(super) is_accepted: bool,
    pub(super) is_closed: bool,
    /// What its client has begun to send.
    pub(super) begun: Option<Ask>,
    /// What it has sent before it was accepted.
    sent: Option<Ask>,
    /// The request that is not answered.
    pub(super) asked: Option<usize>,
}

impl Server {
    /// How many whole requests have been sent on connections that are not accepted.
    pub(super) fn at_the_door(&self) -> usize {
        self.connections.iter().filter(|it| it.sent.is_some()).count()
    }
}

impl Connection {
    fn may_send(&self) -> bool {
        !self.is_closed
            && self.begun.is_none()
            && self.sent.is_none()
            && self.asked.is_none()
    }

    pub(super) fn is_idle(&self) -> bool {
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
            What::Sends(client, ask)
                if self.server.connections[*client].may_send() =>
            {
                self.sends(*client, ask.clone());
            }
            What::Finishes(client) => {
                let connection = &mut self.server.connections[*client];
                let begun = connection.begun.take();
                if let Some(ask) = begun.filter(|_| !connection.is_closed) {
                    self.open.sometimes(5, "a head comes in pieces");
                    self.sends(*client, ask);
                }
            }
            What::HangsUp(client)
                if self.server.connections[*client].is_accepted =>
            {
                self.closes(*client);
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

    /// Somebody connects for this request alone.
    pub(super) fn sends_alone(&mut self, ask: &Ask) {
        let client = self.server.connections.len();
        self.acts_on_the_network(&What::Connects);
        self.until(self.now);
        self.acts_on_the_network(&What::Sends(client, ask.clone()));
        self.until(self.now);
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
                    if pause == ms(1_000) {
                        open.sometimes(
                            5,
                            "`accept` fails until the wait is longest",
                        );
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
}
