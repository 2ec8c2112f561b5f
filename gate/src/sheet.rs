//! The run sheet of a chapter, compared with what its wrong answers do: nobody learns in front of a room that
//! a report says something else.

use std::collections::BTreeMap;

use runner::{judge::Run, page::SHEET, signatures::Signature, text::one_line};

use crate::{Finding, Material, answers::Answers};

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// A finding about the page.
pub fn finding(material: &Material<'_>, sentence: impl Into<String>) -> Finding {
    Finding::new(material.chapter.page(), sentence)
}

/// There is one, with every part, and its demo puts a mistake on the desk, runs the suite and cleans up.
pub fn is_whole(material: &Material<'_>) -> Vec<Finding> {
    let sheet = &material.page.sheet;
    if let Some(part) = sheet.missing() {
        let sentence =
            format!("there is no run sheet with a part `{part}` (`## {SHEET}`)");
        return vec![finding(material, sentence)];
    }
    let name = &material.chapter.name;
    let show = sheet.part("Show");
    let commands = [
        format!("`cargo run -- mistakes {name} "),
        format!("`cargo test --test {name}"),
        format!("`cargo run -- reset {name}`"),
    ];
    let mut findings = Vec::new();
    for command in &commands {
        if !show.contains(command) {
            let command = command.trim_matches(['`', ' ']);
            let sentence = format!("`Show` of the run sheet lacks `{command}`");
            findings.push(finding(material, sentence));
        }
    }
    findings
}

/// Every wrong turn is a mistake, quoted with the first line of its report.
pub fn wrong_turns(
    material: &Material<'_>,
    signatures: &BTreeMap<String, Signature>,
) -> Vec<Finding> {
    let turns = material.page.sheet.part("Wrong turns");
    let turns = turns.lines().filter(|line| line.starts_with("  - "));
    let mut findings = Vec::new();
    let mut told = 0;
    for turn in turns {
        told += 1;
        let name = quoted(turn).next().unwrap_or_default();
        let Some(signature) = signatures.get(name) else {
            let turn = turn.trim_start_matches([' ', '-']);
            let sentence = format!(
                "a wrong turn begins with no mistake that was recorded: {turn}"
            );
            findings.push(finding(material, sentence));
            continue;
        };
        let says = format!("{}: {}", signature.rule, one_line(&signature.message));
        if !turn.contains(&format!("`{says}`")) {
            let sentence = format!(
                "the run sheet does not quote what the report of `{name}` begins with: `{says}`"
            );
            findings.push(finding(material, sentence));
        }
    }
    if told == 0 && material.page.sheet.missing().is_none() {
        findings.push(finding(material, "the run sheet names no wrong turn"));
    }
    findings
}

/// What the demo is said to show is in the report that its two commands bring up first.
pub fn demo(material: &Material<'_>, answers: &Answers) -> Vec<Finding> {
    let Some(demo) = Demo::of(material) else { return Vec::new() };
    let Some(run) = answers.mistakes.get(demo.mistake) else {
        let sentence = format!("`{}` of the run sheet is no mistake", demo.mistake);
        return vec![finding(material, sentence)];
    };
    let Some(report) = demo.report(run) else {
        let sentence = format!(
            "the run sheet shows `{}` with the tests `{}`, and none of them fails",
            demo.mistake, demo.filter
        );
        return vec![finding(material, sentence)];
    };
    let (report, expected) = (one_line(report), demo.expected);
    let missing = promises(expected).filter(|it| !says(&report, it));
    let mut findings: Vec<_> = missing
        .map(|it| {
            let sentence = format!(
                "the run sheet promises `{it}`, and the report of `{}` does not say it",
                demo.mistake
            );
            finding(material, sentence)
        })
        .collect();
    if promises(expected).next().is_none() {
        let sentence = "the run sheet does not say what its demo shows, in numbers or between backticks \
                        behind the command";
        findings.push(finding(material, sentence));
    }
    findings
}

/// The live demo, as the sheet has it.
struct Demo<'a> {
    mistake: &'a str,
    /// What the tests to run have in their path.
    filter: &'a str,
    /// What the sentence with the command goes on to say.
    expected: &'a str,
}

impl<'a> Demo<'a> {
    fn of(material: &'a Material<'_>) -> Option<Self> {
        let name = &material.chapter.name;
        let show = material.page.sheet.part("Show");
        let (_, after) =
            show.split_once(&format!("`cargo run -- mistakes {name} "))?;
        let (put, _) = after.split_once('`')?;
        let (_, after) = show.split_once(&format!("`cargo test --test {name}"))?;
        let (filter, after) = after.split_once('`')?;
        let expected =
            after.split_once(". ").map_or(after, |(sentence, _)| sentence);
        let mistake = put.split_whitespace().next()?;
        Some(Self { mistake, filter: filter.trim(), expected })
    }

    /// The report that stands first on the screen: libtest sorts by name.
    fn report(&self, run: &'a Run) -> Option<&'a str> {
        let failing = run.failing();
        let shown = failing.iter().find(|path| path.contains(self.filter))?;
        let test = run.tests.iter().find(|test| test.path == *shown)?;
        test.record.as_ref()?.report.as_deref()
    }
}

/// The numbers and the quotes of a text.
fn promises(text: &str) -> impl Iterator<Item = &str> {
    let plain = text.split('`').step_by(2);
    let numbers = plain.flat_map(words).filter(|word| is_number(word));
    numbers.chain(quoted(text))
}

fn says(report: &str, promise: &str) -> bool {
    if is_number(promise) {
        words(report).any(|word| word == promise)
    } else {
        report.contains(promise)
    }
}

/// What stands between blanks and marks.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty())
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}
