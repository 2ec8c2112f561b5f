//! The picture itself: lanes, bars, marks and the axis, as SVG.

use std::fmt::Write as _;

use record::Record;

use super::{
    arrows::{Places, arrows},
    rows::{self, Item, LETTER, Label, Lane, Shape},
    scale::Scale,
    steps::{PANEL, steps},
    svg::{Words, text, wrap},
    time::{bare, time},
};
use crate::{arrow::Caused, quantity::Quantity};

const WIDTH: f64 = 720.0;
const MARGIN: f64 = 20.0;
const ROW: f64 = 24.0;
const LANE_GAP: f64 = 8.0;
const HEAD: f64 = 24.0;
const LONGEST_NAME: usize = 22;

/// One run of a picture and the words over it.
pub struct Group<'a> {
    /// What to write over its lanes; nothing when it is the only one.
    pub head: Option<&'a str>,
    /// The run.
    pub record: &'a Record,
    /// Whether it is that of a wrong answer.
    pub wrong: bool,
    /// What set off what in it.
    pub caused: &'a [Caused],
}

/// A finished picture.
pub struct Picture {
    /// The picture.
    pub svg: String,
    /// Whether some waits are drawn longer than they were.
    pub stretched: bool,
}

/// What a picture shows beside its lanes.
pub struct More<'a> {
    /// The first instant at which its runs differ.
    pub difference: Option<u64>,
    /// What is drawn as steps below the lanes of each run.
    pub quantity: Option<&'a Quantity>,
}

/// Draws the runs below each other on one axis.
///
/// # Errors
///
/// When something on a lane would have no words.
pub fn picture(
    groups: &[Group],
    more: &More,
    words: &Words,
) -> Result<Picture, String> {
    let records: Vec<&Record> = groups.iter().map(|group| group.record).collect();
    let left = left(&records, more.quantity);
    let scale = Scale::new(&records, left + 18.0, WIDTH - 2.0 * MARGIN);
    let mut body = String::new();
    let top = if more.difference.is_some() { HEAD } else { 6.0 };
    let mut y = top;
    for group in groups {
        let steps = more.quantity.map(|quantity| {
            let most = records.iter().map(|record| quantity.most(record));
            (quantity, most.fold(0.0, f64::max))
        });
        y = draw_group(&mut body, group, steps, (&scale, left, y))?;
    }
    let mut behind = guides(&scale, top, y);
    if let Some(at) = more.difference {
        behind.push_str(&mark(&scale, at, (top, y)));
    }
    let axis = axis(&scale, left, y, more.difference);
    let (width, height) = (scale.right + 2.0 * MARGIN, y + 30.0);
    let inner = [behind, axis, body].concat();
    let svg = wrap(words, (width, height), width * 0.88, &inner);
    Ok(Picture { svg, stretched: scale.stretched })
}

/// Draws a run from `y` down, with the steps of a quantity of which there are `most`, and says where
/// the next one starts.
fn draw_group(
    out: &mut String,
    group: &Group,
    quantity: Option<(&Quantity, f64)>,
    (scale, left, mut y): (&Scale, f64, f64),
) -> Result<f64, String> {
    if let Some(head) = group.head {
        text(out, (2.0, y + 15.0), "start", "tl-head", head);
        y += HEAD;
    }
    let start = y;
    let (mut inside, mut places) = (String::new(), Places::new());
    for lane in &rows::lanes(group.record, scale)? {
        y = draw_lane(&mut inside, &mut places, lane, (left, y));
    }
    if let Some((quantity, most)) = quantity {
        inside += &steps(quantity, group.record, scale, (left, y, most));
        y += PANEL;
    }
    let end = scale.x(group.record.ended_ms) + rows::END;
    let height = y - LANE_GAP - start;
    // Before the lanes: signs and words stand over the arrows.
    inside.insert_str(0, &arrows(group.caused, &places));
    let class = if group.wrong { "tl-run tl-wrong" } else { "tl-run" };
    let _ = write!(
        out,
        r#"<path class="tl-end" d="M{end:.1} {start}v{height}m3 0v-{height}"/><g class="{class}">{inside}</g>"#
    );
    Ok(y + 6.0)
}

/// The width of the column with the names of the lanes.
fn left(records: &[&Record], quantity: Option<&Quantity>) -> f64 {
    let lanes = records.iter().flat_map(|record| &record.lanes);
    let names = lanes.chain(quantity.map(|quantity| &quantity.what));
    let longest = names.map(|name| name.chars().count()).max().unwrap_or(0);
    longest.clamp(6, LONGEST_NAME) as f64 * LETTER + 16.0
}

/// Draws a lane from `y` down, notes where its signs are, and says where the next one starts.
fn draw_lane(
    out: &mut String,
    places: &mut Places,
    lane: &Lane,
    (left, y): (f64, f64),
) -> f64 {
    let mut name: String = lane.name.chars().take(LONGEST_NAME).collect();
    if name.len() < lane.name.len() {
        name.pop();
        name.push('…');
    }
    text(out, (left - 10.0, y + 15.5), "end", "tl-lane", &name);
    for item in &lane.items {
        let y = y + item.row as f64 * ROW;
        draw_item(out, item, y);
        places.insert(item.begun, (item.x0, y));
        places.extend(item.ended.map(|ended| (ended, (item.x1, y))));
    }
    y + lane.rows as f64 * ROW + LANE_GAP
}

fn draw_item(out: &mut String, item: &Item, y: f64) {
    let (x0, x1, middle) = (item.x0, item.x1, y + 11.0);
    let width = (x1 - x0).max(2.0);
    let (top, bottom) = (y + 2.0, y + 20.0);
    if item.shape != Shape::Mark {
        let _ = write!(
            out,
            r#"<rect class="tl-bar" x="{x0:.1}" y="{top}" width="{width:.1}" height="18"/><path class="tl-begin" d="M{x0:.1} {top}V{bottom}"/>"#
        );
    }
    let _ = match item.shape {
        Shape::Mark => write!(
            out,
            r#"<path class="tl-mark" d="M{x0:.1} {top}l5.5 9l-5.5 9l-5.5 -9z"/>"#
        ),
        Shape::Ended => {
            write!(
                out,
                r#"<circle class="tl-mark" cx="{x1:.1}" cy="{middle}" r="5"/>"#
            )
        }
        Shape::Dropped => write!(
            out,
            r#"<path class="tl-drop" d="M{:.1} {}l11 11m0 -11l-11 11"/>"#,
            x1 - 5.5,
            middle - 5.5
        ),
        Shape::Open => write!(
            out,
            r#"<path class="tl-open" d="M{x1:.1} {top}l4 4.5l-4 4.5l4 4.5l-4 4.5"/>"#
        ),
    };
    let mut order = |x: f64, anchor: &str, order: Option<usize>| {
        if let Some(order) = order {
            text(out, (x, y + 12.5), anchor, "tl-order", &order.to_string());
        }
    };
    order(x0 - 7.0, "end", item.first);
    order(x1 + 7.5, "start", item.last);
    let (x, anchor) = match item.label {
        Label::From(x) => (x, "start"),
        Label::UpTo(x) => (x, "end"),
    };
    text(out, (x, y + 15.5), anchor, "tl-what", &item.what);
}

/// A line for each instant.
fn guides(scale: &Scale, top: f64, bottom: f64) -> String {
    let mut out = String::new();
    for (_, x) in scale.instants() {
        let _ =
            write!(out, r#"<path class="tl-guide" d="M{x:.1} {top}V{bottom}"/>"#);
    }
    out
}

/// The frame around the first instant that differs, with its flag.
fn mark(scale: &Scale, at: u64, (top, bottom): (f64, f64)) -> String {
    let (middle, height) = (scale.x(at), bottom - top);
    let words = format!("first difference: {}", time(at));
    let half = words.chars().count() as f64 * LETTER / 2.0;
    let centre = middle.clamp(half + 12.0, (scale.right - half).max(half + 12.0));
    let mut out = format!(
        r#"<rect class="tl-difference" x="{:.1}" y="{top}" width="38" height="{height}" rx="4"/><path class="tl-flag" d="M{:.1} {}h10l-5 7z"/>"#,
        middle - 19.0,
        middle - 5.0,
        top - 7.0,
    );
    text(&mut out, (centre, top - 10.0), "middle", "tl-flag-text", &words);
    out
}

/// The axis with its unit and as many times as fit; the ends and the difference come first.
fn axis(scale: &Scale, left: f64, y: f64, difference: Option<u64>) -> String {
    let right = scale.right + rows::END;
    let mut out =
        format!(r#"<path class="tl-axis" d="M{left:.1} {y}H{right:.1}"/>"#);
    text(&mut out, (left - 10.0, y + 19.0), "end", "tl-time", "ms");
    for gap in &scale.breaks {
        let (x, top) = (gap.x, y - 5.0);
        let _ = write!(
            out,
            r#"<path class="tl-break" d="M{:.1} {y}h10"/><path class="tl-axis" d="M{:.1} {top}l-4 10m10 -10l-4 10"/>"#,
            x - 5.0,
            x - 1.0,
        );
        text(&mut out, (x, y - 9.0), "middle", "tl-time", &bare(gap.ms));
    }
    let instants: Vec<_> = scale.instants().collect();
    let last = instants.len().saturating_sub(1);
    let mut order: Vec<usize> = (0..instants.len()).collect();
    order.sort_by_key(|i| {
        let ends = *i == 0 || *i == last;
        (!ends && Some(instants[*i].0) != difference, *i)
    });
    let mut taken: Vec<(f64, f64)> = vec![];
    for i in order {
        let (at, x) = instants[i];
        let _ = write!(out, r#"<path class="tl-axis" d="M{x:.1} {y}v5"/>"#);
        let words = bare(at);
        let half = words.chars().count() as f64 * LETTER / 2.0 + 4.0;
        if taken.iter().all(|(from, to)| x + half <= *from || x - half >= *to) {
            taken.push((x - half, x + half));
            text(&mut out, (x, y + 19.0), "middle", "tl-time", &words);
        }
    }
    out
}
