//! The numbers as a table: of one shop, or of two side by side.

use std::fmt::Write;

use crate::{numbers::Counts, part::Part};

/// A row of a table.
struct Row {
    label: &'static str,
    value: fn(&Counts) -> String,
    /// The parts whose row it is: it differs with each of them, whatever the others are.
    of: &'static [Part],
}

/// All rows. The first six add up: each order is one of the other five.
const ROWS: [Row; 11] = [
    row("orders", |counts| counts.orders.to_string(), &[]),
    row(
        "  answered in time",
        |counts| counts.answered.to_string(),
        &[Part::Timeouts],
    ),
    row("  refused at the door", |counts| counts.refused.to_string(), &[]),
    row(
        "  failed by a supplier",
        |counts| counts.failed.to_string(),
        &[Part::Retries],
    ),
    row(
        "  late, after 1 s",
        |counts| counts.late.to_string(),
        &[Part::Backpressure],
    ),
    row(
        "  lost, no answer at all",
        |counts| counts.lost.to_string(),
        &[Part::Shutdown],
    ),
    row(
        "p50 of the answers",
        |counts| millis(counts.percentile(50)),
        &[Part::Joinset],
    ),
    row("p99 of the answers", |counts| millis(counts.percentile(99)), &[]),
    row("calls to suppliers", |counts| counts.calls.to_string(), &[]),
    row("most orders inside at once", |counts| counts.most_inside.to_string(), &[]),
    row(
        "receipts never posted",
        |counts| counts.unposted().to_string(),
        &[Part::WorkerPool],
    ),
];

const fn row(
    label: &'static str,
    value: fn(&Counts) -> String,
    of: &'static [Part],
) -> Row {
    Row { label, value, of }
}

fn millis(time: Option<usize>) -> String {
    time.map_or_else(|| "-".into(), |time| format!("{time} ms"))
}

/// Two shops side by side: the part as it is, called `whose`, and its naive form.
pub fn side_by_side(part: Part, whose: &str, is: &Counts, naive: &Counts) -> String {
    let mut text = format!("{:<28}{whose:>12}{:>12}\n", part.name(), "naive");
    for row in &ROWS {
        let (one, other) = ((row.value)(is), (row.value)(naive));
        let mark = if row.of.contains(&part) { "   <--" } else { "" };
        _ = writeln!(text, "{:<28}{one:>12}{other:>12}{mark}", row.label);
    }
    text
}

/// The numbers of one shop.
pub fn alone(counts: &Counts) -> String {
    let mut text = String::new();
    for row in &ROWS {
        _ = writeln!(text, "{:<28}{:>12}", row.label, (row.value)(counts));
    }
    text
}

/// The rows that differ, by their labels, and whether the part's own is among them.
pub fn differ(part: Part, is: &Counts, naive: &Counts) -> (Vec<&'static str>, bool) {
    let differs = |row: &&Row| (row.value)(is) != (row.value)(naive);
    let rows: Vec<_> = ROWS.iter().filter(differs).collect();
    let own = rows.iter().any(|row| row.of.contains(&part));
    (rows.iter().map(|row| row.label.trim()).collect(), own)
}
