//! What set off what in a recorded run: the run does not know, so the page says it, and it is checked.

use std::{collections::BTreeSet, str::FromStr};

use record::{Event, EventKind, Record};

/// What stands in a directive before each arrow.
const BEFORE: &str = "; arrow ";

/// An arrow as a page writes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrow {
    /// Whether it belongs to the lower run, that of a wrong answer.
    pub below: bool,
    cause: End,
    effect: End,
}

/// An event as a page names it.
#[derive(Debug, Clone, PartialEq)]
struct End {
    name: String,
    /// Which of several with this name, from 1.
    number: Option<usize>,
}

/// Two events of a run, by their place in [`Record::events`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Caused {
    /// What was done.
    pub cause: usize,
    /// What that set off.
    pub effect: usize,
}

/// Takes the arrows off the end of a directive.
///
/// # Errors
///
/// When one has not two ends.
pub fn split(text: &str) -> Result<(&str, Vec<Arrow>), String> {
    let mut parts = text.split(BEFORE);
    let rest = parts.next().unwrap_or("");
    Ok((rest, parts.map(str::parse).collect::<Result<_, _>>()?))
}

/// The events of all arrows of one run, which is that of `whose` answer.
///
/// # Errors
///
/// When an end is no event of the run or several, or an effect is not recorded behind its cause.
pub fn find(
    arrows: &[Arrow],
    below: bool,
    (record, whose): (&Record, &str),
) -> Result<Vec<Caused>, String> {
    let of_run = arrows.iter().filter(|arrow| arrow.below == below);
    of_run.map(|arrow| arrow.find(record, whose)).collect()
}

impl FromStr for Arrow {
    type Err = String;

    /// Reads `[below] LANE: WORDS -> LANE: WORDS`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (below, ends) = match text.strip_prefix("below ") {
            Some(ends) => (true, ends),
            None => (false, text),
        };
        let ends: Vec<&str> = ends.split("->").map(str::trim).collect();
        match ends.as_slice() {
            [cause, effect] if !cause.is_empty() && !effect.is_empty() => {
                Ok(Self { below, cause: end(cause), effect: end(effect) })
            }
            _ => Err(format!(
                "write an arrow as `{BEFORE}LANE: WORDS -> LANE: WORDS`, with \
                 `below` before the first lane when it belongs to the lower run"
            )),
        }
    }
}

fn end(text: &str) -> End {
    let numbered = text
        .rsplit_once(" #")
        .and_then(|(name, number)| Some((name, number.parse().ok()?)));
    match numbered {
        Some((name, number)) => End { name: name.into(), number: Some(number) },
        None => End { name: text.into(), number: None },
    }
}

impl Arrow {
    fn find(&self, record: &Record, whose: &str) -> Result<Caused, String> {
        let cause = self.cause.find(record, whose)?;
        let effect = self.effect.find(record, whose)?;
        if effect > cause {
            return Ok(Caused { cause, effect });
        }
        let [late, early] = [cause, effect].map(|it| {
            let event = &record.events[it];
            format!("`{}` at {} ms", name(record, event), event.at_ms)
        });
        Err(format!(
            "an arrow leads to {early}, which is not recorded behind its cause, \
             {late}: turn it round, or name another cause"
        ))
    }
}

impl End {
    fn find(&self, record: &Record, whose: &str) -> Result<usize, String> {
        let Self { name: wanted, number } = self;
        let fits = |(_, event): &(usize, &Event)| name(record, event) == *wanted;
        let found: Vec<usize> =
            record.events.iter().enumerate().filter(fits).map(|(i, _)| i).collect();
        match (found.as_slice(), number) {
            ([], _) => Err(format!(
                "the run of {whose} has no event `{wanted}` for an arrow; {}",
                there_are(record, wanted)
            )),
            ([only], None) => Ok(*only),
            (several, None) => {
                let at = several.iter().map(|it| record.events[*it].at_ms);
                let at: Vec<String> = at.map(|at| at.to_string()).collect();
                Err(format!(
                    "the run of {whose} has {} events `{wanted}`, at {} ms: say which, \
                     as in `{wanted} #{}`",
                    several.len(),
                    at.join(", "),
                    several.len(),
                ))
            }
            (some, Some(n)) => {
                let picked = n.checked_sub(1).and_then(|i| some.get(i));
                picked.copied().ok_or_else(|| {
                    format!(
                        "the run of {whose} has no `{wanted} #{n}`: it has {} of them, \
                         and the first is `#1`",
                        some.len()
                    )
                })
            }
        }
    }
}

/// An event as a page names it and as the table below a picture has it: its lane, its words, and
/// for what has a length how it begins or ends.
pub fn name(record: &Record, event: &Event) -> String {
    let how = match event.kind {
        EventKind::Mark => "",
        EventKind::Begin => " begins",
        EventKind::End => " ends",
        EventKind::Drop => " is dropped",
    };
    format!("{}: {}{how}", record.lanes[event.lane], event.what)
}

/// What could have been meant: the events of the lane, or else the lanes.
fn there_are(record: &Record, wanted: &str) -> String {
    let names = record
        .events
        .iter()
        .map(|event| (record.lanes[event.lane].as_str(), name(record, event)));
    let of_lane: BTreeSet<String> = names
        .filter(|(lane, _)| {
            wanted.strip_prefix(lane).is_some_and(|rest| rest.starts_with(':'))
        })
        .map(|(_, name)| name)
        .collect();
    let quoted = |all: Vec<&String>| {
        let all: Vec<String> = all.iter().map(|it| format!("`{it}`")).collect();
        all.join(", ")
    };
    match of_lane.len() {
        0 => format!(
            "write it as `LANE: WORDS`, its lanes are {}",
            quoted(record.lanes.iter().collect())
        ),
        _ => format!("on this lane there are {}", quoted(of_lane.iter().collect())),
    }
}
