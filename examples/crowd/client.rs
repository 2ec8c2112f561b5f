//! One connection to the shop.

use std::{
    io::{self, ErrorKind},
    net::Ipv4Addr,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// What an honest client sends. The key is the one that the shop prints.
pub const USERS: &str = "GET /users HTTP/1.1\r\nHost: shop\r\n\
    Authorization: Bearer reader-4f1c9a\r\nConnection: close\r\n\r\n";

/// What begins a request with a body, up to its length.
pub const POST: &str = "POST /users HTTP/1.1\r\nHost: shop\r\n\
    Authorization: Bearer admin-77e0b2\r\nContent-Type: application/json\r\n\
    Connection: close\r\nContent-Length: ";

/// The most that is read of an answer.
const ENOUGH: u64 = 64 * 1024;

/// Connects.
///
/// # Errors
///
/// As `connect(2)` does.
pub async fn connect(port: u16) -> io::Result<TcpStream> {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await
}

/// Sends `request` on a new connection and reads the answer to its end; its status.
///
/// # Errors
///
/// The connection broke, or what came is no answer.
pub async fn ask(port: u16, request: &[u8]) -> io::Result<u16> {
    let (mut answers, mut asks) = connect(port).await?.into_split();
    let sends = async {
        // Why dropped: a server may answer before it has read all, and does not read on.
        _ = asks.write_all(request).await;
        std::future::pending().await
    };
    tokio::select! {
        status = status(&mut answers) => status,
        never = sends => never,
    }
}

/// Reads an answer to its end; its status.
///
/// # Errors
///
/// The connection broke before there was a status, or what came has none.
pub async fn status(answers: &mut (impl AsyncReadExt + Unpin)) -> io::Result<u16> {
    let mut bytes = vec![];
    let read = answers.take(ENOUGH).read_to_end(&mut bytes).await;
    let status =
        bytes.get(9..12).and_then(|it| str::from_utf8(it).ok()?.parse().ok());
    match (status, read) {
        (Some(status), _) => Ok(status),
        (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(ErrorKind::UnexpectedEof.into()),
    }
}

/// Whether the shop answers there.
///
/// # Errors
///
/// A sentence that says why not.
pub async fn is_the_shop(port: u16) -> Result<(), String> {
    match timeout(Duration::from_secs(2), ask(port, USERS.as_bytes())).await {
        Ok(Ok(200)) => Ok(()),
        Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => {
            Err(format!(
                "nobody listens on port {port}; try cargo run --example shop -- --port {port}"
            ))
        }
        _ => Err(format!("on port {port} there is no shop that answers")),
    }
}
