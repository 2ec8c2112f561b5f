//! What a shop on the real clock prints: a live line, and lines that stay.

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
    time::Duration,
};

use crate::{
    blame::{self, Panic},
    live::Shop,
    minute,
    numbers::Counts,
    part::Given,
    port::{End, Port},
    table, words,
};

/// What is printed.
pub struct Screen<'a> {
    given: &'a Given,
    /// Whose the port is.
    http: &'a str,
    terminal: bool,
    /// The last second whose line was printed, where lines are not drawn over.
    second: Option<u64>,
    told: Option<(u64, u64)>,
    panics: Vec<Panic>,
    /// Whether the port did all that it had to.
    port_drained: bool,
}

impl<'a> Screen<'a> {
    /// Nothing is printed yet.
    pub fn new(given: &'a Given, whose_port: &'a str) -> Self {
        Self {
            given,
            http: whose_port,
            terminal: io::stdout().is_terminal(),
            second: None,
            told: None,
            panics: vec![],
            port_drained: true,
        }
    }

    /// A line that stays.
    pub fn say(&mut self, line: &str) {
        let clear = if self.terminal { "\r\x1b[K" } else { "" };
        self.put(&format!("{clear}{}\n", words::fit(line)));
    }

    fn put(&mut self, text: &str) {
        let mut out = io::stdout().lock();
        // Why dropped: whoever closed the pipe does not read any more, and the shop goes on to its signal.
        _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Draws what is new; `open` is a port that has not ended.
    pub fn look(&mut self, shop: &mut Shop, open: Option<&Port>) {
        let at = shop.since();
        self.story(at);
        self.says_panics();
        if shop.beats.stop() {
            let who = words::whose(self.given, blame::last());
            self.say(&format!("The shop stands still: {who} does not give way."));
        }
        let second = at.as_secs();
        let counts = shop.numbers.now();
        let line = match open {
            Some(port) if shop.closed().is_some() => {
                format!(
                    "{second:>4}s  closing. {}",
                    words::still_open(port.number())
                )
            }
            _ if shop.closes() => {
                format!("{second:>4}s  closing. {}", words::left(&counts))
            }
            _ => words::line(second, &counts),
        };
        if self.terminal {
            self.put(&format!("\r{line}\x1b[K"));
        } else if self.second != Some(second) {
            self.second = Some(second);
            self.put(&format!("{line}\n"));
        }
    }

    /// Each panic that is new, once for each place.
    fn says_panics(&mut self) {
        for panic in blame::panics() {
            let known = |one: &Panic| one.place == panic.place;
            if !self.panics.iter().any(known) {
                self.say(&words::panicked(self.given, &panic));
            }
            self.panics.push(panic);
        }
    }

    /// Prints what the port logged, and how it ended; from the signal on it has so long.
    pub fn looks_at(&mut self, port: &mut Port, shop: &Shop, limit: Duration) {
        let (second, end) = (shop.since().as_secs(), port.ends(limit));
        // Behind the end comes no other second that could tell the rest.
        let now = if end.is_some() { u64::MAX } else { second };
        for line in port.lines.take(now) {
            self.say(&format!("{second:>4}s  port: {line}"));
        }
        if port.beats.stop() && !port.has_ended() {
            let who = self.http;
            self.say(&format!("The port stands still: {who} does not give way."));
        }
        if let Some(end) = end {
            // Why first: a panic is why there is no port.
            self.says_panics();
            self.port_drained = end == End::Drained;
            self.say(&words::port_ended(end, port.number(), self.http));
        }
    }

    /// What begins in the minute.
    fn story(&mut self, at: Duration) {
        let (minute, second) = (at.as_secs() / 60, at.as_secs() % 60);
        let begun = minute::STORY.iter().rev().find(|one| one.second <= second);
        let Some(begun) = begun else { return };
        if self.told != Some((minute, begun.second)) {
            self.told = Some((minute, begun.second));
            self.say(&format!("{:>4}s  {}", at.as_secs(), begun.words));
        }
    }

    /// The last words when nobody waits for the rest. `before` is what was counted when the door closed.
    pub fn ends_now(&mut self, mut counts: Counts, before: &Counts) {
        counts.close();
        let lost = counts.lost - before.lost;
        let (dropped, refused) = (counts.dropped_receipts(), counts.turned_away);
        self.say(&words::closed(lost, dropped, refused));
        self.put(&format!("\n{}", table::alone(&counts)));
    }

    /// The last words, and the exit code.
    pub fn ends(&mut self, shop: &Shop, closing: Option<Counts>) -> ExitCode {
        let (counts, closed) = (shop.numbers.now(), shop.closed());
        for panic in blame::panics() {
            self.say(&words::panicked(self.given, &panic));
            self.panics.push(panic);
        }
        let fell = closed.is_none();
        if fell {
            self.say("There is no shop without it.");
        }
        let stuck = closed.map_or(&[][..], |closed| &closed.stuck);
        for part in stuck {
            let who = words::whose(self.given, Some(*part));
            self.say(&match closing {
                Some(_) => format!("{who} did not end the shop in time"),
                None => format!("{who} ended before anybody closed the shop"),
            });
        }
        let before = closing.map_or(0, |counts| counts.lost);
        let (lost, dropped) = (counts.lost - before, counts.dropped_receipts());
        let drained = !fell && stuck.is_empty() && lost + dropped == 0;
        self.say(&words::closed(lost, dropped, counts.turned_away));
        if !self.panics.is_empty() {
            self.say(&format!("panics in parts: {}", self.panics.len()));
        }
        self.put(&format!("\n{}", table::alone(&counts)));
        if let Some(lines) = words::onward(self.given, lost) {
            self.put(&format!("{lines}\n"));
        }
        ExitCode::from(u8::from(!(drained && self.port_drained)))
    }
}
