//! The network of the shop, in memory: what `fakes::requests` is to the suite of `shutdown`. The part takes
//! its connections from here under that name, so the public items are those of the fake.

use std::collections::VecDeque;

use tokio::sync::{mpsc, oneshot};

use crate::part::Boxed;

/// What comes back: yes, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The order is in; what it costs.
    Yes(u32),
    /// Not now: too many orders are here already.
    Refused,
    /// A supplier did not deliver.
    Failed,
}

/// A new network: where clients connect, and where the shop accepts.
pub fn network() -> (Street, Listener) {
    let (connects, backlog) = mpsc::unbounded_channel();
    (Street(connects), Listener { backlog })
}

/// Where clients come from.
#[derive(Clone)]
pub struct Street(mpsc::UnboundedSender<Connection>);

impl Street {
    /// Connects, asks for `work`, and waits for the reply. `None`: the connection was closed without one.
    pub async fn ask(&self, work: Boxed<'static, Reply>) -> Option<Reply> {
        let (asks, pipe) = mpsc::unbounded_channel();
        let (answers, reply) = oneshot::channel();
        let connection = Connection { pipe, buffer: VecDeque::new() };
        if self.0.send(connection).is_err() {
            return Some(Reply::Refused);
        }
        _ = asks.send(Request { work, answers });
        reply.await.ok()
    }
}

/// Accepts the connections of its [`Street`]. Dropping it refuses everyone who comes later, and who waits in it.
pub struct Listener {
    backlog: mpsc::UnboundedReceiver<Connection>,
}

impl Listener {
    /// The next connection. Cancel safe.
    pub async fn accept(&mut self) -> Connection {
        match self.backlog.recv().await {
            Some(connection) => connection,
            // With nobody left to connect, it waits for ever.
            None => std::future::pending().await,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Why: the signal comes from another thread, so it may come between a client and its `accept`.
        self.backlog.close();
        while let Ok(mut connection) = self.backlog.try_recv() {
            while let Ok(request) = connection.pipe.try_recv() {
                _ = request.answers.send(Reply::Refused);
            }
        }
    }
}

/// The server's end of a connection. Dropping it closes it; what is in its buffer is lost then.
pub struct Connection {
    pipe: mpsc::UnboundedReceiver<Request>,
    buffer: VecDeque<Response>,
}

impl Connection {
    /// The next request; `None` when the client has hung up. With nothing in the pipe it flushes first. Cancel
    /// safe.
    pub async fn next_request(&mut self) -> Option<Request> {
        if let Ok(request) = self.pipe.try_recv() {
            return Some(request);
        }
        self.flush().await;
        self.pipe.recv().await
    }

    /// Puts `response` into the buffer. Sends nothing.
    pub fn respond(&mut self, response: Response) {
        self.buffer.push_back(response);
    }

    /// Sends what is in the buffer. Cancel safe.
    pub async fn flush(&mut self) {
        for Response { reply, answers } in self.buffer.drain(..) {
            // Why the result is dropped: the client may have left.
            _ = answers.send(reply);
        }
    }
}

/// One request, taken from a [`Connection`]. Give it to [`process`].
pub struct Request {
    work: Boxed<'static, Reply>,
    answers: oneshot::Sender<Reply>,
}

/// The outcome of [`process`]. Give it back to the [`Connection`] the request came from.
#[derive(Debug)]
pub struct Response {
    reply: Reply,
    answers: oneshot::Sender<Reply>,
}

/// Works on `request` for as long as the request needs.
pub async fn process(request: Request) -> Response {
    let Request { work, answers } = request;
    Response { reply: work.await, answers }
}
