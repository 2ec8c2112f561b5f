//! A client that writes its requests as bytes and reads answers as they come.

use std::sync::{Arc, Mutex};

use axum::{
    body::Bytes,
    http::{HeaderName, HeaderValue, Response},
};
use kit::spawn;
use tokio::{
    io::{
        AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, ReadHalf, WriteHalf,
        split,
    },
    task::JoinHandle,
};

use crate::{Answer, Ask, Client};

/// A client that sends a request whole or in two pieces. Dropping it hangs up.
pub struct Talk {
    writes: Option<WriteHalf<DuplexStream>>,
    rest: Option<(String, Ask)>,
    heard: Arc<Mutex<Heard>>,
    reads: JoinHandle<()>,
}

#[derive(Default)]
struct Heard {
    /// Whether the answer that is due has no body, if one is due.
    due: Option<bool>,
    is_closed: bool,
}

impl Client {
    /// `answers` is told each answer when it is whole.
    pub fn talks(self, answers: impl Fn(Answer) + Send + 'static) -> Talk {
        let (reads, writes) = split(self.bytes);
        let heard = Arc::<Mutex<Heard>>::default();
        let reads = spawn(hears(reads, heard.clone(), Box::new(answers)));
        Talk { writes: Some(writes), rest: None, heard, reads }
    }
}

impl Talk {
    /// Whether the client may send a request: the connection is open, and it waits for no answer.
    pub fn may_send(&self) -> bool {
        let heard = self.heard.lock().unwrap();
        let is_open = self.writes.is_some() && !heard.is_closed;
        is_open && heard.due.is_none() && self.rest.is_none()
    }

    /// Sends the first bytes of `ask`.
    pub async fn begins(&mut self, ask: &Ask) {
        let mut text = ask.text();
        let rest = text.split_off(12);
        self.rest = Some((rest, ask.clone()));
        self.write(&text).await;
    }

    /// Sends the rest of what it has begun to send, if it has.
    pub async fn finishes(&mut self) {
        if let Some((rest, ask)) = self.rest.take() {
            self.waits_for(&ask);
            self.write(&rest).await;
        }
    }

    /// Sends `ask`.
    pub async fn sends(&mut self, ask: &Ask) {
        self.waits_for(ask);
        self.write(&ask.text()).await;
    }

    /// Hangs up.
    pub fn hangs_up(&mut self) {
        self.writes = None;
        self.reads.abort();
    }

    fn waits_for(&self, ask: &Ask) {
        self.heard.lock().unwrap().due = Some(ask.is_head());
    }

    async fn write(&mut self, text: &str) {
        if let Some(writes) = &mut self.writes {
            // A connection that is closed takes nothing.
            _ = writes.write_all(text.as_bytes()).await;
        }
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        self.hangs_up();
    }
}

async fn hears(
    mut reads: ReadHalf<DuplexStream>,
    heard: Arc<Mutex<Heard>>,
    answers: Box<dyn Fn(Answer) + Send>,
) {
    let mut bytes = vec![];
    while let Ok(1..) = reads.read_buf(&mut bytes).await {
        let due = heard.lock().unwrap().due;
        let answer = due.and_then(|is_head| answer(&mut bytes, is_head));
        if let Some(answer) = answer {
            heard.lock().unwrap().due = None;
            answers(answer);
        }
    }
    heard.lock().unwrap().is_closed = true;
}

/// Takes an answer out of `bytes` when it is whole.
fn answer(bytes: &mut Vec<u8>, is_head: bool) -> Option<Answer> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (head, _) = text.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?;
    let mut response = Response::builder().status(status);
    let mut length = 0;
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().ok()?;
        }
        let name: HeaderName = name.parse().ok()?;
        response = response.header(name, HeaderValue::from_str(value).ok()?);
    }
    let length = if is_head { 0 } else { length };
    let end = head.len() + 4 + length;
    if bytes.len() < end {
        return None;
    }
    let rest = bytes.split_off(end);
    let body = Bytes::copy_from_slice(&bytes[end - length..]);
    *bytes = rest;
    Some(Answer::new(response.body(body).ok()?))
}
