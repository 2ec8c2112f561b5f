//! What a failing test prints: the rule, the timeline, the first difference. Never the fix.

use std::io::IsTerminal;

use record::{Kind, Record, Scene, Weather};

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
    lines.extend(scene(record));
    let closing = closing(record, place, notes);
    // What is not written yet has no story.
    let untold = record.kind == Some(Kind::Todo) || record.events.is_empty();
    let is_due = |scene: &Scene| !scene.due.is_empty();
    let asked =
        record.expected.is_some() || record.scene.as_ref().is_some_and(is_due);
    if !untold || asked {
        // Two empty lines and two lines of heads stand around the rows.
        let room = LINES.saturating_sub(lines.len() + closing.len() + 4);
        lines.push(String::new());
        lines.extend(timeline::draw(record, room.clamp(3, ROWS)));
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
    if record.kind == Some(Kind::Todo) {
        return lines;
    }
    // Of what never ends nobody knows the line.
    let never_ends =
        [Kind::Stall, Kind::Livelock, Kind::Spin, Kind::Block].map(Some);
    if never_ends.contains(&record.kind) && record.scene.is_none() {
        let name = record.test.rsplit("::").next().unwrap_or_default();
        lines.push(format!("  in the test {name}"));
    }
    if record.seed != 0 {
        let weather = match record.weather {
            // Nobody answers in most scenes, and every seed decides who of those that are ready goes first.
            Weather::Jitter if record.scene.is_some() => {
                "others go first, and answers take other times"
            }
            weather => weather.means(),
        };
        let seed = record.seed;
        // Of a scene one only knows that nothing smaller fails undisturbed.
        let fails = match record.scene {
            Some(_) => "it comes like this under seed",
            None => "passes undisturbed, fails under seed",
        };
        let text = format!("{fails} {seed}, where {weather}");
        lines.extend(wrap("  ", &text, "    "));
    }
    if record.scene.is_some() {
        let rule = &record.rule;
        lines.push(format!("  the rules in words: cargo run -- explain {rule}"));
    }
    lines.extend(replay(record));
    lines
}

/// What is given in a scene that nobody wrote.
fn scene(record: &Record) -> Vec<String> {
    let Some(scene) =
        record.scene.as_ref().filter(|_| record.kind != Some(Kind::Todo))
    else {
        return vec![];
    };
    let lines = scene.told.iter().enumerate();
    let lines = lines.flat_map(|(i, line)| match i {
        0 => wrap("  the scene: ", line, "      "),
        _ => wrap("    ", line, "      "),
    });
    lines.collect()
}

/// How to see it again, if the learner's command would not show it, or not at once.
fn replay(record: &Record) -> Option<String> {
    let mut what = String::new();
    if record.seed != 0 {
        what.push_str(&format!("KIT_SEED={} ", record.seed));
    }
    if let Some(scene) = &record.scene {
        let choices = scene.choices.iter().map(u64::to_string);
        let choices: Vec<_> = choices.collect();
        what.push_str(&format!("KIT_SCENE={} ", choices.join(".")));
    }
    if what.is_empty() {
        return None;
    }
    let chapter = record.rule.split('.').next().unwrap_or_default();
    let step = match record.rule.rsplit_once('.') {
        Some((_, number)) => format!("step_{number}"),
        None => String::new(),
    };
    Some(format!("  to replay: {what}cargo test --test {chapter} {step}"))
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
