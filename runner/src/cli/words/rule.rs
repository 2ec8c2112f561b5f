//! A rule of the contract: its text, its section of the page, its tests.

use std::fmt::Write;

use super::{RUN, shortened};
use crate::{
    Chapter, Error, Workbook, contract, libtest, mistake,
    page::{self, Line},
    signatures, text,
};

/// The chapter and the step of a code such as `retries.2`.
///
/// # Errors
///
/// No rule has this code, or the contract cannot be read.
pub fn find<'a>(
    workbook: &'a Workbook,
    code: &str,
) -> Result<(&'a Chapter, usize), Error> {
    let (name, number) = code.rsplit_once('.').unwrap_or((code, ""));
    let chapter = workbook.chapter(name)?;
    let rules = contract::rules(&workbook.read(&chapter.stub())?);
    let step = number.parse().ok();
    let step = step.filter(|step| rules.iter().any(|(known, _)| known == step));
    let unknown = || Error::UnknownRule {
        code: format!("{}.{number}", chapter.name),
        chapter: chapter.name.clone(),
        rules: rules.len(),
    };
    Ok((chapter, step.ok_or_else(unknown)?))
}

/// Everything about the rule of a step that the contract has.
///
/// # Errors
///
/// A file cannot be read.
pub fn whole(
    workbook: &Workbook,
    chapter: &Chapter,
    number: usize,
) -> Result<String, Error> {
    let name = &chapter.name;
    let rules = contract::rules(&workbook.read(&chapter.stub())?);
    let rule = rules.iter().find(|rule| rule.0 == number);
    let rule = rule.map_or("", |(_, rule)| rule);
    let mut text = format!("{name}.{number}: {rule}\n");
    let page = page::read(&workbook.read(&chapter.page())?);
    if let Some(section) = page.step(number) {
        let (line, prose) = (section.line, prose(section.lines));
        _ = write!(text, "\n{}:{line}\n\n{prose}\n", chapter.page());
    }
    _ = writeln!(text, "\nIts tests, in {}:", chapter.suite());
    for test in tests(workbook, chapter, number)? {
        _ = writeln!(text, "  {test}");
    }
    let run = format!("cargo test --test {name} step_{number}");
    _ = writeln!(text, "\nRun them alone: {run}");
    let broken = mistake::all(workbook, chapter)?;
    let broken = broken.iter().filter(|one| one.breaks() == Some(number)).count();
    if broken > 0 {
        let wrong = text::count(broken, "wrong answer");
        let command = format!("{RUN} explain {name}.{number} --mistakes");
        _ = writeln!(text, "{wrong} to it, with what differs: {command}");
    }
    Ok(text)
}

/// The code of each rule of an exercise and how it starts.
///
/// # Errors
///
/// The contract cannot be read.
pub fn all(workbook: &Workbook, chapter: &Chapter) -> Result<String, Error> {
    let name = &chapter.name;
    let mut text = String::new();
    for (number, rule) in contract::rules(&workbook.read(&chapter.stub())?) {
        let code = format!("{name}.{number}  ");
        _ = writeln!(text, "{code}{}", shortened(&rule, code.len()));
    }
    _ = writeln!(text, "\nOne of them as a whole: {RUN} explain {name}.1");
    Ok(text)
}

/// The recorded tests of a step. While nothing is recorded, what all of them start with.
fn tests(
    workbook: &Workbook,
    chapter: &Chapter,
    step: usize,
) -> Result<Vec<String>, Error> {
    let Some(recorded) = signatures::read(workbook, chapter)? else {
        return Ok(vec![format!("step_{step}_…")]);
    };
    let mut tests = recorded.tests;
    tests.retain(|test| libtest::step(test) == Some(step));
    Ok(tests)
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
