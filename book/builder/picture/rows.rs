//! Where each thing of a lane is drawn, so that nothing covers anything else.

use std::collections::BTreeMap;

use record::{Event, EventKind, Record};

use super::scale::Scale;

/// The width of a letter, about.
pub const LETTER: f64 = 6.7;
/// The width of a digit of an order, about.
const DIGIT: f64 = 5.5;
/// The most rows of a lane that a reader takes in.
const MOST_ROWS: usize = 16;

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

/// Where the words of an item stand. Each has a place: a mark without words says nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Label {
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
    /// Which event of its run its beginning is.
    pub begun: usize,
    /// The same for its end, when that is an event of its own.
    pub ended: Option<usize>,
    /// Where it begins.
    pub x0: f64,
    /// Where it ends.
    pub x1: f64,
    /// Which event of its instant its beginning is, when there are several.
    pub first: Option<usize>,
    /// The same for its end.
    pub last: Option<usize>,
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

/// How far behind the last instant the end of a run is drawn.
pub const END: f64 = 20.0;

/// Places the events of a run.
///
/// # Errors
///
/// When something would have no words, or a lane too many rows.
pub fn lanes(record: &Record, scale: &Scale) -> Result<Vec<Lane>, String> {
    let end = scale.x(record.ended_ms);
    let mut lanes: Vec<Lane> = record
        .lanes
        .iter()
        .map(|name| Lane { name: name.clone(), items: vec![], rows: 1 })
        .collect();
    let mut open: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for (index, (order, event)) in ordered(record).enumerate() {
        let x = scale.x(event.at_ms);
        let begun = event.span.and_then(|span| open.get(&span).copied());
        let shape = shape(event.kind);
        if let (Shape::Ended | Shape::Dropped, Some((lane, item))) = (shape, begun) {
            let item = &mut lanes[lane].items[item];
            (item.x1, item.shape, item.last) = (x, shape, order);
            item.ended = Some(index);
            // How it ended may be written behind its name.
            item.what.clone_from(&event.what);
            continue;
        }
        // A mark that belongs to a bar is how that bar ended.
        if let (Shape::Mark, Some((lane, item))) = (shape, begun) {
            let item = &mut lanes[lane].items[item];
            (item.x1, item.shape) = (x, Shape::Ended);
        }
        if event.what.trim().is_empty() {
            return Err(format!(
                "something on the lane `{}` has no words at {} ms",
                record.lanes[event.lane], event.at_ms
            ));
        }
        let items = &mut lanes[event.lane].items;
        if let (Shape::Open, Some(span)) = (shape, event.span) {
            open.insert(span, (event.lane, items.len()));
        }
        items.push(Item {
            what: event.what.clone(),
            begun: index,
            ended: None,
            x0: x,
            x1: if shape == Shape::Open { end.max(x) } else { x },
            first: order,
            last: None,
            shape,
            row: 0,
            label: Label::From(x),
        });
    }
    let room = Room { end: end + END, right: scale.right, left: scale.x(0) };
    lanes.iter_mut().for_each(|lane| stack(lane, &room));
    match lanes.iter().find(|lane| lane.rows > MOST_ROWS) {
        None => Ok(lanes),
        Some(Lane { name, rows, .. }) => Err(format!(
            "the lane `{name}` needs {rows} rows for its words; a picture has {MOST_ROWS}"
        )),
    }
}

/// Each event, with its number among those of its instant when there are several.
fn ordered(record: &Record) -> impl Iterator<Item = (Option<usize>, &Event)> {
    let instants = record.events.chunk_by(|one, next| one.at_ms == next.at_ms);
    instants.flat_map(|instant| {
        let several = instant.len() > 1;
        let order = move |i: usize| several.then_some(i + 1);
        instant.iter().enumerate().map(move |(i, event)| (order(i), event))
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

/// Puts items into the first row that has room for them and their words.
fn stack(lane: &mut Lane, room: &Room) {
    let mut ends: Vec<f64> = vec![];
    for item in &mut lane.items {
        item.label = label(item, room);
        let (from, to) = extent(item);
        let free = ends.iter().position(|end| *end + 6.0 <= from);
        item.row = free.unwrap_or(ends.len());
        match free {
            Some(row) => ends[row] = to,
            None => ends.push(to),
        }
    }
    lane.rows = ends.len().max(1);
}

fn width(item: &Item) -> f64 {
    item.what.chars().count() as f64 * LETTER
}

/// The room that an order takes beside its shape.
fn order_width(order: Option<usize>) -> f64 {
    order.map_or(0.0, |n| n.to_string().len() as f64 * DIGIT + 3.0)
}

/// Inside its bar if it fits, else beside its shape, and across the end of the run only where nothing
/// else is left.
fn label(item: &Item, room: &Room) -> Label {
    let width = width(item);
    if item.x1 - item.x0 >= width + 16.0 {
        return Label::From(item.x0 + 7.0);
    }
    let from = item.x1 + 10.0 + order_width(item.last);
    let up_to = item.x0 - 9.0 - order_width(item.first);
    let crosses_end = from < room.end + 6.0 && from + width > room.end - 2.0;
    let fits_left = up_to - width >= room.left;
    match (crosses_end, from + width <= room.right + 8.0) {
        (false, true) => Label::From(from),
        _ if fits_left => Label::UpTo(up_to),
        (true, _) if room.end - from < 30.0 => Label::From(room.end + 10.0),
        _ => Label::From(from),
    }
}

/// From where to where an item covers its row.
fn extent(item: &Item) -> (f64, f64) {
    let from = item.x0 - 6.0 - order_width(item.first);
    let to = item.x1 + 6.0 + order_width(item.last);
    match item.label {
        Label::From(x) => (from, to.max(x + width(item))),
        Label::UpTo(x) => (x - width(item), to),
    }
}
