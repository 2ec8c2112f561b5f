//! The hints of a page: `### Step 1` and its three numbered items, for every step.

use std::collections::BTreeMap;

use super::lines::{Line, Problem, Section, sections, step};
use crate::contract::numbered;

/// How many hints a step has: what to look at, which tool, the shape.
pub const LEVELS: usize = 3;

const FORM: &str =
    "`## Hints` holds `### Step 1` and so on, each with three numbered items";

/// The hints of each step, level 1 first.
pub type Hints = BTreeMap<usize, Vec<String>>;

/// Reads the section of the hints as far as it can be understood, and notes what is wrong with it.
pub fn read(section: Section<'_>, problems: &mut Vec<Problem>) -> Hints {
    let mut hints = Hints::new();
    let before = problems.len();
    for part in sections(section.lines, 3) {
        if part.level > 0 {
            of_a_step(part, &mut hints, problems);
        } else if let Some(line) = part.lines.iter().find(|line| !is_blank(line)) {
            problems.push((line.number, FORM.to_owned()));
        }
    }
    if hints.is_empty() && problems.len() == before {
        problems.push((section.line, FORM.to_owned()));
    }
    hints
}

fn of_a_step(part: Section<'_>, hints: &mut Hints, problems: &mut Vec<Problem>) {
    let Section { title, line: heading, .. } = part;
    let number = step(title);
    if number.is_none_or(|number| title != format!("Step {number}")) {
        let text = format!("`### {title}` is not of the form `### Step 1`");
        problems.push((heading, text));
    }
    let Some(number) = number else { return };
    let items = hints.entry(number).or_default();
    let before = problems.len();
    for line in part.lines {
        if let Err(text) = add(items, line) {
            problems.push((line.number, text));
        }
    }
    for item in items.iter_mut() {
        *item = item.trim().to_owned();
    }
    if items.len() != LEVELS && problems.len() == before {
        let text = format!(
            "step {number} has {} hints; write three: what to look at, which tool, the shape",
            items.len()
        );
        problems.push((heading, text));
    }
}

/// Adds a line to the hints of a step: a new item, or more of the last one without its indent.
fn add(items: &mut Vec<String>, line: &Line) -> Result<(), String> {
    let text = &line.text;
    let item = numbered(text).filter(|_| !line.is_fenced());
    if let Some((number, first)) = item
        && number == items.len() + 1
    {
        items.push(first.to_owned());
        return Ok(());
    }
    let count = items.len();
    let indent = text.len() - text.trim_start_matches(' ').len();
    if let Some(last) = items.last_mut() {
        last.push('\n');
        last.push_str(&text[indent.min(3)..]);
    }
    match item {
        Some((number, _)) => Err(format!("hint {number} comes after hint {count}")),
        None if is_blank(line) || (indent >= 3 && count > 0) => Ok(()),
        None => {
            Err("a hint is a numbered item; more lines of it are indented by three"
                .to_owned())
        }
    }
}

fn is_blank(line: &Line) -> bool {
    line.text.trim().is_empty()
}
