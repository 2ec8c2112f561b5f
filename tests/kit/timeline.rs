//! The tape of a run, and its picture in text.

use crate::record::{Event, EventKind, Expected};

/// How many rows a picture may have before its quiet parts are left out.
const ROWS: usize = 16;

/// What happened so far.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    pub(crate) lanes: Vec<String>,
    pub(crate) events: Vec<Event>,
    /// How many marks each lane holds.
    pub(crate) marks: Vec<usize>,
    spans: u32,
}

impl Tape {
    pub(crate) fn lane(&mut self, name: &str) -> usize {
        if let Some(index) = self.lanes.iter().position(|lane| lane == name) {
            return index;
        }
        self.lanes.push(name.to_owned());
        self.marks.push(0);
        self.lanes.len() - 1
    }

    pub(crate) fn next_span(&mut self) -> u32 {
        self.spans += 1;
        self.spans
    }

    pub(crate) fn put(
        &mut self,
        at_ms: u64,
        lane: usize,
        kind: EventKind,
        what: String,
        span: Option<u32>,
    ) {
        if kind == EventKind::Mark {
            self.marks[lane] += 1;
        }
        let seq = self.events.len() as u32;
        self.events.push(Event {
            at_ms,
            seq,
            lane,
            kind,
            what,
            span,
        });
    }
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`.
pub(crate) fn ordinal(n: usize) -> String {
    let suffix = match (n % 10, n % 100) {
        (1, rest) if rest != 11 => "st",
        (2, rest) if rest != 12 => "nd",
        (3, rest) if rest != 13 => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

/// One line of the picture.
struct Row {
    at_ms: u64,
    cells: Vec<String>,
    /// It is one of the events that were asked for.
    counts: bool,
    differs: bool,
}

/// Draws lanes as columns and virtual time downwards. Times that were expected have a column of
/// their own, and the first row where expectation and run part is marked with `>`.
pub(crate) fn draw(
    lanes: &[String],
    events: &[Event],
    expected: Option<&Expected>,
) -> Vec<String> {
    let mut rows = rows(lanes.len(), events, expected);
    if expected.is_some() {
        mark_difference(&mut rows);
    }
    let mut heads = vec![];
    if expected.is_some() {
        heads.push("expected");
    }
    heads.extend(lanes.iter().map(String::as_str));
    layout(&heads, &shorten(rows))
}

fn rows(lanes: usize, events: &[Event], expected: Option<&Expected>) -> Vec<Row> {
    let offset = usize::from(expected.is_some());
    let mut rows: Vec<Row> = vec![];
    for event in events {
        let mut cells = vec![String::new(); lanes + offset];
        cells[event.lane + offset] = words(event);
        rows.push(Row {
            at_ms: event.at_ms,
            cells,
            counts: expected
                .is_some_and(|e| (e.lane, e.kind) == (event.lane, event.kind)),
            differs: false,
        });
    }
    let Some(expected) = expected else {
        return rows;
    };
    let mut used = vec![false; rows.len()];
    for (i, &at_ms) in expected.at_ms.iter().enumerate() {
        let same = (0..used.len())
            .find(|&r| !used[r] && rows[r].at_ms == at_ms && rows[r].counts);
        if let Some(row) = same {
            used[row] = true;
            rows[row].cells[0] = ordinal(i + 1);
            continue;
        }
        let mut cells = vec![String::new(); lanes + offset];
        cells[0] = ordinal(i + 1);
        let place = rows.iter().position(|row| row.at_ms > at_ms);
        let place = place.unwrap_or(rows.len());
        rows.insert(
            place,
            Row {
                at_ms,
                cells,
                counts: false,
                differs: false,
            },
        );
        used.insert(place, true);
    }
    rows
}

fn words(event: &Event) -> String {
    match event.kind {
        EventKind::Mark => event.what.clone(),
        EventKind::Begin => format!("{} begins", event.what),
        EventKind::End => format!("{} ends", event.what),
        EventKind::Drop => format!("{} dropped", event.what),
    }
}

/// Marks the earlier of the two instants at which the lists part.
fn mark_difference(rows: &mut [Row]) {
    let parts = |row: &&mut Row| row.cells[0].is_empty() == row.counts;
    if let Some(row) = rows.iter_mut().find(parts) {
        row.differs = true;
    }
}

/// Keeps the first rows, those around the difference, and the last ones.
fn shorten(rows: Vec<Row>) -> Vec<Row> {
    if rows.len() <= ROWS {
        return rows;
    }
    let last = rows.len() - 1;
    let focus = rows.iter().position(|row| row.differs).unwrap_or(last);
    let (head, tail) = (4, 3);
    let around = ROWS - head - tail - 2;
    let from = focus.saturating_sub(around / 2).min(last + 1 - around);
    let keep =
        |i: usize| i < head || i + tail > last || (i >= from && i < from + around);
    let mut kept: Vec<Row> = vec![];
    let mut left_out = 0;
    for (i, row) in rows.into_iter().enumerate() {
        if keep(i) {
            if left_out > 0 {
                let text = format!("... {left_out} more");
                kept.push(Row {
                    at_ms: row.at_ms,
                    cells: vec![text],
                    counts: false,
                    differs: false,
                });
                left_out = 0;
            }
            kept.push(row);
        } else {
            left_out += 1;
        }
    }
    kept
}

fn layout(heads: &[&str], rows: &[Row]) -> Vec<String> {
    let mut widths: Vec<usize> = heads.iter().map(|h| h.chars().count()).collect();
    for row in rows.iter().filter(|row| row.cells.len() == heads.len()) {
        for (width, cell) in widths.iter_mut().zip(&row.cells) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut lines = vec![line(&format!("{:>10}", "ms"), heads, &widths)];
    let rule: Vec<String> = widths.iter().map(|w| "-".repeat(*w)).collect();
    lines.push(format!("{:->10}-+-{}", "", rule.join("-+-")));
    let mut last = None;
    for row in rows {
        if row.cells.len() != heads.len() {
            lines.push(format!("{:>10}   {}", "", row.cells[0]));
            last = None;
            continue;
        }
        let time = match last == Some(row.at_ms) {
            true => String::new(),
            false => row.at_ms.to_string(),
        };
        last = Some(row.at_ms);
        let arrow = if row.differs { "> " } else { "" };
        let time = format!("{arrow}{time:>width$}", width = 10 - arrow.len());
        let cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        lines.push(line(&time, &cells, &widths));
    }
    lines
}

fn line(time: &str, cells: &[&str], widths: &[usize]) -> String {
    let mut line = time.to_owned();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(&format!(" | {cell:<width$}"));
    }
    line.trim_end().to_owned()
}
