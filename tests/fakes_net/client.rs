//! One client.

use axum::{body::Body, http::Response};
use http_body_util::BodyExt as _;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use kit::{Lane, World, spawn};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream},
    task::JoinHandle,
};

use crate::{Answer, Ask};

/// The client's end of a connection, as bytes. Dropping it hangs up.
pub struct Client {
    pub(crate) world: World,
    pub(crate) lane: Lane,
    pub(crate) bytes: DuplexStream,
}

impl Client {
    /// Sends these bytes, whatever they are.
    ///
    /// # Panics
    ///
    /// When the server has closed the connection.
    pub async fn send(&mut self, bytes: &str) {
        self.lane.log(format!("sends {} bytes", bytes.len()));
        let sent = self.bytes.write_all(bytes.as_bytes()).await;
        sent.expect("the connection is open");
    }

    /// Everything that the server sends until it closes the connection, and when it does that, in milliseconds.
    pub async fn until_closed(mut self) -> (String, u64) {
        let _waits =
            self.world.waiting(format!("{} to be closed", self.lane.name()));
        let mut bytes = vec![];
        // A connection that breaks is closed, too.
        _ = self.bytes.read_to_end(&mut bytes).await;
        (String::from_utf8_lossy(&bytes).into_owned(), self.world.now_ms())
    }

    /// Speaks HTTP from now on, in a task of its own.
    ///
    /// # Panics
    ///
    /// Never: nothing is sent yet.
    pub async fn http(self) -> Http {
        let Client { world, lane, bytes } = self;
        let (sender, connection) =
            handshake(TokioIo::new(bytes)).await.expect("nothing is sent yet");
        // What goes wrong on the connection is told to whoever asks.
        let task = spawn(async move { _ = connection.await });
        Http { world, lane, sender, task }
    }
}

/// A client that speaks HTTP/1.1 and keeps its connection. Dropping it hangs up.
pub struct Http {
    world: World,
    lane: Lane,
    sender: SendRequest<Body>,
    task: JoinHandle<()>,
}

impl Http {
    /// Sends a request and waits for its answer; `None` when the connection closes before there is one.
    ///
    /// # Cancel safety
    ///
    /// Dropped after the request is sent, the client does not wait any longer; hang up to tell the server.
    pub async fn ask(&mut self, ask: &Ask) -> Option<Answer> {
        let span = self.lane.span("asks");
        let answer = self.answer(ask).await;
        match &answer {
            Some(answer) => span.end_as(&answer.status.to_string()),
            None => span.end_as("no answer"),
        }
        answer
    }

    async fn answer(&mut self, ask: &Ask) -> Option<Answer> {
        self.sender.ready().await.ok()?;
        let response = self.sender.send_request(ask.request()).await.ok()?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        Some(Answer::new(Response::from_parts(head, body)))
    }

    /// Waits until the server closes the connection, and says when, in milliseconds.
    pub async fn until_closed(mut self) -> u64 {
        let _waits =
            self.world.waiting(format!("{} to be closed", self.lane.name()));
        _ = (&mut self.task).await;
        self.world.now_ms()
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        self.task.abort();
    }
}
