//! The port: a listener on this machine alone, and a thread that serves it. What it does there is the part's.

use std::{
    io::{self, ErrorKind},
    net::Ipv4Addr,
    sync::{
        Arc,
        mpsc::{self, TryRecvError},
    },
    thread,
    time::Duration,
};

use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
    sync::watch,
    time::Instant,
};

use crate::{
    beats::{self, Beats},
    blame,
    lines::Lines,
    part::{Http, Part},
};

/// A port that nobody serves yet.
pub struct Bound {
    runtime: Runtime,
    listener: TcpListener,
    /// Its number.
    pub number: u16,
}

/// Takes a port of this machine; with 0 the system picks one.
///
/// # Errors
///
/// A sentence that says why not.
pub fn bind(number: u16) -> Result<Bound, String> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let bound = runtime.and_then(|runtime| {
        let address = (Ipv4Addr::LOCALHOST, number);
        let listener = runtime.block_on(TcpListener::bind(address))?;
        let number = listener.local_addr()?.port();
        Ok(Bound { runtime, listener, number })
    });
    bound.map_err(|error| why_not(number, &error))
}

fn why_not(number: u16, error: &io::Error) -> String {
    let other =
        if number < 1024 { 3000 } else { number.checked_add(1).unwrap_or(0) };
    match error.kind() {
        ErrorKind::AddrInUse => {
            format!("port {number} is in use by another program; try --port {other}")
        }
        ErrorKind::PermissionDenied => {
            format!("port {number} is not for every program; try --port {other}")
        }
        _ => format!("port {number} cannot be had: {error}"),
    }
}

/// A port that is served.
pub struct Port {
    number: u16,
    /// What it logs.
    pub lines: Arc<Lines>,
    /// Whether its thread gives way.
    pub beats: Beats,
    close: watch::Sender<bool>,
    closed: Option<Instant>,
    end: mpsc::Receiver<bool>,
    ended: bool,
}

/// How a port ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All was answered.
    Drained,
    /// The part gave up.
    Over,
    /// It ended before anybody closed it.
    Early,
    /// It panicked.
    Fell,
    /// It did not come back in time.
    Stuck,
}

impl Bound {
    /// Serves it, on a thread of its own.
    pub fn serve(self, http: Http) -> Port {
        let Bound { runtime, listener, number } = self;
        let (close, lines) = (watch::Sender::new(false), Arc::<Lines>::default());
        let (signal, log) = (close.subscribe(), lines.clone());
        let (done, end) = mpsc::channel();
        let (beat, beats) = Beats::new();
        // Why its handle is dropped: a thread that panics closes `end`, and so it is seen.
        thread::spawn(move || {
            blame::is_the_thread_of(Part::Http);
            let drained = runtime.block_on(async {
                tokio::spawn(beats::beat(beat));
                (http.serve)(listener, log, signal).await
            });
            // Why the result is dropped: the shop may have gone on without it.
            _ = done.send(drained);
        });
        Port { number, lines, beats, close, closed: None, end, ended: false }
    }
}

impl Port {
    /// Asks it to drain.
    pub fn close(&mut self) {
        self.closed = Some(Instant::now());
        self.close.send_replace(true);
    }

    /// How it ended, once. After `limit` from [`close`](Self::close) on it is stuck.
    pub fn ends(&mut self, limit: Duration) -> Option<End> {
        if self.ended {
            return None;
        }
        let end = match self.end.try_recv() {
            Ok(_) if self.closed.is_none() => End::Early,
            Ok(true) => End::Drained,
            Ok(false) => End::Over,
            Err(TryRecvError::Disconnected) => End::Fell,
            Err(TryRecvError::Empty) => {
                self.closed.filter(|at| at.elapsed() > limit)?;
                End::Stuck
            }
        };
        self.ended = true;
        Some(end)
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Its number.
    pub fn number(&self) -> u16 {
        self.number
    }
}
