//! A quantity as steps, below the lanes of its run and on their axis.

use std::fmt::Write as _;

use record::Record;

use super::{scale::Scale, svg::text};
use crate::quantity::{Quantity, number};

/// The height of the highest step.
const HIGH: f64 = 44.0;
/// The room over it, for its number.
const OVER: f64 = 16.0;
/// The height of a panel.
pub const PANEL: f64 = OVER + HIGH + 10.0;

/// The steps of one run below `y`, where the highest of all panels is `most`. What was reached only
/// within an instant is a thin line.
pub fn steps(
    quantity: &Quantity,
    record: &Record,
    scale: &Scale,
    (left, y, most): (f64, f64, f64),
) -> String {
    let base = y + OVER + HIGH;
    let height = |value: f64| base - value / most.max(1.0) * HIGH;
    let levels = quantity.levels(record);
    let end = scale.x(record.ended_ms);
    let mut out = String::new();
    let (middle, x0) = (y + OVER + HIGH / 2.0 + 4.0, scale.x(0));
    text(&mut out, (left - 10.0, middle), "end", "tl-lane", &quantity.what);
    let _ = write!(out, r#"<path class="tl-base" d="M{x0:.1} {base}H{end:.1}"/>"#);
    let (mut line, mut peaks, mut said) =
        (String::new(), String::new(), String::new());
    let mut before = 0.0;
    for (i, level) in levels.iter().enumerate() {
        let from = scale.x(level.at_ms);
        let to = levels.get(i + 1).map_or(end, |next| scale.x(next.at_ms));
        let to = if level.at_ms >= record.ended_ms { from + 6.0 } else { to };
        let start = if line.is_empty() { 'M' } else { 'L' };
        let at = height(level.after);
        let _ = write!(line, "{start}{from:.1} {at:.1}H{to:.1}");
        text(
            &mut said,
            (from + 4.0, at - 4.0),
            "start",
            "tl-what",
            &number(level.after),
        );
        if level.high > level.after.max(before) {
            let top = height(level.high);
            let _ = write!(peaks, "M{from:.1} {base}V{top:.1}");
            let place = (from - 4.0, top + 4.0);
            text(&mut said, place, "end", "tl-what", &number(level.high));
        }
        before = level.after;
    }
    let _ = write!(
        out,
        r#"<path class="tl-peak" d="{peaks}"/><path class="tl-steps" d="{line}"/>{said}"#
    );
    out
}
