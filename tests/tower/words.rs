//! The scenes of `tower` in words.

use std::time::Duration;

use kit::scenes::{Event, counted, told, told_after};

use super::story::{
    AT_LAST, Deed, FOR_GOOD, Happens, Layer, Request, Said, Scene, What,
};

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        use Happens::*;
        match self {
            Hears(n, Said::Pending, way) => {
                ("caller", format!("{n} hears Pending{}", by("asked", way)))
            }
            Hears(n, Said::Ready, way) => {
                ("caller", format!("{n} hears Ready(Ok(())){}", by("asked", way)))
            }
            Hears(n, Said::Fails(with), way) => {
                let said = format!("{n} hears Ready(Err({with:?}))");
                ("caller", format!("{said}{}", by("asked", way)))
            }
            AsksNobody(n) => {
                ("caller", format!("{n} asks, and the backend is not asked"))
            }
            AsksAgain(n) => (
                "caller",
                format!("{n} asks once, and the backend is asked more than once"),
            ),
            IsAsked => ("backend", "is asked, and no caller asks".to_owned()),
            GivesUp(n) => ("caller", format!("{n} gives up waiting to send")),
            Begins(n, way) => {
                ("backend", format!("begins request {n}{}", by("came by", way)))
            }
            IsNotReady(n) => (
                "backend",
                format!("gets request {n}, but by a value that was not ready"),
            ),
            Dropped(n) => ("backend", format!("sees request {n} dropped")),
            Gets(n, answer, way) => {
                ("request", format!("{n} gets {answer:?}{}", by("back by", way)))
            }
            Leaves(n) => ("request", format!("{n} is dropped by its caller")),
            Keeps(n) => ("backend", format!("has {n} places taken, for nobody")),
            Remain(n) => {
                ("service", format!("leaves {} behind", counted(*n, "task")))
            }
        }
    }
}

fn by(how: &str, way: &str) -> String {
    if way.is_empty() { String::new() } else { format!(" ({how} {way})") }
}

impl Scene {
    pub(super) fn lines(&self) -> Vec<String> {
        let layers: Vec<_> = self.layers.iter().map(Layer::words).collect();
        let mut words = layers.join(" around ");
        if self.step >= 4 {
            words = format!("stack of [{}]", layers.join(", "));
        }
        if let Some(limit) = self.bounded {
            words = format!("bounded, {}, around a {words}", told(limit));
        }
        words += " around a backend";
        if self.places < usize::MAX {
            words += &format!(" with room for {}", self.places);
        }
        let mut lines = vec![words];
        for (n, at) in self.turns().enumerate() {
            let does = ["the backend fails", "it is well again"][n % 2];
            if at < Duration::MAX {
                lines.push(format!("{does} at {}", told(at)));
            }
        }
        for (n, caller) in self.callers.iter().enumerate() {
            let deeds: Vec<_> = caller.deeds.iter().map(Deed::words).collect();
            if !deeds.is_empty() {
                let past = if caller.is_direct { ", past bounded" } else { "" };
                lines.push(format!("caller {}{past}: {}", n + 1, deeds.join("; ")));
            }
        }
        lines
    }
}

impl Layer {
    fn words(&self) -> String {
        match self {
            Layer::Timeout(limit) => format!("Timeout of {}", told(*limit)),
            Layer::Trace(letter) => format!("trace {letter}"),
            Layer::Function(letter, takes, refuses) => {
                let then =
                    if *refuses { "refuses what is secret" } else { "passes" };
                format!("FromFn {letter} that {then} {}", told_after(*takes))
            }
        }
    }
}

impl Deed {
    fn words(&self) -> String {
        let what = match &self.what {
            What::Asks => "asks".to_owned(),
            What::Sends(stays, request) if *stays < AT_LAST => {
                format!("waits at most {} to send {}", told(*stays), request.words())
            }
            What::Sends(_, request) => format!("sends {}", request.words()),
        };
        match self.after {
            Duration::ZERO => what,
            after => format!("{} later {what}", told(after)),
        }
    }
}

impl Request {
    fn words(&self) -> String {
        let mut words = format!("request {}", self.number);
        if self.times > 1 {
            words += &format!(", {} times", self.times);
        }
        words += &match (self.takes, self.fails) {
            (Duration::MAX, _) => " (that never ends".to_owned(),
            (takes, true) => format!(" (that fails {}", told_after(takes)),
            (takes, false) => format!(" (that is answered {}", told_after(takes)),
        };
        if self.is_secret {
            words += ", is secret";
        }
        if !self.unpolled.is_zero() {
            words += &format!(", is first polled after {}", told(self.unpolled));
        }
        if !self.nap.is_zero() {
            words += &format!(", then not for {}", told(self.nap));
        }
        if self.patience < FOR_GOOD {
            words += &format!(", is dropped {}", told_after(self.patience));
        }
        words + ")"
    }
}
