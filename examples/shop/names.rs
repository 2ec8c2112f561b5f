//! The names of the parts, for the program and for what builds it.

use std::{fmt, str::FromStr};

/// What begins a sentence of ours among those of clap.
pub const OURS: &str = "shop: ";

/// An exercise that is a part of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `timeouts`.
    Timeouts,
    /// `retries`.
    Retries,
    /// `backpressure`.
    Backpressure,
    /// `joinset`.
    Joinset,
    /// `shutdown`.
    Shutdown,
    /// `worker_pool`.
    WorkerPool,
    /// `http`, which is in the shop when it has a port.
    Http,
}

impl Part {
    /// All of them, in reading order.
    pub const ALL: [Self; 7] = [
        Self::Timeouts,
        Self::Retries,
        Self::Backpressure,
        Self::Joinset,
        Self::Shutdown,
        Self::WorkerPool,
        Self::Http,
    ];

    /// Those that serve orders, with a port and without.
    pub const FLOOR: [Self; 6] = {
        let [floor @ .., Self::Http] = Self::ALL else { unreachable!() };
        floor
    };

    /// Those of a shop with a port, or without.
    pub const fn all(with_a_port: bool) -> &'static [Self] {
        if with_a_port { &Self::ALL } else { &Self::FLOOR }
    }

    /// The name of the exercise.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timeouts => "timeouts",
            Self::Retries => "retries",
            Self::Backpressure => "backpressure",
            Self::Joinset => "joinset",
            Self::Shutdown => "shutdown",
            Self::WorkerPool => "worker_pool",
            Self::Http => "http",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let part = Self::ALL.into_iter().find(|part| part.name() == name);
        part.ok_or_else(|| {
            let near = runner::nearest::nearest(name, Self::ALL.map(Self::name));
            let advice = match near.first() {
                Some(near) => format!("the nearest: {near}"),
                None => "try -- --help".to_owned(),
            };
            format!("{OURS}the shop has no part `{name}`; {advice}")
        })
    }
}
