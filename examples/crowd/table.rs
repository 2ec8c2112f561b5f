//! What the crowd says at the end.

use std::{fmt::Write, time::Duration};

use crate::{
    COME, END, LEAVE,
    honest::{Asked, is_in_time, times},
    hostile::{Answers, Heads, LENGTH},
};

/// All of it.
pub fn table(
    honest: &[Asked],
    heads: &Heads,
    bodies: &Answers,
    slow: &Answers,
) -> String {
    let mut text = format!(
        "{:<28}{:>7}{:>9}{:>7}{:>8}{:>12}\n",
        "honest requests", "asked", "in time", "late", "failed", "p99"
    );
    let names = ["alone", "beside the half heads", "when these have left"];
    for (name, asked) in names.iter().zip(times(honest)) {
        row(&mut text, name, &asked);
    }
    let gap = seconds(longest_gap(honest));
    _ = writeln!(text, "  longest time without an answer: {gap}\n");
    _ = writeln!(text, "{}", half(heads));
    let length = LENGTH / 1024;
    _ = writeln!(text, "bodies of {length} KiB    {}", answers(bodies));
    _ = writeln!(text, "slow bodies          {}", answers(slow));
    text
}

fn row(text: &mut String, name: &str, asked: &[Asked]) {
    let in_time = |asked: &&Asked| asked.took.is_some_and(is_in_time);
    let all = asked.len();
    let good = asked.iter().filter(in_time).count();
    let failed = asked.iter().filter(|asked| asked.took.is_none()).count();
    let late = all - good - failed;
    let mut took: Vec<_> = asked.iter().map(|it| it.took).collect();
    // No answer is slower than any.
    took.sort_by_key(|took| took.unwrap_or(Duration::MAX));
    let p99 = match took.get((all * 99).div_ceil(100).saturating_sub(1)) {
        Some(Some(took)) => format!("{} ms", took.as_millis()),
        Some(None) | None => "no answer".into(),
    };
    _ = writeln!(
        text,
        "{:<28}{all:>7}{good:>9}{late:>7}{failed:>8}{p99:>12}",
        format!("  {name}")
    );
}

/// The longest time, while the half heads could stay, in which no answer came to anybody.
fn longest_gap(honest: &[Asked]) -> Duration {
    let came = honest.iter().filter_map(|asked| Some(asked.at + asked.took?));
    let mut came: Vec<_> =
        came.chain([COME, END]).filter(|at| *at >= COME).collect();
    came.sort();
    let gaps = came.windows(2).map(|two| two[1] - two[0]);
    gaps.max().unwrap_or_default()
}

fn half(heads: &Heads) -> String {
    let Heads { tried, connected, closed } = heads;
    let when = match (closed.first(), closed.last()) {
        (Some(first), Some(last)) => {
            format!("after {} to {}", seconds(*first), seconds(*last))
        }
        _ => format!("in {}", seconds(LEAVE - COME)),
    };
    let closed = closed.len();
    format!(
        "half heads           {connected} of {tried} connected, {closed} closed {when}"
    )
}

/// How many got which status.
fn answers(all: &Answers) -> String {
    let mut text = format!("{} sent", all.len());
    let mut statuses: Vec<_> =
        all.iter().flatten().map(|(status, _)| *status).collect();
    statuses.sort_unstable();
    statuses.dedup();
    for status in statuses {
        let of = all.iter().flatten().filter(|answer| answer.0 == status);
        let longest = of.clone().map(|answer| answer.1).max().unwrap_or_default();
        let (count, longest) = (of.count(), seconds(longest));
        _ = write!(text, ", {status}: {count} (the last after {longest})");
    }
    let none = all.iter().filter(|answer| answer.is_none()).count();
    if none > 0 {
        _ = write!(text, ", no answer: {none}");
    }
    text
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
