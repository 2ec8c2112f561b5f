//! Arrows from what was done to what it set off, as SVG.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::arrow::Caused;

/// Where the sign of each event stands: its middle, and the top of its row.
pub type Places = BTreeMap<usize, (f64, f64)>;

/// How far below the top of its row a sign begins and ends.
const SIGN: (f64, f64) = (2.0, 20.0);
/// How far from the middle of a sign an arrow begins and ends: beside the words and numbers.
const ASIDE: f64 = 3.0;
/// How far an arrow within one instant bends to the left, at most.
const BEND: f64 = 26.0;
/// How far ahead of its end an arrow turns towards it.
const TURN: f64 = 16.0;
const HEAD: f64 = 8.0;
const HEAD_HALF: f64 = 3.4;

/// Draws the arrows of one run.
pub fn arrows(caused: &[Caused], places: &Places) -> String {
    let mut out = String::new();
    for Caused { cause, effect } in caused {
        if let (Some(from), Some(to)) = (places.get(cause), places.get(effect)) {
            draw(&mut out, curve(*from, *to));
        }
    }
    out
}

/// Begin, the two points that pull, end.
type Curve = [(f64, f64); 4];

/// A curve that leaves and reaches its signs above or below, where no words stand.
fn curve((x0, y0): (f64, f64), (x1, y1): (f64, f64)) -> Curve {
    let (tip_x, wide) = (x1 - ASIDE, x1 - x0);
    if y0 == y1 {
        let (y, over) = (y0 + SIGN.0, y0 - TURN / 2.0);
        let pull = TURN.min(wide / 3.0);
        let (start, tip) = (x0 + ASIDE, (tip_x, y));
        return [(start, y), (start + pull, over), (tip_x - pull, over), tip];
    }
    // Why a sign of the way: upwards all is the same, mirrored.
    let (way, start, tip) = if y1 > y0 {
        (1.0, y0 + SIGN.1, y1 + SIGN.0 + 1.0)
    } else {
        (-1.0, y0 + SIGN.0, y1 + SIGN.1 - 1.0)
    };
    if wide > 1.0 {
        let pull = TURN.min(wide / 2.0);
        let first = (x0, start + way * TURN);
        return [(x0, start), first, (tip_x - pull, tip - way * pull), (tip_x, tip)];
    }
    // Within one instant signs stand below each other: the arrow passes those between on the left.
    let start = start - way * 4.0;
    // Why less for a short one: it stays inside a longer one of the same cause.
    let left = x1 - BEND.min(10.0 + (y1 - y0).abs() * 0.35);
    [
        (tip_x - 1.0, start),
        (left, start + way * 2.0),
        (left, tip - way * 8.0),
        (tip_x, tip),
    ]
}

fn draw(out: &mut String, [start, first, second, tip]: Curve) {
    let (dx, dy) = (tip.0 - second.0, tip.1 - second.1);
    let long = dx.hypot(dy).max(1.0);
    let (dx, dy) = (dx / long, dy / long);
    // The line ends inside the head, so that the point is sharp.
    let neck = (tip.0 - dx * HEAD * 0.7, tip.1 - dy * HEAD * 0.7);
    let back = (tip.0 - dx * HEAD, tip.1 - dy * HEAD);
    let side = (-dy * HEAD_HALF, dx * HEAD_HALF);
    let point = |(x, y): (f64, f64)| format!("{x:.1} {y:.1}");
    let _ = write!(
        out,
        r#"<path class="tl-arrow" d="M{}C{} {} {}"/><path class="tl-arrow-head" d="M{}L{}L{}z"/>"#,
        point(start),
        point(first),
        point(second),
        point(neck),
        point(tip),
        point((back.0 + side.0, back.1 + side.1)),
        point((back.0 - side.0, back.1 - side.1)),
    );
}
