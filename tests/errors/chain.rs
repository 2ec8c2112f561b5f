//! The errors in the scenes of `errors`: what is given, and drawn.

use std::time::Duration;

use kit::scenes::Draw;

/// What messages and panics say. Some hold one another, and some look like more than one.
const TEXTS: [&str; 10] = [
    "timeout",
    "disk 7 is full",
    "IPMI command failed",
    "a timeout again",
    "GPU diagnostic failed",
    " two\nlines: {} ",
    "Zeitüberschreitung",
    "task 7 was cancelled",
    "the check panicked",
    "",
];

/// An error, and what others have put on top of it, one after the other.
pub struct Chain {
    pub root: Any,
    pub layers: Vec<Layer>,
}

#[derive(Clone, Debug)]
pub enum Any {
    Diag(Diag),
    Ipmi(Ipmi),
    Text(&'static str),
    /// Of another library, with this text.
    Other(&'static str),
}

#[derive(Clone, Debug)]
pub enum Diag {
    Ipmi(Ipmi),
    OverTemp(&'static str, f64, f64),
    Timeout(Duration),
    Panicked(&'static str),
    Cancelled,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ipmi {
    Timeout,
    NoSuchSensor,
}

#[derive(Debug)]
pub enum Layer {
    Context(Any),
    /// Errors of another library: so many, each around the last.
    Around(&'static str, u64),
}

impl Ipmi {
    /// Its message, which the stub has.
    pub fn text(self) -> &'static str {
        match self {
            Ipmi::Timeout => "timeout",
            Ipmi::NoSuchSensor => "no such sensor",
        }
    }
}

pub fn text(from: &Draw) -> &'static str {
    from.one_of(&TEXTS)
}

/// A length of time that is not always in whole milliseconds.
pub fn odd(from: &Draw) -> Duration {
    let nanos = if from.once_in(3) { from.below(1_000_000) } else { 0 };
    from.time().saturating_add(Duration::from_nanos(nanos))
}

fn ipmi(from: &Draw) -> Ipmi {
    from.one_of(&[Ipmi::Timeout, Ipmi::NoSuchSensor])
}

pub fn diag(from: &Draw) -> Diag {
    let numbers = [97.5, 90.0, 0.0, -0.0, 0.1 + 0.2, 1e21, -40.25, f64::INFINITY];
    let number = || from.one_of(&numbers);
    match from.below(6) {
        0 => Diag::Cancelled,
        1 => Diag::Panicked(text(from)),
        2 => Diag::Timeout(odd(from)),
        3 => Diag::OverTemp(text(from), number(), number()),
        _ => Diag::Ipmi(ipmi(from)),
    }
}

fn any(from: &Draw) -> Any {
    // Of tokio, of `std::io`, and one that looks like `IpmiError::Timeout`.
    let others = ["deadline has elapsed", "timed out", "timeout"];
    match from.below(5) {
        0 => Any::Text(text(from)),
        1 => Any::Diag(diag(from)),
        2 => Any::Other(from.one_of(&others)),
        _ => Any::Ipmi(ipmi(from)),
    }
}

impl Chain {
    pub fn draw(from: &Draw) -> Self {
        let root = from.since(5, |from| from.maybe(any));
        let root = root.unwrap_or_else(|| Any::Diag(diag(from)));
        let times = |from: &Draw| if from.once_in(90) { from.below(99) } else { 0 };
        let layer = |from: &Draw| match from.below(3) {
            0 => Layer::Context(Any::Text(text(from))),
            1 => Layer::Context(any(from)),
            _ => Layer::Around(text(from), 1 + times(from)),
        };
        Chain { root, layers: from.since(5, |from| from.list(layer)) }
    }

    pub fn words(&self) -> String {
        let layers = self.layers.iter().map(|layer| match layer {
            Layer::Context(any) => format!(", with the context {}", any.words()),
            Layer::Around(text, 1) => {
                format!(", in an error of another library, {text:?}")
            }
            Layer::Around(text, times) => {
                format!(", in {times} errors of another library, each {text:?}")
            }
        });
        self.root.words() + &layers.collect::<String>()
    }
}

impl Any {
    fn words(&self) -> String {
        match self {
            Any::Diag(diag) => format!("DiagError::{diag:?}"),
            Any::Ipmi(ipmi) => format!("IpmiError::{ipmi:?}"),
            Any::Text(text) => format!("{text:?}"),
            Any::Other(text) => format!("another library's error, {text:?}"),
        }
    }
}
