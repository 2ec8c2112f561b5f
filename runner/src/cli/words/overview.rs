//! All exercises, and how far each is.

use std::fmt::Write;

use super::RUN;
use crate::{
    Chapter, Workbook, check, cli::term::style::Style, progress::Progress,
    text::count,
};

/// The state of an exercise that was solved before the workbook itself changed.
const AGAIN: &str = "solved, to be checked again";

/// A row for each exercise and a sum; `current` is marked.
pub fn rows(
    workbook: &Workbook,
    progress: &Progress,
    current: Option<&str>,
    style: Style,
) -> String {
    let name_width = widest(workbook, |chapter| chapter.name.len());
    let title_width = widest(workbook, |chapter| chapter.title.chars().count());
    let mut text = String::new();
    let mut part = "";
    let (mut solved, mut again) = (0, 0);
    for chapter in &workbook.chapters {
        if chapter.part != part {
            part = &chapter.part;
            _ = writeln!(text, "{}", style.bold(part));
        }
        let (word, state) = state(workbook, chapter, progress);
        solved += usize::from(word == "solved");
        again += usize::from(state == AGAIN);
        let mark = if current == Some(&chapter.name) { ">" } else { " " };
        let word = painted(word, style);
        let [least, most] = chapter.work;
        let minutes = format!("{least}-{most} min");
        _ = writeln!(
            text,
            "{mark} {word} {:name_width$}  {:title_width$}  {minutes:>9}  {state}",
            chapter.name, chapter.title
        );
    }
    let all = count(workbook.chapters.len(), "exercise");
    _ = writeln!(text, "\n{solved} of {all} solved, as of the last check of each.");
    if again > 0 {
        _ = writeln!(
            text,
            "The tests of {} changed since; `{RUN} check NAME` checks one again.",
            count(again, "solved exercise")
        );
    }
    text
}

fn widest(workbook: &Workbook, length: fn(&Chapter) -> usize) -> usize {
    workbook.chapters.iter().map(length).max().unwrap_or(0)
}

fn painted(word: &str, style: Style) -> String {
    let padded = format!("{word:7}");
    match word {
        "solved" => style.good(&padded),
        "open" => style.open(&padded),
        _ => style.faint(&padded),
    }
}

fn state(
    workbook: &Workbook,
    chapter: &Chapter,
    progress: &Progress,
) -> (&'static str, String) {
    let Some(line) = progress.get(&chapter.name) else {
        return ("new", "not checked yet".to_owned());
    };
    if check::known(workbook, chapter, progress).is_none() {
        if check::to_be_checked_again(workbook, chapter, progress) {
            return ("solved", AGAIN.to_owned());
        }
        return ("open", "changed since the last check".to_owned());
    }
    let word = if line.solved { "solved" } else { "open" };
    let passed = |steps: &[usize]| {
        steps.iter().filter(|step| line.steps.contains(step)).count()
    };
    let (core, beyond) = (passed(&chapter.core), passed(&chapter.beyond));
    let mut state = format!("steps {core} of {}", chapter.core.len());
    if !chapter.beyond.is_empty() {
        _ = write!(state, ", beyond {beyond} of {}", chapter.beyond.len());
    }
    (word, state)
}
