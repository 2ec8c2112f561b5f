//! Where two rows of times part, in words.

use std::{cmp::Ordering, collections::BTreeMap};

use record::EventKind;

/// `1st`, `2nd`, `3rd`, `4th`, `11th`.
pub fn ordinal(n: usize) -> String {
    let suffix = match (n % 10, n % 100) {
        (1, rest) if rest != 11 => "st",
        (2, rest) if rest != 12 => "nd",
        (3, rest) if rest != 13 => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

/// Whether these names are 1st, 2nd, 3rd: each is then what its place says it is.
pub(crate) fn are_numbered(names: &[String]) -> bool {
    names.iter().enumerate().all(|(i, name)| *name == ordinal(i + 1))
}

/// Where two rows of times part; `None` when they are equal. For things that are told apart by their number
/// alone: the 2nd of one row is the 2nd of the other.
pub fn first_difference(expected: &[u64], observed: &[u64]) -> Option<String> {
    first_difference_of(EventKind::Mark, expected, observed)
}

/// The same, in words that say what they are the times of.
pub(crate) fn first_difference_of(
    kind: EventKind,
    expected: &[u64],
    observed: &[u64],
) -> Option<String> {
    let came = happened(kind, 1);
    let mut pairs = expected.iter().zip(observed).enumerate();
    if let Some((i, (want, got))) = pairs.find(|(_, (want, got))| want != got) {
        let (off, word) =
            if got < want { (want - got, "early") } else { (got - want, "late") };
        let nth = ordinal(i + 1);
        return Some(format!("the {nth} {came} at {got} ms, {off} ms too {word}"));
    }
    let (want, got) = (expected.len(), observed.len());
    match want.cmp(&got) {
        Ordering::Equal => None,
        Ordering::Less => {
            let (nth, at_ms) = (ordinal(want + 1), observed[want]);
            Some(format!("one too many: the {nth} {came} at {at_ms} ms"))
        }
        Ordering::Greater => {
            let (nth, due) = (ordinal(got + 1), expected[got]);
            let never = match kind {
                EventKind::Drop => "was never dropped".to_owned(),
                _ => format!("never {came}"),
            };
            Some(format!("the {nth} {never}; it was due at {due} ms"))
        }
    }
}

/// Where two rows of times part; `None` when they are equal. For things that have a name: the 2nd of one row may
/// be the 3rd of the other, so that only the instants are compared, and what came is called by its name.
pub(crate) fn other_times(
    expected: &[u64],
    observed: &[u64],
    names: &[String],
    kind: EventKind,
) -> Option<String> {
    let mut instants: BTreeMap<u64, (usize, Vec<&str>)> = BTreeMap::new();
    for at_ms in expected {
        instants.entry(*at_ms).or_default().0 += 1;
    }
    for (at_ms, name) in observed.iter().zip(names) {
        instants.entry(*at_ms).or_default().1.push(name);
    }
    instants.retain(|_, (due, came)| *due != came.len());
    let (first, (due, came)) = instants.first_key_value()?;
    let (missing, extra) = (*due > came.len(), *due < came.len());
    let said = |at_ms: &u64, (due, came): &(usize, Vec<&str>)| {
        let (came, happened) = (told(came), happened(kind, came.len()));
        let due = match due {
            0 => "none was due".to_owned(),
            1 => "one was due".to_owned(),
            n => format!("{n} were due"),
        };
        format!("{came} {happened} at {at_ms} ms, where {due}")
    };
    let mut words = said(first, &(*due, came.clone()));
    let mut later = instants.iter().skip(1);
    let opposite = later.find(|(_, (due, came))| {
        (missing && *due < came.len()) || (extra && *due > came.len())
    });
    if let Some((at_ms, instant)) = opposite {
        words += &format!("; {}", said(at_ms, instant));
    }
    Some(words)
}

/// Those that came at one instant.
fn told(names: &[&str]) -> String {
    match names {
        [] => "none".to_owned(),
        [one] => (*one).to_owned(),
        [one, rest @ ..] if rest.iter().all(|other| other == one) => {
            format!("{one} ({} times)", names.len())
        }
        [one, other] => format!("{one} and {other}"),
        [one, rest @ ..] => format!("{one} and {} more", rest.len()),
    }
}

fn happened(kind: EventKind, count: usize) -> &'static str {
    match kind {
        EventKind::Mark => "came",
        EventKind::Begin => "began",
        EventKind::End => "ended",
        EventKind::Drop if count < 2 => "was dropped",
        EventKind::Drop => "were dropped",
    }
}
