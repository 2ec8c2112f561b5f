//! The first instant at which two runs are not the same.

use std::collections::BTreeMap;

use record::{EventKind, Record};

/// What happened at one instant, in order: lane, kind, words.
type Instant<'a> = Vec<(&'a str, EventKind, &'a str)>;

/// The first instant at which `right` and `wrong` differ, if they do.
///
/// What happened counts before the order in which it happened: two runs that do the same
/// things at the same instants are compared by order only when nothing else tells them apart.
pub fn first_difference(right: &Record, wrong: &Record) -> Option<u64> {
    let (right_by, wrong_by) = (by_instant(right), by_instant(wrong));
    let instants: std::collections::BTreeSet<u64> =
        right_by.keys().chain(wrong_by.keys()).copied().collect();
    let none = Instant::new();
    let first = |sorted: bool| {
        instants.iter().copied().find(|at| {
            let mut a = right_by.get(at).unwrap_or(&none).clone();
            let mut b = wrong_by.get(at).unwrap_or(&none).clone();
            if sorted {
                a.sort_by_key(key);
                b.sort_by_key(key);
            }
            a != b
        })
    };
    first(true).or_else(|| first(false))
}

fn key<'a>(event: &(&'a str, EventKind, &'a str)) -> (&'a str, u8, &'a str) {
    (event.0, event.1 as u8, event.2)
}

fn by_instant(record: &Record) -> BTreeMap<u64, Instant<'_>> {
    let mut instants: BTreeMap<u64, Instant> = BTreeMap::new();
    for event in &record.events {
        let lane = record.lanes[event.lane].as_str();
        let entry = (lane, event.kind, event.what.as_str());
        instants.entry(event.at_ms).or_default().push(entry);
    }
    let end = ("", EventKind::End, "the run");
    instants.entry(record.ended_ms).or_default().push(end);
    instants
}
