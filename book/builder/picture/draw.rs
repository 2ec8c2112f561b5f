//! The picture itself: lanes, bars, marks and the axis, as SVG.

use std::fmt::Write as _;

use record::Record;

use super::{
    rows::{self, Item, LETTER, Label, Lane, Shape},
    scale::Scale,
    time::time,
};
use crate::markup::escape;

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
}

/// Words that go with a picture for those who do not see it.
pub struct Words<'a> {
    /// The start of the ids of this picture.
    pub id: &'a str,
    /// What the picture is.
    pub title: &'a str,
    /// What it shows.
    pub description: &'a str,
}

/// A finished picture.
pub struct Picture {
    /// The picture.
    pub svg: String,
    /// Whether some waits are drawn longer than they were.
    pub stretched: bool,
}

/// Draws the runs below each other on one axis.
pub fn picture(groups: &[Group], difference: Option<u64>, words: &Words) -> Picture {
    let records: Vec<&Record> = groups.iter().map(|group| group.record).collect();
    let left = left(&records);
    let scale = Scale::new(&records, left + 12.0, WIDTH - MARGIN);
    let mut body = String::new();
    let mut y = if difference.is_some() { HEAD } else { 6.0 };
    let top = y;
    for group in groups {
        if let Some(head) = group.head {
            text(&mut body, 2.0, y + 15.0, "start", "tl-head", head);
            y += HEAD;
        }
        let start = y;
        let mut lanes = String::new();
        for lane in &rows::lanes(group.record, &scale) {
            y = draw_lane(&mut lanes, lane, left, y);
        }
        let end = scale.x(group.record.ended_ms, usize::MAX) + 9.0;
        let height = y - LANE_GAP - start;
        let _ = write!(
            body,
            r#"<path class="tl-end" d="M{end:.1} {start}v{height}m3 0v-{height}"/>{lanes}"#
        );
        y += 6.0;
    }
    let mut behind = guides(&scale, top, y);
    if let Some(at) = difference {
        behind.push_str(&mark(&scale, at, top, y));
    }
    let axis = axis(&scale, left, y, difference);
    let (width, height) = (scale.right + MARGIN, y + 30.0);
    let svg = wrap(words, width, height, &[behind, axis, body].concat());
    Picture { svg, stretched: scale.stretched }
}

fn wrap(words: &Words, width: f64, height: f64, inner: &str) -> String {
    let Words { id, title, description } = words;
    let (title, description) = (escape(title), escape(description));
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width:.0} {height:.0}" style="min-width:{:.0}px" aria-labelledby="{id}-title {id}-desc"><title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc>{inner}</svg>"#,
        width * 0.88,
    )
}

/// The width of the column with the names of the lanes.
fn left(records: &[&Record]) -> f64 {
    let names = records.iter().flat_map(|record| &record.lanes);
    let longest = names.map(|name| name.chars().count()).max().unwrap_or(0);
    longest.clamp(6, LONGEST_NAME) as f64 * LETTER + 16.0
}

fn text(out: &mut String, x: f64, y: f64, anchor: &str, class: &str, words: &str) {
    let words = escape(words);
    let _ = write!(
        out,
        r#"<text class="{class}" x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{words}</text>"#
    );
}

/// Draws a lane from `y` down and says where the next one starts.
fn draw_lane(out: &mut String, lane: &Lane, left: f64, y: f64) -> f64 {
    let mut name: String = lane.name.chars().take(LONGEST_NAME).collect();
    if name.len() < lane.name.len() {
        name.pop();
        name.push('…');
    }
    text(out, left - 10.0, y + 15.5, "end", "tl-lane", &name);
    for item in &lane.items {
        draw_item(out, item, y + item.row as f64 * ROW);
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
    match item.label {
        Label::None => {}
        Label::From(x) => text(out, x, y + 15.5, "start", "tl-what", &item.what),
        Label::UpTo(x) => text(out, x, y + 15.5, "end", "tl-what", &item.what),
    }
}

/// A line for each instant, a band when several things happened in it.
fn guides(scale: &Scale, top: f64, bottom: f64) -> String {
    let mut out = String::new();
    let height = bottom - top;
    for (_, first, last) in scale.instants() {
        let (x, width) = (first - 8.0, last - first + 16.0);
        let _ = if last > first {
            write!(
                out,
                r#"<rect class="tl-instant" x="{x:.1}" y="{top}" width="{width:.1}" height="{height}"/>"#
            )
        } else {
            write!(out, r#"<path class="tl-guide" d="M{first:.1} {top}V{bottom}"/>"#)
        };
    }
    out
}

/// The frame around the first instant that differs, with its flag.
fn mark(scale: &Scale, at: u64, top: f64, bottom: f64) -> String {
    let place = scale.instants().find(|(instant, ..)| *instant == at);
    let Some((_, first, last)) = place else {
        return String::new();
    };
    let (x, width, height) = (first - 10.0, last - first + 20.0, bottom - top);
    let middle = f64::midpoint(first, last);
    let words = format!("first difference: {}", time(at));
    let half = words.chars().count() as f64 * LETTER / 2.0;
    let centre = middle.clamp(half + 12.0, (scale.right - half).max(half + 12.0));
    let mut out = format!(
        r#"<rect class="tl-difference" x="{x:.1}" y="{top}" width="{width:.1}" height="{height}" rx="4"/><path class="tl-flag" d="M{:.1} {}h10l-5 7z"/>"#,
        middle - 5.0,
        top - 7.0,
    );
    text(&mut out, centre, top - 10.0, "middle", "tl-flag-text", &words);
    out
}

/// The axis with as many times as fit; the ends and the difference come first.
fn axis(scale: &Scale, left: f64, y: f64, difference: Option<u64>) -> String {
    let right = scale.right + 8.0;
    let mut out =
        format!(r#"<path class="tl-axis" d="M{left:.1} {y}H{right:.1}"/>"#);
    for gap in &scale.breaks {
        let (x, top) = (gap.x, y - 5.0);
        let _ = write!(
            out,
            r#"<path class="tl-break" d="M{:.1} {y}h10"/><path class="tl-axis" d="M{:.1} {top}l-4 10m10 -10l-4 10"/>"#,
            x - 5.0,
            x - 1.0,
        );
        text(&mut out, x, y - 9.0, "middle", "tl-time", &time(gap.ms));
    }
    let instants: Vec<_> = scale.instants().collect();
    let last = instants.len().saturating_sub(1);
    let mut order: Vec<usize> = (0..instants.len()).collect();
    order.sort_by_key(|i| {
        let important = Some(instants[*i].0) == difference || *i == 0 || *i == last;
        (!important, *i)
    });
    let mut taken: Vec<(f64, f64)> = vec![];
    for i in order {
        let (at, first, end) = instants[i];
        let x = f64::midpoint(first, end);
        let _ = write!(out, r#"<path class="tl-axis" d="M{x:.1} {y}v5"/>"#);
        let words = time(at);
        let half = words.chars().count() as f64 * LETTER / 2.0 + 4.0;
        let x = x.min(scale.right + MARGIN - half);
        if taken.iter().all(|(from, to)| x + half <= *from || x - half >= *to) {
            taken.push((x - half, x + half));
            text(&mut out, x, y + 19.0, "middle", "tl-time", &words);
        }
    }
    out
}
