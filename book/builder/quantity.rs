//! A quantity over time: counted from the events of a recorded run, or read from their words.

use std::str::FromStr;

use record::{Event, EventKind, Record};

/// How a directive writes a quantity.
pub const FORM: &str = "WHAT (WORDS) = + LANE begins, - LANE ends";

/// What is counted, and by which events.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Its name beside the steps.
    pub what: String,
    /// Its name in a sentence.
    pub words: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
struct Part {
    /// As it was written.
    text: String,
    change: Change,
    /// The lane; `*` for any.
    lane: String,
    verb: Verb,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Change {
    Up,
    Down,
    /// The event tells the quantity itself.
    To,
}

#[derive(Debug, Clone, PartialEq)]
enum Verb {
    Begins,
    Ends,
    IsDropped,
    /// Ends in any way.
    IsOver,
    /// Happens, with words that begin so.
    Says(String),
    /// Happens, with a number in front of this word.
    Tells(String),
}

impl FromStr for Quantity {
    type Err = String;

    /// Reads `WHAT (WORDS) = + LANE begins, - LANE ends`.
    fn from_str(text: &str) -> Result<Self, String> {
        let form = || format!("write a quantity as `{FORM}`");
        let (name, parts) = text.split_once(" = ").ok_or_else(form)?;
        let name = name.trim().strip_suffix(')').and_then(|it| it.split_once(" ("));
        let (what, words) = name.ok_or_else(form)?;
        let parts: Option<Vec<Part>> =
            parts.split(',').map(|text| part(text.trim())).collect();
        let parts = parts.ok_or_else(form)?;
        Ok(Self { what: what.trim().into(), words: words.trim().into(), parts })
    }
}

fn part(written: &str) -> Option<Part> {
    let (change, text) = match written.split_at_checked(2)? {
        ("+ ", rest) => (Change::Up, rest),
        ("- ", rest) => (Change::Down, rest),
        _ => (Change::To, written),
    };
    let alone = [
        (" begins", Verb::Begins),
        (" ends", Verb::Ends),
        (" is dropped", Verb::IsDropped),
        (" is over", Verb::IsOver),
    ];
    let alone = alone
        .into_iter()
        .find_map(|(words, verb)| Some((text.strip_suffix(words)?, verb)));
    let says =
        || text.split_once(" says ").map(|(l, it)| (l, Verb::Says(it.into())));
    let (lane, verb) = match change {
        Change::To => {
            let (lane, word) = text.split_once(" tells ")?;
            (lane, Verb::Tells(word.into()))
        }
        _ => alone.or_else(says)?,
    };
    Some(Part { text: written.into(), change, lane: lane.trim().into(), verb })
}

impl Part {
    fn fits(&self, record: &Record, event: &Event) -> bool {
        let on_lane = self.lane == "*" || self.lane == record.lanes[event.lane];
        on_lane
            && match (&self.verb, event.kind) {
                (Verb::Begins, EventKind::Begin)
                | (Verb::Ends, EventKind::End)
                | (Verb::IsDropped, EventKind::Drop)
                | (Verb::IsOver, EventKind::End | EventKind::Drop) => true,
                // A mark that belongs to a bar is how that bar ended.
                (Verb::IsOver, EventKind::Mark) => event.span.is_some(),
                (Verb::Says(words), EventKind::Mark) => {
                    event.what.starts_with(words)
                }
                (Verb::Tells(word), EventKind::Mark) => {
                    told(&event.what, word).is_some()
                }
                _ => false,
            }
    }
}

/// The number in front of a word.
fn told(text: &str, word: &str) -> Option<f64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let pair = words.windows(2).find(|pair| pair[1] == word)?;
    pair[0].parse().ok()
}

/// The quantity at one instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Virtual milliseconds.
    pub at_ms: u64,
    /// The most behind any event of the instant.
    pub high: f64,
    /// What it is from here on.
    pub after: f64,
}

impl Quantity {
    /// Whether events change it, or else tell it.
    fn counted(&self) -> bool {
        self.parts.iter().all(|part| part.change != Change::To)
    }

    /// The quantity behind each event; nothing before it was told for the first time.
    pub fn behind_each(&self, record: &Record) -> Vec<Option<f64>> {
        let mut now = self.counted().then_some(0.0);
        let behind = record.events.iter().map(|event| {
            for part in self.parts.iter().filter(|part| part.fits(record, event)) {
                now = match (part.change, &part.verb) {
                    (Change::To, Verb::Tells(word)) => told(&event.what, word),
                    (Change::Down, _) => now.map(|now| now - 1.0),
                    _ => now.map(|now| now + 1.0),
                };
            }
            now
        });
        behind.collect()
    }

    /// The quantity at each instant at which it changes, the first one at its beginning.
    pub fn levels(&self, record: &Record) -> Vec<Level> {
        let starts = Level { at_ms: 0, high: 0.0, after: 0.0 };
        let mut all: Vec<Level> =
            self.counted().then_some(starts).into_iter().collect();
        for (event, now) in record.events.iter().zip(self.behind_each(record)) {
            let Some(now) = now else { continue };
            match all.last_mut() {
                Some(last) if last.at_ms == event.at_ms => {
                    last.high = last.high.max(now);
                    last.after = now;
                }
                _ => all.push(Level { at_ms: event.at_ms, high: now, after: now }),
            }
        }
        let mut before = f64::NAN;
        all.retain(|level| {
            let changes = level.after != before || level.high > before;
            before = level.after;
            changes
        });
        all
    }

    /// The quantity behind an instant.
    pub fn behind(&self, record: &Record, at_ms: u64) -> Option<f64> {
        let levels = self.levels(record);
        let level = levels.iter().rfind(|level| level.at_ms <= at_ms)?;
        Some(level.after)
    }

    /// Why this quantity says nothing about a run, if so.
    ///
    /// # Errors
    ///
    /// When no event of the run is what a part names, or more goes than came.
    pub fn check(&self, record: &Record) -> Result<(), String> {
        for part in &self.parts {
            if !record.events.iter().any(|event| part.fits(record, event)) {
                return Err(format!("no event of the run is `{}`", part.text));
            }
        }
        self.stays_above_zero(record)
    }

    /// Refuses a run in which more goes than came.
    ///
    /// # Errors
    ///
    /// With the instant.
    pub fn stays_above_zero(&self, record: &Record) -> Result<(), String> {
        let mut behind = record.events.iter().zip(self.behind_each(record));
        match behind.find(|(_, now)| now.is_some_and(|now| now < 0.0)) {
            None => Ok(()),
            Some((event, _)) => {
                let (what, at) = (&self.what, event.at_ms);
                Err(format!("`{what}` falls below zero at {at} ms"))
            }
        }
    }

    /// The most there ever is.
    pub fn most(&self, record: &Record) -> f64 {
        self.levels(record).iter().map(|level| level.high).fold(0.0, f64::max)
    }
}

/// A number without needless digits.
pub fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// All numbers in a text, in order.
pub fn numbers(text: &str) -> Vec<f64> {
    let digits = |c: char| !c.is_ascii_digit() && c != '.';
    text.split(digits).filter_map(|word| word.parse().ok()).collect()
}

#[cfg(test)]
#[path = "quantity_tests.rs"]
mod tests;
