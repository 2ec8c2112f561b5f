//! The same runs as tables and as sentences, for those who do not see the picture.

use std::fmt::Write as _;

use record::{Event, EventKind, Record};

use super::{draw::More, time::time};
use crate::{
    arrow::{Caused, name},
    markup::escape,
    quantity::number,
};

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

/// A run in sentences, and what caused what in it.
pub fn sentences(record: &Record, caused: &[Caused]) -> String {
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
    for Caused { cause, effect } in caused {
        let [cause, effect] = [cause, effect].map(|it| told(record, *it));
        let _ = write!(out, " {effect} was caused by {cause}.");
    }
    out
}

/// An event with its time.
fn told(record: &Record, event: usize) -> String {
    let event = &record.events[event];
    format!("{} at {}", name(record, event), time(event.at_ms))
}

/// A run as an HTML table; rows of the first difference are marked in words, and a quantity and what
/// caused an event have columns of their own.
pub fn table(
    record: &Record,
    caption: &str,
    more: &More,
    caused: &[Caused],
) -> String {
    let mut head = more.quantity.map_or(String::new(), |quantity| {
        format!("<th scope=\"col\">{}</th>", escape(&quantity.what))
    });
    if !caused.is_empty() {
        head.push_str("<th scope=\"col\">Caused by</th>");
    }
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
        out.push_str(&cell(value.map(|value| value.map_or(String::new(), number))));
        out.push_str(&cell(causes(record, i, caused)));
        out.push_str("</tr>");
        last = Some(event.at_ms);
    }
    let end = time(record.ended_ms);
    let _ = write!(
        out,
        "<tr><td>{end}</td><td></td><td>the run</td><td>ends</td>{}{}\
         </tr></tbody></table></div>",
        cell(behind.map(|_| String::new())),
        cell((!caused.is_empty()).then(String::new)),
    );
    out
}

/// A cell, where there is a column for it.
fn cell(words: Option<String>) -> String {
    words.map_or(String::new(), |words| format!("<td>{}</td>", escape(&words)))
}

/// What caused an event, when the run has arrows.
fn causes(record: &Record, event: usize, caused: &[Caused]) -> Option<String> {
    let causes = caused.iter().filter(|it| it.effect == event);
    let causes: Vec<String> = causes.map(|it| told(record, it.cause)).collect();
    (!caused.is_empty()).then(|| causes.join("; "))
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
