//! Where each thing of a lane is drawn, so that nothing covers anything else.

use std::collections::BTreeMap;

use record::{Event, EventKind, Record};

use super::scale::Scale;

/// The width of a letter, about.
pub const LETTER: f64 = 6.7;
/// How many rows more than needed a lane may have, for the sake of its labels.
const ROWS_FOR_LABELS: usize = 3;

/// How something on a lane came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// It took no time.
    Mark,
    /// It ended by itself.
    Ended,
    /// It was dropped before it ended.
    Dropped,
    /// It was not over when the run was.
    Open,
}

/// Where a label stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Label {
    /// Too narrow a place: the table has the words.
    None,
    /// Inside its bar or to the right of its shape, from here on.
    From(f64),
    /// To the left of its shape, up to here.
    UpTo(f64),
}

/// One thing on a lane.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its words.
    pub what: String,
    /// Where it begins.
    pub x0: f64,
    /// Where it ends.
    pub x1: f64,
    /// What it looks like.
    pub shape: Shape,
    /// The row of the lane, from 0.
    pub row: usize,
    /// Where its words stand.
    pub label: Label,
}

/// A lane with everything on it.
#[derive(Debug)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// What is on it, in order.
    pub items: Vec<Item>,
    /// How many rows it needs.
    pub rows: usize,
}

/// Where words may stand.
struct Room {
    left: f64,
    /// Where the end of the run is drawn.
    end: f64,
    right: f64,
}

/// Places the events of a run.
pub fn lanes(record: &Record, scale: &Scale) -> Vec<Lane> {
    let end = scale.x(record.ended_ms, usize::MAX);
    let mut lanes: Vec<Lane> = record
        .lanes
        .iter()
        .map(|name| Lane { name: name.clone(), items: vec![], rows: 1 })
        .collect();
    let mut open: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for (x, event) in placed(record, scale) {
        let begun = event.span.and_then(|span| open.get(&span).copied());
        let shape = shape(event.kind);
        if let (Shape::Ended | Shape::Dropped, Some((lane, item))) = (shape, begun) {
            let item = &mut lanes[lane].items[item];
            (item.x1, item.shape) = (x, shape);
            // How it ended may be written behind its name.
            item.what.clone_from(&event.what);
            continue;
        }
        // A mark that belongs to a bar is how that bar ended.
        if let (Shape::Mark, Some((lane, item))) = (shape, begun) {
            let item = &mut lanes[lane].items[item];
            (item.x1, item.shape) = (x, Shape::Ended);
        }
        let items = &mut lanes[event.lane].items;
        if let (Shape::Open, Some(span)) = (shape, event.span) {
            open.insert(span, (event.lane, items.len()));
        }
        items.push(Item {
            what: event.what.clone(),
            x0: x,
            x1: if shape == Shape::Open { end.max(x) } else { x },
            shape,
            row: 0,
            label: Label::None,
        });
    }
    let room = Room { end: end + 9.0, right: scale.right, left: scale.x(0, 0) };
    lanes.iter_mut().for_each(|lane| arrange(lane, &room));
    lanes
}

/// Each event with its place: those of one instant stand beside each other.
fn placed<'a>(
    record: &'a Record,
    scale: &Scale,
) -> impl Iterator<Item = (f64, &'a Event)> {
    let mut last = (0, 0);
    record.events.iter().map(move |event| {
        let (instant, rank) = last;
        let rank = if event.at_ms == instant { rank } else { 0 };
        last = (event.at_ms, rank + 1);
        (scale.x(event.at_ms, rank), event)
    })
}

/// What an event looks like before anything else is known about it.
fn shape(kind: EventKind) -> Shape {
    match kind {
        EventKind::Begin => Shape::Open,
        EventKind::Mark => Shape::Mark,
        EventKind::End => Shape::Ended,
        EventKind::Drop => Shape::Dropped,
    }
}

/// Gives each item of a lane a row, with labels when they fit.
fn arrange(lane: &mut Lane, room: &Room) {
    let all_alike = lane.items.windows(2).all(|pair| pair[0].what == pair[1].what);
    let bare = stack(lane, |_| Label::None);
    let labelled = stack(lane, |item| label(item, room));
    let repeats =
        all_alike && lane.items.len() > 1 && lane.items[0].what == lane.name;
    if repeats || labelled > bare + ROWS_FOR_LABELS {
        lane.rows = stack(lane, |item| inside(item).unwrap_or(Label::None));
    } else {
        lane.rows = labelled;
    }
}

/// Puts items into the first row that has room, and says how many rows that took.
fn stack(lane: &mut Lane, label: impl Fn(&Item) -> Label) -> usize {
    let mut ends: Vec<f64> = vec![];
    for item in &mut lane.items {
        item.label = label(item);
        let (from, to) = extent(item);
        let free = ends.iter().position(|end| *end + 6.0 <= from);
        item.row = free.unwrap_or(ends.len());
        match free {
            Some(row) => ends[row] = to,
            None => ends.push(to),
        }
    }
    ends.len().max(1)
}

fn width(item: &Item) -> f64 {
    item.what.chars().count() as f64 * LETTER
}

fn inside(item: &Item) -> Option<Label> {
    let fits = item.x1 - item.x0 >= width(item) + 16.0;
    fits.then_some(Label::From(item.x0 + 7.0))
}

/// Inside its bar if it fits, else beside its shape, but never across the end of the run.
fn label(item: &Item, room: &Room) -> Label {
    if item.what.is_empty() {
        return Label::None;
    }
    if let Some(label) = inside(item) {
        return label;
    }
    let (from, width) = (item.x1 + 10.0, width(item));
    let crosses_end = from < room.end + 6.0 && from + width > room.end - 2.0;
    let fits_left = item.x0 - 9.0 - width >= room.left;
    match (crosses_end, from + width <= room.right + 8.0) {
        (false, true) => Label::From(from),
        _ if fits_left => Label::UpTo(item.x0 - 9.0),
        (true, _) => Label::From(room.end + 10.0),
        _ => Label::From(from),
    }
}

/// From where to where an item covers its row.
fn extent(item: &Item) -> (f64, f64) {
    let (from, to) = (item.x0 - 6.0, item.x1 + 6.0);
    match item.label {
        Label::None => (from, to),
        Label::From(x) => (from, to.max(x + width(item))),
        Label::UpTo(x) => (x - width(item), to),
    }
}
