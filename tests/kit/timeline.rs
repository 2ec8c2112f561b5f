//! The tape of a run, and its picture in text.

use record::{Due, Event, EventKind, Record, Scene};

use crate::{
    shorten::{Row, mark_what_it_is_about, shorten},
    times::{self, ordinal},
};

/// The lane of what is drawn in a scene and not compared.
pub(crate) const ASIDE: &str = "aside";

/// What happened so far.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    pub(crate) lanes: Vec<String>,
    pub(crate) events: Vec<Event>,
    /// How many marks each lane holds.
    pub(crate) marks: Vec<usize>,
    spans: u32,
    /// Events that have no words yet: their places, and which each is of all that came.
    later: Vec<(usize, usize)>,
}

/// Who does what, of the n-th event that came.
pub(crate) type Words = Box<dyn Fn(usize) -> (&'static str, String) + Send + Sync>;

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

    /// What has begun and not ended, a sentence each.
    pub(crate) fn open_spans(&self) -> Vec<String> {
        let begun = self.events.iter().filter(|it| it.kind == EventKind::Begin);
        let last = |span| self.events.iter().rfind(|it| it.span == span);
        let open =
            begun.filter(|it| last(it.span).is_some_and(|last| last.seq == it.seq));
        let told = |it: &Event| {
            let (lane, what, at) = (&self.lanes[it.lane], &it.what, it.at_ms);
            format!("not ended: {lane}, {what}, since {at} ms")
        };
        open.map(told).collect()
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
        self.events.push(Event { at_ms, seq, lane, kind, what, span });
    }

    /// A mark that gets its lane and its words when somebody reads them: most scenes pass, and nobody does.
    pub(crate) fn put_later(&mut self, at_ms: u64, n: usize) {
        let (seq, kind) = (self.events.len() as u32, EventKind::Mark);
        self.later.push((self.events.len(), n));
        let (lane, what) = (usize::MAX, String::new());
        self.events.push(Event { at_ms, seq, lane, kind, what, span: None });
    }

    /// Gives their words to all that have none yet.
    pub(crate) fn fill_in(&mut self, words: &Words) {
        for (place, n) in std::mem::take(&mut self.later) {
            let (who, what) = words(n);
            let lane = self.lane(who);
            self.marks[lane] += 1;
            (self.events[place].lane, self.events[place].what) = (lane, what);
        }
    }
}

/// Draws lanes as columns and virtual time downwards. Times that were expected have a column of
/// their own; what is due in a scene stands beside what came. The first row where expectation and run
/// part is marked with `>`.
pub(crate) fn draw(record: &Record, lines: usize) -> Vec<String> {
    let due = record.scene.as_ref().filter(|scene| !scene.due.is_empty());
    if let Some(scene) = due {
        return layout(&["due", "came"], &shorten(beside(record, scene), lines));
    }
    let mut heads: Vec<_> = record.lanes.iter().map(String::as_str).collect();
    let Some(expected) = &record.expected else {
        return layout(&heads, &shorten(rows(record, 0), lines));
    };
    heads.insert(0, "expected");
    let mut rows = rows(record, 1);
    let observed = record.events.iter();
    let observed =
        observed.filter(|it| (it.lane, it.kind) == (expected.lane, expected.kind));
    let names: Vec<_> = observed.map(|event| event.what.clone()).collect();
    let numbered = times::are_numbered(&names);
    for (i, &at_ms) in expected.at_ms.iter().enumerate() {
        let due = if numbered { ordinal(i + 1) } else { "due".to_owned() };
        put(&mut rows, at_ms, due, heads.len(), &|row| row.counts);
    }
    mark_difference(&mut rows);
    layout(&heads, &shorten(rows, lines))
}

/// A row for each event, with so many empty columns before the lanes.
fn rows(record: &Record, before: usize) -> Vec<Row> {
    let expected = record.expected.as_ref();
    let counts = |event: &Event| {
        expected.is_some_and(|e| (e.lane, e.kind) == (event.lane, event.kind))
    };
    let row = |event: &Event| {
        let mut cells = vec![String::new(); record.lanes.len() + before];
        cells[event.lane + before] = words(event);
        let at_ms = Some(event.at_ms);
        let (counts, span) = (counts(event), event.span);
        Row { at_ms, cells, counts, span, ..Row::default() }
    };
    record.events.iter().map(row).collect()
}

/// What is due in a scene in one column, what came in the other.
fn beside(record: &Record, scene: &Scene) -> Vec<Row> {
    let came = |event: &Event| {
        let came = match record.lanes[event.lane].as_str() {
            ASIDE => format!("({})", words(event)),
            who => format!("{who} {}", words(event)),
        };
        let (at_ms, cells) = (Some(event.at_ms), vec![String::new(), came]);
        Row { at_ms, cells, counts: true, ..Row::default() }
    };
    let mut rows: Vec<_> = record.events.iter().map(came).collect();
    let sentence = |due: &Due| format!("{} {}", due.who, due.what);
    // Where what is due at this instant stood last: what comes next there stands below it.
    let mut below = None;
    for due in &scene.due {
        let (at_ms, sentence) = (Some(due.at_ms), sentence(due));
        let of_this_instant = |row: &Row| row.at_ms == at_ms;
        below = below.filter(|at: &usize| of_this_instant(&rows[*at - 1]));
        let is_it = |row: &Row| {
            of_this_instant(row)
                && row.cells[0].is_empty()
                && row.cells[1] == sentence
        };
        let place = if let Some(place) = rows.iter().position(is_it) {
            rows[place].cells[0] = sentence;
            place
        } else {
            let first = || rows.iter().position(|row| row.at_ms >= at_ms);
            let place = below.or_else(first).unwrap_or(rows.len());
            let cells = vec![sentence, String::new()];
            rows.insert(place, Row { at_ms, cells, ..Row::default() });
            place
        };
        below = Some(place + 1);
    }
    for row in &mut rows {
        let is_aside = row.cells[1].starts_with('(');
        row.parts = row.cells[0] != row.cells[1] && !is_aside;
    }
    if let Some(parts) = &scene.parts {
        let said = sentence(parts);
        let is_it = |row: &&mut Row| {
            row.parts && row.at_ms == Some(parts.at_ms) && row.cells.contains(&said)
        };
        rows.iter_mut().filter(is_it).take(1).for_each(|row| row.differs = true);
        mark_what_it_is_about(&mut rows, &said);
    }
    counted(rows)
}

/// One row for those that say the same, one behind the other, with their number.
fn counted(rows: Vec<Row>) -> Vec<Row> {
    let mut counted: Vec<(Row, usize)> = vec![];
    for row in rows {
        match counted.last_mut() {
            Some((last, n))
                if (last.at_ms, &last.cells) == (row.at_ms, &row.cells)
                    && !row.differs =>
            {
                *n += 1
            }
            _ => counted.push((row, 1)),
        }
    }
    let with_number = |(mut row, n): (Row, usize)| {
        let said = row.cells.iter_mut().filter(|cell| n > 1 && !cell.is_empty());
        said.for_each(|cell| cell.push_str(&format!(", {n} times")));
        row
    };
    counted.into_iter().map(with_number).collect()
}

/// Puts `expected` into the first of so many columns: beside the event that `is_it` at that instant, or
/// in a row of its own.
fn put(
    rows: &mut Vec<Row>,
    at_ms: u64,
    expected: String,
    columns: usize,
    is_it: &dyn Fn(&Row) -> bool,
) {
    let free = |row: &&mut Row| row.at_ms == Some(at_ms) && row.cells[0].is_empty();
    if let Some(row) = rows.iter_mut().filter(free).find(|row| is_it(row)) {
        row.cells[0] = expected;
        return;
    }
    let place = rows.iter().position(|row| row.at_ms > Some(at_ms));
    let mut cells = vec![String::new(); columns];
    cells[0] = expected;
    let due = Row { at_ms: Some(at_ms), cells, ..Row::default() };
    rows.insert(place.unwrap_or(rows.len()), due);
}

fn words(event: &Event) -> String {
    match event.kind {
        EventKind::Mark => event.what.clone(),
        EventKind::Begin => format!("{} begins", event.what),
        EventKind::End => format!("{} ends", event.what),
        EventKind::Drop => format!("{} dropped", event.what),
    }
}

/// Marks the rows in which the lists part.
fn mark_difference(rows: &mut [Row]) {
    for row in &mut *rows {
        row.parts = row.cells[0].is_empty() == row.counts;
    }
    if let Some(row) = rows.iter_mut().find(|row| row.parts) {
        row.differs = true;
    }
}

fn layout(heads: &[&str], rows: &[Row]) -> Vec<String> {
    let mut widths: Vec<usize> = heads.iter().map(|h| h.chars().count()).collect();
    for row in rows.iter().filter(|row| row.at_ms.is_some()) {
        for (width, cell) in widths.iter_mut().zip(&row.cells) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let digits = |row: &Row| row.at_ms.map_or(0, |at_ms| at_ms.to_string().len());
    let differs = |row: &Row| if row.differs { 2 } else { 0 };
    let times = rows.iter().map(|row| digits(row) + differs(row));
    let time_width = times.max().unwrap_or(0).max(10);
    let mut lines = vec![line(&format!("{:>time_width$}", "ms"), heads, &widths)];
    let rule: Vec<String> = widths.iter().map(|w| "-".repeat(*w)).collect();
    lines.push(format!("{:->time_width$}-+-{}", "", rule.join("-+-")));
    let mut last = None;
    for row in rows {
        let Some(at_ms) = row.at_ms else {
            lines.push(format!("{:>time_width$}   {}", "", row.cells[0]));
            last = None;
            continue;
        };
        let time =
            if last == Some(at_ms) { String::new() } else { at_ms.to_string() };
        last = Some(at_ms);
        let arrow = if row.differs { "> " } else { "" };
        let time =
            format!("{arrow}{time:>width$}", width = time_width - arrow.len());
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
