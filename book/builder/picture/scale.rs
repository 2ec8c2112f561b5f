//! From virtual time to a place on the page.

use std::collections::{BTreeMap, BTreeSet};

use record::Record;

/// The least room between two instants.
const GAP: f64 = 28.0;
/// The room of a long wait that is not drawn to scale.
const BREAK: f64 = 84.0;
/// How many times longer than the usual wait a wait is before it is shortened.
const LONG: u64 = 8;

/// A wait that is drawn shorter than it was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Break {
    /// The middle of it.
    pub x: f64,
    /// How long it was.
    pub ms: u64,
}

/// The horizontal axis that all runs of one picture share.
#[derive(Debug)]
pub struct Scale {
    places: BTreeMap<u64, f64>,
    /// Waits that were shortened.
    pub breaks: Vec<Break>,
    /// Whether short waits had to be drawn longer than they were.
    pub stretched: bool,
    /// Where the axis ends.
    pub right: f64,
}

impl Scale {
    /// An axis from `left` to `right` for these runs; longer when so much happens that it
    /// does not fit.
    pub fn new(records: &[&Record], left: f64, right: f64) -> Self {
        let at: Vec<u64> = instants(records).into_iter().collect();
        let waits: Vec<u64> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let widths = widths(&waits, right - left);
        let mut scale = Self {
            places: BTreeMap::new(),
            breaks: vec![],
            stretched: false,
            right,
        };
        let mut x = left;
        for (i, &at) in at.iter().enumerate() {
            scale.places.insert(at, x);
            match widths.get(i) {
                Some(Width::Broken) => {
                    scale.breaks.push(Break { x: x + BREAK / 2.0, ms: waits[i] });
                    x += BREAK;
                }
                Some(Width::Drawn(width, stretched)) => {
                    scale.stretched |= stretched;
                    x += width;
                }
                None => {}
            }
        }
        scale.right = x.max(right);
        scale
    }

    /// Where an instant is.
    pub fn x(&self, at_ms: u64) -> f64 {
        self.places.get(&at_ms).copied().unwrap_or(0.0)
    }

    /// Every instant and its place.
    pub fn instants(&self) -> impl Iterator<Item = (u64, f64)> {
        self.places.iter().map(|(at, x)| (*at, *x))
    }
}

/// All instants of these runs, from 0 to the end of each.
fn instants(records: &[&Record]) -> BTreeSet<u64> {
    let of = |record: &&Record| {
        let events: Vec<u64> =
            record.events.iter().map(|event| event.at_ms).collect();
        [events, vec![0, record.ended_ms]].concat()
    };
    records.iter().flat_map(of).collect()
}

enum Width {
    Drawn(f64, bool),
    Broken,
}

/// Shares `room` among the waits: long ones are broken, the others are to scale, and none is
/// too narrow to see.
fn widths(waits: &[u64], room: f64) -> Vec<Width> {
    let mut sorted = waits.to_vec();
    sorted.sort_unstable();
    let usual = sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(1);
    let total: u64 = waits.iter().sum();
    let cramped = |least: u64| room * least as f64 / (total.max(1) as f64) < GAP;
    let crowded = sorted.first().is_some_and(|least| cramped(*least));
    let broken = |wait: u64| crowded && wait > usual.saturating_mul(LONG);
    let breaks = waits.iter().filter(|wait| broken(**wait)).count();
    let kept: Vec<u64> =
        waits.iter().copied().filter(|wait| !broken(*wait)).collect();
    let scale = to_scale(&kept, room - breaks as f64 * BREAK);
    waits
        .iter()
        .map(|wait| match *wait as f64 * scale {
            _ if broken(*wait) => Width::Broken,
            width => Width::Drawn(width.max(GAP), width < GAP),
        })
        .collect()
}

/// Pixels a millisecond, so that waits of at least [`GAP`] pixels fill `room`.
fn to_scale(waits: &[u64], room: f64) -> f64 {
    let mut wide: Vec<u64> = waits.to_vec();
    let mut room = room;
    loop {
        let total: u64 = wide.iter().sum();
        let scale = (room / total.max(1) as f64).max(0.0);
        let before = wide.len();
        wide.retain(|wait| *wait as f64 * scale >= GAP);
        if wide.len() == before || wide.is_empty() {
            return scale;
        }
        room -= (before - wide.len()) as f64 * GAP;
    }
}
