//! Of the contract of `http` how `serve` comes to its end: rule 6.

use std::time::Duration;

use super::{
    Due,
    Happens::*,
    Model,
    request::Asked,
    server::{Connection, Next},
    story::Who,
};

impl Model<'_> {
    pub(super) fn signals(&mut self) {
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
        // "closes at once, or is served under rule 5 until its request is answered".
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
    pub(super) fn stops_listening(&mut self) {
        self.tell(StopsListening);
        self.forget(Due::Accept);
        self.server.is_paused = false;
        self.refuses();
    }

    pub(super) fn refuses(&mut self) {
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

    pub(super) fn drops_all(&mut self) {
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
