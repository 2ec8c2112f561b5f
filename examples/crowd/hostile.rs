//! Clients that do not want an answer, or want more than there is.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::JoinSet,
    time::{Instant, interval, sleep_until, timeout_at},
};

use crate::{
    LEAVE,
    client::{self, POST},
};

/// What half a head is.
const HALF: &[u8] = b"GET /users HTTP/1.1\r\nHost: shop\r\nAuthoriz";

/// When the clients with bodies come.
const BODIES: Duration = Duration::from_secs(1);

/// How many come one after the other with a body that is too long, and how far apart.
const LONG: u32 = 16;
const APART: Duration = Duration::from_millis(500);

/// How long such a body is.
pub const LENGTH: usize = 256 * 1024;

/// How many send a body of a thousand bytes, a byte each half second.
const SLOW: u32 = 5;

/// What became of those with half a head.
#[derive(Default)]
pub struct Heads {
    /// That tried to connect.
    pub tried: usize,
    /// That did.
    pub connected: usize,
    /// How long each stayed that the server closed.
    pub closed: Vec<Duration>,
}

/// All connect at once, send half a head, and stay until the server closes or they `leave`.
pub async fn half_heads(port: u16, number: u16, leave: Instant) -> Heads {
    let one = async move || -> io::Result<Option<Duration>> {
        let mut connection = client::connect(port).await?;
        let came = Instant::now();
        connection.write_all(HALF).await?;
        let mut rest = vec![];
        let closed = connection.read_to_end(&mut rest);
        // Whether it is closed or broken is one to whoever does not want an answer.
        let closed = timeout_at(leave, closed).await.is_ok();
        Ok(closed.then(|| came.elapsed()))
    };
    let mut clients = JoinSet::new();
    for _ in 0..number {
        clients.spawn(async move { timeout_at(leave, one()).await });
    }
    let mut heads = Heads { tried: usize::from(number), ..Heads::default() };
    for end in clients.join_all().await {
        // All others were never let in, not even into the queue of the system.
        if let Ok(Ok(stayed)) = end {
            heads.connected += 1;
            heads.closed.extend(stayed);
        }
    }
    heads.closed.sort();
    heads
}

/// What became of those with a body: for each its status and how long that took.
pub type Answers = Vec<Option<(u16, Duration)>>;

/// One after the other, each with a body that is too long and that no rule but its length forbids to read.
pub async fn bodies(port: u16, start: Instant) -> Answers {
    let text = format!("{{\"nobody\":\"{}\"}}", "x".repeat(LENGTH));
    let request = format!("{POST}{}\r\n\r\n{text}", text.len());
    let mut clients = JoinSet::new();
    for number in 0..LONG {
        let request = request.clone();
        clients.spawn(async move {
            sleep_until(start + BODIES + APART * number).await;
            let came = Instant::now();
            let answer = client::ask(port, request.as_bytes());
            let status = timeout_at(start + LEAVE, answer).await.ok()?.ok()?;
            Some((status, came.elapsed()))
        });
    }
    clients.join_all().await
}

/// At once, each with a body that takes minutes.
pub async fn slow(port: u16, start: Instant) -> Answers {
    let one = async move || -> io::Result<(u16, Duration)> {
        sleep_until(start + BODIES).await;
        let came = Instant::now();
        let (mut answers, mut asks) = client::connect(port).await?.into_split();
        asks.write_all(format!("{POST}1000\r\n\r\n").as_bytes()).await?;
        let mut tick = interval(APART);
        let trickles = async {
            loop {
                tick.tick().await;
                if asks.write_all(b" ").await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::select! {
            status = client::status(&mut answers) => Ok((status?, came.elapsed())),
            never = trickles => never,
        }
    };
    let mut clients = JoinSet::new();
    for _ in 0..SLOW {
        clients
            .spawn(async move { timeout_at(start + LEAVE, one()).await.ok()?.ok() });
    }
    clients.join_all().await
}
