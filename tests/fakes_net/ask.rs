//! A request and its answer.

use std::convert::Infallible;

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{
        HeaderMap, Method, Request, Response,
        header::{AUTHORIZATION, CONTENT_TYPE, HOST},
    },
};
use kit::{Lane, World, ms};
use serde_json::Value;
use tokio::time::sleep;
use tokio_stream::StreamExt as _;
use tower::ServiceExt as _;

/// A request that can be made as often as you like.
#[derive(Clone)]
pub struct Ask {
    method: Method,
    path: String,
    key: Option<String>,
    content_type: Option<&'static str>,
    body: Content,
}

#[derive(Clone)]
enum Content {
    Whole(Bytes),
    Chunks { lane: Lane, chunks: Vec<(u64, Bytes)> },
}

impl Ask {
    fn new(method: Method, path: &str) -> Self {
        Ask {
            method,
            path: path.to_owned(),
            key: None,
            content_type: None,
            body: Content::Whole(Bytes::new()),
        }
    }

    /// `GET path`
    pub fn get(path: &str) -> Self {
        Ask::new(Method::GET, path)
    }

    /// `POST path`, with this body, as JSON.
    pub fn post(path: &str, body: impl Into<Bytes>) -> Self {
        let body = Content::Whole(body.into());
        let content_type = Some("application/json");
        Ask { content_type, body, ..Ask::new(Method::POST, path) }
    }

    /// `DELETE path`
    pub fn delete(path: &str) -> Self {
        Ask::new(Method::DELETE, path)
    }

    /// `GET /users/1`
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// ``GET /users/1 with `Authorization: Bearer key` ``
    pub fn line_and_key(&self) -> String {
        match &self.key {
            Some(key) => format!("{} with `Authorization: {key}`", self.line()),
            None => format!("{} without `Authorization`", self.line()),
        }
    }

    /// The same with another method.
    pub fn method(self, method: Method) -> Self {
        Ask { method, ..self }
    }

    /// The same with `Authorization: Bearer key`.
    pub fn key(self, key: &str) -> Self {
        Ask { key: Some(format!("Bearer {key}")), ..self }
    }

    /// The same with this whole value of `Authorization`.
    pub fn authorization(self, value: &str) -> Self {
        Ask { key: Some(value.to_owned()), ..self }
    }

    /// The same with another content type, or none.
    pub fn content_type(self, content_type: Option<&'static str>) -> Self {
        Ask { content_type, ..self }
    }

    /// The same with a body of unknown length: each chunk comes so many milliseconds after the one before was
    /// taken. A chunk that is taken is drawn on the lane `body`.
    pub fn chunks(self, world: &World, chunks: &[(u64, &str)]) -> Self {
        let own = |(after_ms, text): &(u64, &str)| {
            (*after_ms, Bytes::copy_from_slice(text.as_bytes()))
        };
        let chunks = chunks.iter().map(own).collect();
        Ask { body: Content::Chunks { lane: world.lane("body"), chunks }, ..self }
    }

    /// It as a request.
    ///
    /// # Panics
    ///
    /// When the path is none.
    pub fn request(&self) -> Request<Body> {
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(&self.path)
            .header(HOST, "memory");
        if let Some(content_type) = self.content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        if let Some(key) = &self.key {
            // Why as bytes: a header need not be text.
            request = request.header(AUTHORIZATION, key.as_bytes());
        }
        let body = match self.body.clone() {
            Content::Whole(bytes) => Body::from(bytes),
            Content::Chunks { lane, chunks } => {
                let stream =
                    tokio_stream::iter(chunks).then(move |(after_ms, chunk)| {
                        let lane = lane.clone();
                        async move {
                            if after_ms > 0 {
                                sleep(ms(after_ms)).await;
                            }
                            lane.log(format!("{} bytes", chunk.len()));
                            Ok::<_, Infallible>(chunk)
                        }
                    });
                Body::from_stream(stream)
            }
        };
        request.body(body).expect("it is a request")
    }

    pub(crate) fn is_head(&self) -> bool {
        self.method == Method::HEAD
    }

    /// It as bytes of HTTP/1.1.
    ///
    /// # Panics
    ///
    /// When its body comes in chunks.
    pub fn text(&self) -> String {
        let Content::Whole(body) = &self.body else {
            panic!("a body in chunks has no length");
        };
        let mut head =
            format!("{} {} HTTP/1.1\r\nhost: memory", self.method, self.path);
        if let Some(content_type) = self.content_type {
            head += &format!("\r\ncontent-type: {content_type}");
        }
        if let Some(key) = &self.key {
            head += &format!("\r\nauthorization: {key}");
        }
        let body = String::from_utf8_lossy(body);
        format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
    }

    /// Asks a router. The router must have its state, as after `with_state`: without it axum builds stateful layers
    /// anew for each request.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it drops the request: the client has left.
    pub async fn of(&self, router: &Router) -> Answer {
        let (head, body) = self.unread(router).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("it is in memory");
        Answer::new(Response::from_parts(head, body))
    }

    /// As [`Ask::of`], but nobody reads the body yet.
    ///
    /// # Cancel safety
    ///
    /// As [`Ask::of`].
    pub async fn unread(&self, router: &Router) -> Response<Body> {
        match router.clone().oneshot(self.request()).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Bytes,
}

impl Answer {
    pub(crate) fn new(response: Response<Bytes>) -> Self {
        let (head, body) = response.into_parts();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// A header, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The length that its header says, if it says one.
    pub fn said_length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; `Null` when it is none, or is not said to be.
    pub fn json(&self) -> Value {
        match self.header("content-type") {
            Some("application/json") => {
                serde_json::from_slice(&self.body).unwrap_or(Value::Null)
            }
            _ => Value::Null,
        }
    }

    /// `200 {"id":1,"name":"ada"}`: status and body.
    pub fn brief(&self) -> String {
        format!("{} {}", self.status, self.text()).trim_end().to_owned()
    }
}
