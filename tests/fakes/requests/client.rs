//! One client, and what is expected of the server that has it.

use std::{panic::Location, sync::Arc};

use kit::{Failure, World, first_difference};
use tokio::sync::mpsc;

use super::{
    server::Request,
    wire::{Reading, Seen, Wire},
};

/// The client's end of a connection. Dropping it hangs up.
pub struct Client {
    pub(super) wire: Arc<Wire>,
    pub(super) asks: mpsc::UnboundedSender<Request>,
}

impl Client {
    /// Sends a request that needs `takes_ms` to process.
    pub fn ask(&self, takes_ms: u64) {
        self.ask_many(1, takes_ms);
    }

    /// Sends `n` such requests at once: they wait in the pipe, in order.
    pub fn ask_many(&self, n: usize, takes_ms: u64) {
        let first = self.wire.note(|seen, _| seen.asked) + 1;
        let which = match n {
            1 => first.to_string(),
            n => format!("{first} to {}", first + n - 1),
        };
        self.wire.lane.log(format!("asks {which}"));
        for _ in 0..n {
            self.send(takes_ms, false);
        }
    }

    /// Sends a request that panics when it was processed for `after_ms`.
    pub fn ask_and_panic(&self, after_ms: u64) {
        let number = self.wire.note(|seen, _| seen.asked) + 1;
        self.wire.lane.log(format!("asks {number} (panics)"));
        self.send(after_ms, true);
    }

    fn send(&self, takes_ms: u64, panics: bool) {
        let number = self.wire.note(|seen, _| {
            seen.asked += 1;
            seen.asked
        });
        let wire = self.wire.clone();
        // A closed connection takes no request; the picture shows that it is closed.
        _ = self.asks.send(Request { wire, number, takes_ms, panics });
    }

    /// Hangs up: no request follows those that were sent. Answers still arrive.
    pub fn hang_up(&mut self) {
        self.wire.lane.log("hangs up");
        self.asks = mpsc::unbounded_channel().0;
    }

    /// From now on each flush to this client takes `takes_ms`.
    pub fn read_slowly(&self, takes_ms: u64) {
        self.wire.lane.log("reads slowly");
        self.wire.note(|seen, _| seen.reading = Reading::After(takes_ms));
    }

    /// From now on a flush to this client never ends.
    pub fn stop_reading(&self) {
        self.wire.lane.log("stops reading");
        self.wire.note(|seen, _| seen.reading = Reading::Never);
    }

    /// Whether the listener was gone before it accepted this connection.
    pub fn is_refused(&self) -> bool {
        self.wire.note(|seen, _| seen.refused)
    }

    /// Answers that were in the buffer when the connection closed.
    pub fn lost(&self) -> usize {
        self.wire.note(|seen, _| seen.lost)
    }

    /// Fails with `rule` unless processing of this client's requests began at these milliseconds.
    ///
    /// # Panics
    ///
    /// Ends the test.
    #[track_caller]
    pub fn expect_begun_at<const N: usize>(&self, at_ms: [u64; N], rule: &str) {
        self.expect_times("requests begun", |seen| seen.begun.clone(), &at_ms, rule);
    }

    /// Fails with `rule` unless requests of this client were processed to the end at these
    /// milliseconds.
    ///
    /// # Panics
    ///
    /// Ends the test.
    #[track_caller]
    pub fn expect_processed_at<const N: usize>(&self, at_ms: [u64; N], rule: &str) {
        let processed = |seen: &Seen| seen.processed.clone();
        self.expect_times("requests processed", processed, &at_ms, rule);
    }

    /// Fails with `rule` unless answers arrived at this client at these milliseconds.
    ///
    /// # Panics
    ///
    /// Ends the test.
    #[track_caller]
    pub fn expect_answered_at<const N: usize>(&self, at_ms: [u64; N], rule: &str) {
        let answered = |seen: &Seen| seen.answered.clone();
        self.expect_times("answers", answered, &at_ms, rule);
    }

    /// Fails with `rule` unless the server closed this connection at `at_ms`.
    ///
    /// # Panics
    ///
    /// Ends the test.
    #[track_caller]
    pub fn expect_closed_at(&self, at_ms: u64, rule: &str) {
        let name = &self.wire.name;
        let now = self.wire.net.world.now_ms();
        let closed_at = self.wire.note(|seen, _| seen.closed_at);
        let difference = match closed_at {
            Some(at) if at == at_ms => return,
            Some(at) => format!("{name} was closed at {}", apart(at, at_ms)),
            None => format!("{name} is still open at {now} ms, {at_ms} ms was due"),
        };
        fail(&self.wire.net.world, rule, difference, Location::caller());
    }

    #[track_caller]
    fn expect_times(
        &self,
        what: &str,
        read: impl FnOnce(&Seen) -> Vec<u64>,
        expected: &[u64],
        rule: &str,
    ) {
        let observed = self.wire.note(|seen, _| read(seen));
        let Some(difference) = first_difference(expected, &observed) else {
            return;
        };
        let difference = format!("of {}'s {what}, {difference}", self.wire.name);
        fail(&self.wire.net.world, rule, difference, Location::caller());
    }
}

/// `500 ms, 400 ms too late`
pub(super) fn apart(at_ms: u64, due_ms: u64) -> String {
    if at_ms < due_ms {
        format!("{at_ms} ms, {} ms too early", due_ms - at_ms)
    } else {
        format!("{at_ms} ms, {} ms too late", at_ms - due_ms)
    }
}

pub(super) fn fail(
    world: &World,
    rule: &str,
    difference: String,
    at: &Location<'_>,
) -> ! {
    world.fail(Failure::rule(rule).difference(difference).at(at))
}
