//! Charts of columns below each other, on one scale, as SVG.

use std::fmt::Write as _;

use super::{
    rows::LETTER,
    svg::{Words, text, wrap},
    time::{bare, time},
};
use crate::quantity::number;

// Why so narrow: all of it is seen on a phone.
const WIDTH: f64 = 440.0;
const MARGIN: f64 = 18.0;
const LEGEND: f64 = 26.0;
const HEAD: f64 = 36.0;
const HIGH: f64 = 84.0;
const GAP: f64 = 12.0;
/// The narrowest column that is seen.
const NARROWEST: f64 = 3.0;
/// The height of a number.
const LINE: f64 = 12.0;
/// The most marks an axis has.
const TICKS: u64 = 8;

/// What was told on one lane of one run.
pub struct Chart {
    /// What stands over it.
    pub head: String,
    /// Whether it is of a wrong answer.
    pub wrong: bool,
    /// What was told, in order.
    pub told: Vec<Told>,
}

/// The numbers of one event.
pub struct Told {
    /// Virtual milliseconds.
    pub at_ms: u64,
    /// The numbers.
    pub values: Vec<f64>,
}

/// The largest number of some charts.
pub fn most(charts: &[Chart]) -> f64 {
    let told = charts.iter().flat_map(|chart| &chart.told);
    told.flat_map(|told| &told.values).copied().fold(0.0, f64::max)
}

/// How long it is from one event to the next, as a rule.
fn usual(charts: &[Chart]) -> u64 {
    let mut waits: Vec<u64> = charts
        .iter()
        .flat_map(|chart| chart.told.windows(2))
        .map(|pair| pair[1].at_ms - pair[0].at_ms)
        .collect();
    waits.sort_unstable();
    waits.get(waits.len() / 2).copied().unwrap_or(1)
}

/// Draws the charts, from 0 to `end`.
///
/// # Errors
///
/// When a column would have no number.
pub fn draw(
    charts: &[Chart],
    series: &[String],
    end: u64,
    words: &Words,
) -> Result<String, String> {
    let mut out =
        if series.len() > 1 { legend(series, words.id) } else { String::new() };
    let (usual, most) = (usual(charts), most(charts).max(1.0));
    let mut y = if series.len() > 1 { LEGEND } else { 0.0 };
    for chart in charts {
        text(&mut out, (2.0, y + 14.0), "start", "tl-head", &chart.head);
        let base = y + HEAD + HIGH;
        let class = if chart.wrong { "tl-run tl-wrong" } else { "tl-run" };
        let bars = bars(chart, (end, usual), |value| value / most * HIGH, base);
        out += &format!(r#"<g class="{class}">"#);
        draw_bars(&mut out, &bars, words.id)
            .map_err(|hidden| format!("no room for {hidden} in `{}`", chart.head))?;
        let _ = write!(
            out,
            r#"</g><path class="tl-axis" d="M{MARGIN} {base}H{:.1}"/>"#,
            WIDTH - MARGIN
        );
        y = base + GAP;
    }
    out += &ticks(end, y - GAP);
    Ok(wrap(words, (WIDTH, y + 14.0), 0.0, &out))
}

/// Where an instant is.
fn place(at_ms: u64, end: u64) -> f64 {
    MARGIN + (WIDTH - 2.0 * MARGIN) * at_ms as f64 / end.max(1) as f64
}

/// One column.
struct Bar {
    series: usize,
    value: f64,
    left: f64,
    width: f64,
    top: f64,
    height: f64,
}

/// The columns of a chart. Each stands for the time since the event before, but for no more than is
/// usual. What is none has no column.
fn bars(
    chart: &Chart,
    (end, usual): (u64, u64),
    height: impl Fn(f64) -> f64,
    base: f64,
) -> Vec<Bar> {
    let mut bars = vec![];
    let mut before = 0;
    for told in &chart.told {
        let from = place(before.max(told.at_ms.saturating_sub(usual)), end);
        let width = (place(told.at_ms, end) - from) / told.values.len() as f64;
        before = told.at_ms;
        for (series, value) in told.values.iter().copied().enumerate() {
            if value > 0.0 {
                bars.push(Bar {
                    series,
                    value,
                    left: from + series as f64 * width,
                    width: width.max(NARROWEST),
                    top: base - height(value),
                    height: height(value),
                });
            }
        }
    }
    bars
}

/// Draws columns with their numbers, or says which number would cover another.
fn draw_bars(out: &mut String, bars: &[Bar], id: &str) -> Result<(), String> {
    let mut taken: Vec<(f64, f64, f64)> = vec![];
    for Bar { series, value, left, width, top, height } in bars {
        let (fill, number) = (fill(*series, id), number(*value));
        let _ = write!(
            out,
            r#"<rect {fill} x="{left:.1}" y="{top:.1}" width="{width:.1}" height="{height:.1}"/>"#
        );
        let (middle, half) =
            (left + width / 2.0, number.len() as f64 * LETTER / 2.0);
        let (from, to) = (middle - half, middle + half);
        let covers = |(a, b, at): &(f64, f64, f64)| {
            to > *a && from < *b && (top - at).abs() < LINE
        };
        if taken.iter().any(covers) {
            return Err(number);
        }
        taken.push((from, to, *top));
        text(out, (middle, top - 3.0), "middle", "tl-what", &number);
    }
    Ok(())
}

/// How a column of the n-th name looks: the second has a colour, and beside it a hatching.
fn fill(n: usize, id: &str) -> String {
    match n {
        0 => r#"class="tl-column""#.to_owned(),
        _ => format!(r#"class="tl-column tl-second" style="fill:url(#{id}-hatch)""#),
    }
}

fn legend(series: &[String], id: &str) -> String {
    let mut out = format!(
        r#"<defs><pattern id="{id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="tl-hatch" d="M1.5 0v6"/></pattern></defs>"#
    );
    let mut x = 2.0;
    for (i, name) in series.iter().enumerate() {
        let _ = write!(
            out,
            r#"<rect {} x="{x:.1}" y="4" width="14" height="12"/>"#,
            fill(i, id)
        );
        text(&mut out, (x + 19.0, 14.5), "start", "tl-what", name);
        x += 40.0 + name.chars().count() as f64 * LETTER;
    }
    out
}

/// The marks of the axis, at round times.
fn ticks(end: u64, y: f64) -> String {
    let mut out = String::new();
    let round = (0..18).flat_map(|n| [1, 2, 5].map(|step| step * 10_u64.pow(n)));
    let step =
        round.into_iter().find(|step| end / step <= TICKS).unwrap_or(u64::MAX);
    for at in (0..=end / step).map(|n| n * step) {
        let x = place(at, end);
        let _ = write!(out, r#"<path class="tl-axis" d="M{x:.1} {y}v5"/>"#);
        let words = if at == 0 { time(at) } else { bare(at) };
        text(&mut out, (x, y + 19.0), "middle", "tl-time", &words);
    }
    out
}
