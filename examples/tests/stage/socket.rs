//! A client that speaks HTTP by hand, over a socket of this machine.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// One connection. Dropping it hangs up.
pub struct Socket {
    asks: TcpStream,
    answers: BufReader<TcpStream>,
}

impl Socket {
    pub fn connect(port: u16) -> Self {
        let asks = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        // So that a server that is silent for ever fails the test and does not hold it.
        asks.set_read_timeout(Some(Duration::from_secs(60))).expect("it is no zero");
        let answers = BufReader::new(asks.try_clone().expect("there is room"));
        Socket { asks, answers }
    }

    /// Whether somebody connects there.
    pub fn is_let_in(port: u16) -> bool {
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    }

    pub fn send(&mut self, bytes: &str) {
        self.asks.write_all(bytes.as_bytes()).expect("the connection is open");
    }

    /// An answer: its head and its body.
    pub fn ask(&mut self, method: &str, path: &str, headers: &str) -> String {
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: shop\r\n{headers}\r\n");
        self.try_ask(&request).expect("it answers")
    }

    /// The answer to what is a request now, or none because the connection is closed.
    pub fn try_ask(&mut self, request: &str) -> Option<String> {
        self.asks.write_all(request.as_bytes()).ok()?;
        let head = self.head()?;
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.parse().ok())?
        });
        let mut body = vec![0; length.unwrap_or(0)];
        self.answers.read_exact(&mut body).ok()?;
        Some(head + &String::from_utf8_lossy(&body))
    }

    /// The lines up to the empty one; `None` when the connection closes before.
    pub fn head(&mut self) -> Option<String> {
        let mut head = String::new();
        loop {
            let before = head.len();
            let read = self.answers.read_line(&mut head);
            match read {
                Ok(0) => return None,
                Ok(_) if head[before..].trim().is_empty() => return Some(head),
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    panic!("no answer: {head}")
                }
                Err(_) => return None,
            }
        }
    }
}
