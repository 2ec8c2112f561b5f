//! The server's side: what it accepts, what it takes from a connection, and the work itself.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Poll, ready},
};

use kit::{Live, Span, ms};
use tokio::{
    sync::mpsc,
    time::{Sleep, sleep},
};

use super::wire::{Deed, Net, Reading, Seen, Wire};

/// Accepts the connections of its [`Clients`](super::Clients). Dropping it refuses those that wait in it, and
/// everyone who comes later.
pub struct Listener {
    pub(super) net: Net,
    pub(super) backlog: mpsc::UnboundedReceiver<Connection>,
}

impl Listener {
    /// The next connection. Waits while nobody connects.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: dropped before it resolves, no connection is lost.
    pub async fn accept(&mut self) -> Connection {
        let mut connection = poll_fn(|cx| {
            self.net.world.touch(|| "accept".into());
            match self.backlog.poll_recv(cx) {
                Poll::Ready(Some(connection)) => Poll::Ready(connection),
                // With nobody left to connect, it waits for ever.
                Poll::Ready(None) | Poll::Pending => Poll::Pending,
            }
        })
        .await;
        connection.open = Some(self.net.open.enter());
        let Wire { name, client, .. } = &*connection.wire;
        self.net.log(&self.net.server, || format!("accepts {name}"));
        self.net.tell(Deed::Accepted(*client));
        self.net.disturb().await;
        connection
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.net.log_in_drop(&self.net.server, || "stops listening".into());
        self.net.tell(Deed::StopsListening);
    }
}

/// The server's end of a connection. Responses go into a buffer, and from there to the client
/// with the next flush. Dropping it closes the connection; what is in the buffer is lost then,
/// as it is with a `tokio::io::BufWriter`.
pub struct Connection {
    pub(super) wire: Arc<Wire>,
    pub(super) pipe: mpsc::UnboundedReceiver<Request>,
    pub(super) buffer: VecDeque<Response>,
    pub(super) sending: Option<Pin<Box<Sleep>>>,
    pub(super) open: Option<Live>,
}

impl Connection {
    /// The next request in the pipe; `None` when the client has hung up. With nothing in the pipe
    /// it flushes first, as it has the time, and then waits.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: dropped before it resolves, no request and no response is lost. Responses
    /// that were on their way are still in the buffer.
    pub async fn next_request(&mut self) -> Option<Request> {
        let mut request = self.touch_pipe().try_recv().ok();
        if request.is_none() {
            self.flush().await;
            request = poll_fn(|cx| self.touch_pipe().poll_recv(cx)).await;
        }
        self.wire.net.disturb().await;
        request
    }

    fn touch_pipe(&mut self) -> &mut mpsc::UnboundedReceiver<Request> {
        self.wire.net.world.touch(|| "next_request".into());
        &mut self.pipe
    }

    /// Puts `response` into the buffer. Takes no time, and sends nothing.
    pub fn respond(&mut self, response: Response) {
        self.buffer.push_back(response);
    }

    /// Sends what is in the buffer. Takes as long as the client takes to read it. Whoever flushes earlier than rule 6 asks
    /// is right, too.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: dropped before it resolves, everything is still in the buffer, and the next
    /// flush goes on where this one stopped.
    pub async fn flush(&mut self) {
        if self.buffer.is_empty() {
            return;
        }
        poll_fn(|cx| {
            self.wire.net.world.touch(|| "flush".into());
            match self.wire.note(|seen, _| seen.reading) {
                Reading::AtOnce => return Poll::Ready(()),
                Reading::Never => return Poll::Pending,
                Reading::After(takes_ms) => {
                    let begin = || Box::pin(sleep(ms(takes_ms)));
                    let sending = self.sending.get_or_insert_with(begin);
                    ready!(sending.as_mut().poll(cx));
                }
            }
            self.sending = None;
            Poll::Ready(())
        })
        .await;
        for Response { number } in self.buffer.drain(..) {
            self.wire.log(|| format!("answer {number} arrives"));
            self.wire.note(|seen, now| seen.answered.push(now));
        }
        let (answered, begun) =
            self.wire.note(|seen, _| (seen.answered.len(), seen.begun.len()));
        if self.pipe.is_empty() && answered == begun {
            self.wire.net.tell(Deed::Answered(self.wire.client, answered));
        }
        self.wire.net.disturb().await;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let refused = self.open.is_none();
        let Wire { lane, net, client, .. } = &*self.wire;
        for Response { number } in &self.buffer {
            net.log_in_drop(lane, || format!("answer {number} lost in the buffer"));
        }
        let word = if refused { "refused" } else { "closed" };
        net.log_in_drop(lane, || word.into());
        let client = *client;
        let closed = self.wire.note(|seen, now| {
            seen.lost = self.buffer.len();
            seen.refused = refused;
            seen.closed_at = Some(now);
            let Seen { begun, processed, answered, .. } = &*seen;
            let [begun, processed, answered] =
                [begun, processed, answered].map(Vec::len);
            Deed::Closed { client, begun, processed, answered }
        });
        net.tell(if refused { Deed::Refused(client) } else { closed });
    }
}

/// One request, taken from a [`Connection`]. Give it to [`process`].
pub struct Request {
    pub(super) wire: Arc<Wire>,
    pub(super) number: usize,
    pub(super) takes_ms: u64,
    pub(super) panics: bool,
}

/// The outcome of [`process`]. Give it back to the [`Connection`] the request came from.
#[derive(Debug)]
pub struct Response {
    pub(super) number: usize,
}

/// The application: works on `request` for as long as the request needs.
///
/// # Panics
///
/// If the client asked for it, see [`ask_and_panic`](super::Client::ask_and_panic).
///
/// # Cancel safety
///
/// Not cancel safe: dropped before it resolves, the work stops halfway, and nobody takes back
/// what it has already done.
pub async fn process(request: Request) -> Response {
    let Request { wire, number, .. } = &request;
    let _working = wire.net.working.enter();
    wire.note(|seen, now| seen.begun.push(now));
    let is_told = wire.net.tell.is_some();
    let span = (!is_told).then(|| wire.lane.span(format!("request {number}")));
    let mut work = Work::begins(&request);
    sleep(ms(request.takes_ms)).await;
    if request.panics {
        work.ends(Deed::Panics);
        panic!("request {number} of {} panics", wire.name);
    }
    work.ends(Deed::Ends);
    span.into_iter().for_each(Span::end);
    wire.note(|seen, now| seen.processed.push(now));
    wire.net.disturb().await;
    Response { number: *number }
}

/// Tells how the work on a request goes.
struct Work<'a> {
    request: &'a Request,
    is_over: bool,
}

impl<'a> Work<'a> {
    fn begins(request: &'a Request) -> Self {
        let work = Work { request, is_over: false };
        work.tell(Deed::Begins);
        work
    }

    fn ends(&mut self, how: fn(usize, usize) -> Deed) {
        self.is_over = true;
        self.tell(how);
    }

    fn tell(&self, what: fn(usize, usize) -> Deed) {
        let Request { wire, number, .. } = self.request;
        wire.net.tell(what(wire.client, *number));
    }
}

impl Drop for Work<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.tell(Deed::Dropped);
        }
    }
}
