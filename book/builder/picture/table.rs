//! The same runs as tables and as sentences, for those who do not see the picture.

use std::fmt::Write as _;

use record::{Event, EventKind, Record};

use super::{draw::More, time::time};
use crate::{markup::escape, quantity::number};

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

/// A run as an HTML table; rows of the first difference are marked in words, and a quantity has a
/// column of its own.
pub fn table(record: &Record, caption: &str, more: &More) -> String {
    let head = more.quantity.map_or(String::new(), |quantity| {
        format!("<th scope=\"col\">{}</th>", escape(&quantity.what))
    });
    let mut out = format!(
        "<div class=\"table-wrapper\"><table><caption>{caption}</caption><thead><tr>\
         <th scope=\"col\">Time</th><th scope=\"col\">Lane</th>\
         <th scope=\"col\">What</th><th scope=\"col\">How</th>{head}</tr></thead><tbody>"
    );
    let behind = more.quantity.map(|quantity| quantity.behind_each(record));
    let mut last = None;
    for (i, event) in record.events.iter().enumerate() {
        let value = behind.as_ref().map(|behind| behind[i]);
        out.push_str(&row(record, event, last == Some(event.at_ms), more));
        out.push_str(&cell(value.map(|value| value.map(number))));
        last = Some(event.at_ms);
    }
    let end = time(record.ended_ms);
    let _ = write!(
        out,
        "<tr><td>{end}</td><td></td><td>the run</td><td>ends</td>{}\
         </tbody></table></div>",
        cell(behind.map(|_| None))
    );
    out
}

/// The last cell of a row, where there is a column for it, and the end of the row.
fn cell(value: Option<Option<String>>) -> String {
    match value {
        None => "</tr>".to_owned(),
        Some(value) => format!("<td>{}</td></tr>", value.unwrap_or_default()),
    }
}

/// A row that is still open at its end.
fn row(record: &Record, event: &Event, again: bool, more: &More) -> String {
    let lane = escape(&record.lanes[event.lane]);
    let what = escape(&event.what);
    let how = happened(event.kind);
    let at = match (again, more.difference == Some(event.at_ms)) {
        (true, _) => "then".to_owned(),
        (false, true) => format!("{}, first difference", time(event.at_ms)),
        (false, false) => time(event.at_ms),
    };
    format!("<tr><td>{at}</td><td>{lane}</td><td>{what}</td><td>{how}</td>")
}
