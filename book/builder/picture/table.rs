//! The same runs as tables and as sentences, for those who do not see the picture.

use std::fmt::Write as _;

use record::{Event, EventKind, Record};

use super::time::time;
use crate::markup::escape;

/// How many events a description names before it leaves the rest to the table.
const IN_WORDS: usize = 12;

/// What an event says about itself.
fn happened(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Mark => "happens",
        EventKind::Begin => "begins",
        EventKind::End => "ends",
        EventKind::Drop => "is dropped",
    }
}

/// A run in sentences.
pub fn sentences(record: &Record) -> String {
    let mut out = String::new();
    for event in record.events.iter().take(IN_WORDS) {
        let lane = &record.lanes[event.lane];
        let (at, what) = (time(event.at_ms), &event.what);
        let _ = write!(out, "{at}, {lane}: {what} {}. ", happened(event.kind));
    }
    let rest = record.events.len().saturating_sub(IN_WORDS);
    if rest > 0 {
        let _ = write!(out, "{rest} more events are in the table. ");
    }
    let _ = write!(out, "The run ends at {}.", time(record.ended_ms));
    out
}

/// A run as an HTML table; rows of the instant `difference` are marked in words.
pub fn table(record: &Record, caption: &str, difference: Option<u64>) -> String {
    let mut out = format!(
        "<div class=\"table-wrapper\"><table><caption>{caption}</caption><thead><tr>\
         <th scope=\"col\">Time</th><th scope=\"col\">Lane</th>\
         <th scope=\"col\">What</th><th scope=\"col\">How</th></tr></thead><tbody>"
    );
    let mut last = None;
    for event in &record.events {
        out.push_str(&row(record, event, last == Some(event.at_ms), difference));
        last = Some(event.at_ms);
    }
    let end = time(record.ended_ms);
    let _ = write!(
        out,
        "<tr><td>{end}</td><td></td><td>the run</td><td>ends</td></tr></tbody></table></div>"
    );
    out
}

fn row(
    record: &Record,
    event: &Event,
    again: bool,
    difference: Option<u64>,
) -> String {
    let lane = escape(&record.lanes[event.lane]);
    let what = escape(&event.what);
    let how = happened(event.kind);
    let at = match (again, difference == Some(event.at_ms)) {
        (true, _) => "then".to_owned(),
        (false, true) => format!("{}, first difference", time(event.at_ms)),
        (false, false) => time(event.at_ms),
    };
    format!("<tr><td>{at}</td><td>{lane}</td><td>{what}</td><td>{how}</td></tr>")
}
