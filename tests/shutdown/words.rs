//! The scenes of `shutdown` in words.

use std::time::Duration;

use kit::scenes::{Event, counted, told, told_after};

use super::story::{Ask, Closing, Happens, Scene, What};

const NAMES: [&str; 6] = ["ada", "bob", "eve", "dan", "fay", "gus"];

const WHOSE: [&str; 6] = ["ada's", "bob's", "eve's", "dan's", "fay's", "gus's"];

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        let of = |client: &usize, what: String| match WHOSE.get(*client) {
            Some(whose) => (*whose, what),
            None => ("another's", format!("{what} ({})", name(*client))),
        };
        match self {
            Happens::StopsListening => ("server", "stops listening".to_owned()),
            Happens::Accepted(k) => of(k, "connection is accepted".to_owned()),
            Happens::Refused(k) => of(k, "connection is refused".to_owned()),
            Happens::Begins(k, n) => of(k, format!("request {n} begins")),
            Happens::Ends(k, n) => of(k, format!("request {n} ends")),
            Happens::Panics(k, n) => of(k, format!("request {n} panics")),
            Happens::Dropped(k, n) => of(k, format!("request {n} is dropped")),
            Happens::Answered(k, n) => of(k, format!("answer {n} arrives")),
            Happens::Closes(k, how) => {
                let how = match how {
                    None | Some(Closing::Cut) => String::new(),
                    Some(Closing::Answered(0)) => ", no answer due".to_owned(),
                    Some(Closing::Answered(1)) => ", answer 1 arrived".to_owned(),
                    Some(Closing::Answered(n)) => format!(", {n} answers arrived"),
                    Some(Closing::Loses) => ", an answer is lost".to_owned(),
                };
                of(k, format!("connection closes{how}"))
            }
            Happens::Returns(outcome) => ("serve", format!("returns {outcome:?}")),
            Happens::Leaves(n) => {
                ("serve", format!("leaves {} behind", counted(*n, "task")))
            }
        }
    }
}

impl Scene {
    /// What is given, a line for each group of acts.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![String::new()];
        if self.rules.step >= 5 {
            lines[0] = format!("limit {}", told(self.limit));
        }
        let mut asked = vec![0; self.reads.len()];
        let mut connected = 0;
        for group in self.groups() {
            let acts = &self.acts[group.acts];
            let words = acts
                .iter()
                .map(|act| self.words_of(act.what, &mut connected, &mut asked));
            let words: Vec<_> = words.collect();
            let first = if group.is_apart {
                ", when nothing else is left to do"
            } else {
                ""
            };
            let at = told(group.at);
            lines.push(format!("at {at}{first}: {}", words.join("; ")));
        }
        lines
    }

    fn words_of(
        &self,
        what: What,
        connected: &mut usize,
        asked: &mut [usize],
    ) -> String {
        let reads = |client: usize| match self.reads[client] {
            Duration::ZERO => String::new(),
            Duration::MAX => ", who reads nothing".to_owned(),
            takes => format!(", who reads {} long", told(takes)),
        };
        match what {
            What::Serves => {
                let late = ", the receiver made just before";
                let weary = ", polled with little budget left";
                let late = if self.is_late { late } else { "" };
                let weary = if self.is_weary { weary } else { "" };
                format!("`serve` is called{late}{weary}")
            }
            What::Connect(n, ask) => {
                let first = *connected;
                *connected += n;
                asked[first..*connected].fill(usize::from(ask.is_some()));
                let words = |ask: Ask| format!(" and asks 1 ({})", ask.words());
                let asked = ask.map(words).unwrap_or_default();
                match n {
                    1 => format!("{}{} connects{asked}", name(first), reads(first)),
                    _ => {
                        let last = name(first + n - 1);
                        format!(
                            "each from {} to {last} connects{asked}",
                            name(first)
                        )
                    }
                }
            }
            What::Asks(k, n, ask) => {
                let first = asked[k] + 1;
                asked[k] += n;
                let which = match n {
                    1 => first.to_string(),
                    _ => format!("{first} to {}", asked[k]),
                };
                format!("{} asks {which} ({})", name(k), ask.words())
            }
            What::HangsUp(k) => format!("{} hangs up", name(k)),
            What::Sends(value) => format!("main sends {value}"),
            What::DropsSender => "main drops the sender".to_owned(),
            What::DropsServer => "the future of `serve` is dropped".to_owned(),
        }
    }
}

impl Ask {
    fn words(self) -> String {
        let when = told_after(self.takes);
        if self.panics { format!("panics {when}") } else { format!("ends {when}") }
    }
}

pub fn name(client: usize) -> String {
    let number = || format!("client {}", client + 1);
    NAMES.get(client).map_or_else(number, |name| (*name).to_owned())
}
