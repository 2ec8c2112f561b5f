//! `hint` and `explain`: what the page says about a step.

use std::fmt::Write;

use super::{Desk, RUN, code, once, screen, show};
use crate::{
    Chapter, Error, Workbook, contract,
    page::{self, Line},
    suite,
};

/// Prints a hint for the step the learner is at, in the exercise called `name` or in the first that is
/// not solved; with a name such as `retries.3`, for that step. Nothing is written anywhere.
///
/// # Errors
///
/// The name is unknown, there is no such level, the page cannot be read, or the step has no hint.
pub fn hint(desk: &Desk, name: Option<&str>, level: usize) -> Result<u8, Error> {
    let of_a_step = |name: &str| {
        let (name, step) = name.rsplit_once('.')?;
        Some((name.to_owned(), step.parse::<usize>().ok()?))
    };
    let (name, step) = match name.and_then(of_a_step) {
        Some((name, step)) => (Some(name), Some(step)),
        None => (name.map(str::to_owned), None),
    };
    let name = name.as_deref();
    let (chapter, level) = meant(desk, name, level)?;
    let Some(chapter) = chapter else {
        let text = format!(
            "All exercises are solved. For a step beyond: {RUN} hint NAME\n"
        );
        screen::print(&text)?;
        return Ok(code::DONE);
    };
    let name = &chapter.name;
    let asked = step.map_or(name.clone(), |step| format!("{name}.{step}"));
    let step = match step {
        Some(step) => Some(step),
        None => show::step_at(chapter, &once::steps_now(desk, chapter)?),
    };
    let Some(step) = step else {
        let text =
            format!("{name}: every step passes; there is nothing to hint at.\n");
        screen::print(&text)?;
        return Ok(code::DONE);
    };
    if !(1..=3).contains(&level) {
        return Err(Error::Broken(format!(
            "hints have the levels 1 to 3; for a hint at step {level} say `{RUN} hint {name}.{level}`"
        )));
    }
    let hint = hint_text(&desk.workbook, chapter, step, level)?;
    let onward = match level {
        1 | 2 => format!("More: {RUN} hint {asked} {}", level + 1),
        _ => format!("Still stuck? {RUN} solution {name}"),
    };
    screen::print(&format!("{hint}\n{onward}\n"))?;
    Ok(code::DONE)
}

/// The exercise and the level that are asked for: `hint 2` leaves the name out.
fn meant<'a>(
    desk: &'a Desk,
    name: Option<&str>,
    level: usize,
) -> Result<(Option<&'a Chapter>, usize), Error> {
    match name.map(|name| (name, name.parse())) {
        Some((_, Ok(level @ 1..=3))) => Ok((once::first_open(desk)?, level)),
        Some((name, _)) => Ok((Some(desk.workbook.chapter(name)?), level)),
        None => Ok((once::first_open(desk)?, level)),
    }
}

/// A hint as text.
///
/// # Errors
///
/// The page cannot be read, or the step has no hint.
pub fn hint_text(
    workbook: &Workbook,
    chapter: &Chapter,
    step: usize,
    level: usize,
) -> Result<String, Error> {
    let name = &chapter.name;
    let page = page::read(&workbook.read(&chapter.page())?);
    let Some(hint) = page.hint(step, level) else {
        return Err(Error::Broken(format!(
            "{} has no hint {level} for step {step}",
            chapter.page()
        )));
    };
    Ok(format!("{name}, step {step}, hint {level} of 3\n\n{}\n", hint.trim_end()))
}

/// Prints a rule: its text, its section of the page, its tests. For the name of an exercise, the start
/// of each of its rules.
///
/// # Errors
///
/// No rule has this code, or a file cannot be read.
pub fn explain(desk: &Desk, code: &str) -> Result<u8, Error> {
    let workbook = &desk.workbook;
    if let Ok(chapter) = workbook.chapter(code) {
        return rules(workbook, chapter);
    }
    let (name, number) = code.rsplit_once('.').unwrap_or((code, ""));
    let chapter = workbook.chapter(name)?;
    let rules = contract::rules(&workbook.read(&chapter.stub())?);
    let rule = number
        .parse()
        .ok()
        .and_then(|number: usize| rules.iter().find(|rule| rule.0 == number));
    let Some((number, rule)) = rule else {
        return Err(Error::UnknownRule {
            code: code.to_owned(),
            chapter: chapter.name.clone(),
            rules: rules.len(),
        });
    };
    let mut text = format!("{}.{number}: {rule}\n", chapter.name);
    let page = page::read(&workbook.read(&chapter.page())?);
    if let Some(section) = page.step(*number) {
        let (line, prose) = (section.line, prose(section.lines));
        _ = write!(text, "\n{}:{line}\n\n{prose}\n", chapter.page());
    }
    let suite = suite::read(&workbook.read(&chapter.suite())?, &chapter.name);
    _ = writeln!(text, "\nIts tests, in {}:", chapter.suite());
    for test in suite.tests_of(*number) {
        _ = writeln!(text, "  {test}");
    }
    let run = format!("cargo test --test {} step_{number}", chapter.name);
    _ = writeln!(text, "\nRun them alone: {run}");
    screen::print(&text)?;
    Ok(code::DONE)
}

/// Prints the code of each rule of an exercise and how it starts.
fn rules(workbook: &Workbook, chapter: &Chapter) -> Result<u8, Error> {
    let name = &chapter.name;
    let mut text = String::new();
    for (number, rule) in contract::rules(&workbook.read(&chapter.stub())?) {
        _ = writeln!(text, "{name}.{number}  {}", show::shortened(&rule, 70));
    }
    _ = writeln!(text, "\nOne of them as a whole: {RUN} explain {name}.1");
    screen::print(&text)?;
    Ok(code::DONE)
}

/// The lines of a section. In the place of what only the book builder can show stands a word that says
/// what it is.
fn prose(lines: &[Line]) -> String {
    let kept: Vec<_> = lines
        .iter()
        .map(|line| match line.text.strip_prefix("{{#") {
            Some(directive) if !line.is_fenced() => {
                format!("[{}: cargo run -p book]", shown(directive))
            }
            _ => line.text.clone(),
        })
        .collect();
    kept.join("\n").trim().to_owned()
}

/// What a directive shows: `code solutions/retries.rs:Policy}}` shows code.
fn shown(directive: &str) -> &str {
    match directive.split([' ', '}']).next().unwrap_or_default() {
        "timeline" => "picture",
        name => name,
    }
}
