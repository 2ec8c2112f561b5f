//! What a failing test prints: the rule, the timeline, the first difference. Never the fix.

use std::io::IsTerminal;

use record::{Kind, Record};

use crate::timeline;

/// Lines of a report.
const LINES: usize = 30;

/// Rows of its picture, those that say how many are left out included.
const ROWS: usize = 16;

/// Columns of a report.
const WIDTH: usize = 85;

/// The whole report in plain text, at most thirty lines.
pub fn report(record: &Record, place: Option<&str>, notes: &[String]) -> String {
    let mut lines = wrap("", &headline(record), "  ");
    let closing = closing(record, place, notes);
    // What is not written yet has no story.
    let untold = record.kind == Some(Kind::Todo) || record.events.is_empty();
    if !untold || record.expected.is_some() {
        let (lanes, events) = (&record.lanes, &record.events);
        let expected = record.expected.as_ref();
        // Two empty lines and two lines of heads stand around the rows.
        let room = LINES.saturating_sub(lines.len() + closing.len() + 4);
        lines.push(String::new());
        lines.extend(timeline::draw(lanes, events, expected, room.clamp(3, ROWS)));
        lines.push(String::new());
    }
    lines.extend(closing);
    lines.join("\n")
}

fn closing(record: &Record, place: Option<&str>, notes: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    lines.extend(notes.iter().take(6).map(|note| format!("  {note}")));
    if let Some(difference) = &record.difference {
        lines.extend(wrap("  first difference: ", difference, "    "));
    }
    if let Some(place) = place {
        let checked = record.kind == Some(Kind::Rule);
        let word = if checked { "checked at" } else { "at" };
        lines.push(format!("  {word} {place}"));
    }
    if record.seed != 0 {
        lines.extend(replay(record));
    }
    lines
}

/// What is different under this seed, and how to see it again.
fn replay(record: &Record) -> [String; 2] {
    let (seed, weather) = (record.seed, record.weather.means());
    let chapter = record.rule.split('.').next().unwrap_or_default();
    let step = record.test.split("::").next().unwrap_or_default();
    let step: Vec<_> = step.split('_').take(2).collect();
    [
        format!("  passes undisturbed, fails under seed {seed}, where {weather}"),
        format!(
            "  to replay: KIT_SEED={seed} cargo test --test {chapter} {}",
            step.join("_")
        ),
    ]
}

/// Breaks `text` into lines of at most [`WIDTH`] columns; the later ones are indented.
fn wrap(first: &str, text: &str, indent: &str) -> Vec<String> {
    let mut lines = vec![];
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split(' ') {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line);
    lines
}

fn headline(record: &Record) -> String {
    let (rule, message) = (&record.rule, &record.message);
    match record.kind {
        None | Some(Kind::Rule | Kind::Todo) => format!("{rule}: {message}"),
        Some(Kind::Panic) => format!("{rule}: the code panicked with \"{message}\""),
        Some(kind) => format!("{rule}: {}: {message}", kind.word()),
    }
}

/// Whether a report may use colour and line drawing here.
pub(crate) fn rich() -> bool {
    if std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) {
        return false;
    }
    std::env::var_os("CLICOLOR_FORCE").is_some_and(|v| v != "0")
        || std::io::stdout().is_terminal()
}

/// The same report with bold headline, drawn lines and a red arrow.
pub(crate) fn paint(plain: &str) -> String {
    let mut painted = vec![];
    for (i, line) in plain.lines().enumerate() {
        painted.push(match line {
            _ if i == 0 => format!("\x1b[1m{line}\x1b[0m"),
            _ if line.starts_with("--") => {
                format!("\x1b[2m{}\x1b[0m", line.replace('-', "─").replace('+', "┼"))
            }
            _ if line.starts_with("  first difference:") => {
                format!("\x1b[1;31m{line}\x1b[0m")
            }
            _ if line.starts_with("> ") => {
                format!("\x1b[1;31m{}\x1b[0m", line.replace(" | ", " │ "))
            }
            _ => line.replace(" | ", " │ "),
        });
    }
    painted.join("\n")
}
