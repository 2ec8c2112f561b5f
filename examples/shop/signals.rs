//! The signals that ask a process to end.

use std::fmt;

/// One of them.
#[derive(Clone, Copy, Debug)]
pub enum Signal {
    /// Control-C.
    Interrupt,
    /// What a supervisor sends.
    Terminate,
}

impl Signal {
    /// Its number.
    pub fn number(self) -> u8 {
        match self {
            Signal::Interrupt => 2,
            Signal::Terminate => 15,
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Signal::Interrupt => "SIGINT",
            Signal::Terminate => "SIGTERM",
        })
    }
}

/// All of them, from now on.
#[cfg(unix)]
pub struct Signals(tokio::signal::unix::Signal, tokio::signal::unix::Signal);

#[cfg(unix)]
impl Signals {
    /// Listens.
    ///
    /// # Errors
    ///
    /// The system does not let it.
    pub fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Signals(interrupt, signal(SignalKind::terminate())?))
    }

    /// The next one. Cancel safe.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.0.recv() => Signal::Interrupt,
            _ = self.1.recv() => Signal::Terminate,
        }
    }
}

/// Control-C is all there is.
#[cfg(not(unix))]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Listens.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn new() -> std::io::Result<Self> {
        Ok(Signals)
    }

    /// The next one. Cancel safe.
    pub async fn next(&mut self) -> Signal {
        // Without a console there is no Ctrl-C to wait for.
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}
