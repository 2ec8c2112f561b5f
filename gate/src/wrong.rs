//! The wrong answers and the lazy bodies, as texts.

use runner::text::count;

use crate::{Finding, Material};

/// There are enough of each, and one right answer more than the solution.
pub fn enough(material: &Material<'_>) -> Vec<Finding> {
    let chapter = material.chapter;
    let mut findings = Vec::new();
    if material.mistakes.len() < chapter.mistakes_at_least {
        let sentence = format!(
            "{} where at least {} are asked for",
            count(material.mistakes.len(), "mistake"),
            chapter.mistakes_at_least
        );
        findings.push(Finding::new(chapter.mistakes(), sentence));
    }
    if material.lazy.is_empty() {
        let file = format!("{}/lazy", chapter.mistakes());
        let sentence = "there is no lazy body: one that returns the default, one that waits for ever";
        findings.push(Finding::new(file, sentence));
    }
    if material.answers.len() < 2 {
        let file = format!("solutions/{}", chapter.name);
        let sentence = "there is no other right answer, built differently";
        findings.push(Finding::new(file, sentence));
    }
    findings
}

/// The headers are there and name what exists.
pub fn headers(material: &Material<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for mistake in &material.mistakes {
        for name in ["Mistake", "Source", "Caught by", "Hint"] {
            if let Err(sentence) = mistake.headers.required(name) {
                findings.push(Finding::new(mistake.file.clone(), sentence));
            }
        }
        if mistake.headers.get("Source").is_some_and(|s| !s.contains("https://")) {
            let sentence =
                "`Source:` names no page: give the address, with https://";
            findings.push(Finding::new(mistake.file.clone(), sentence));
        }
        if let Some(test) = mistake.headers.get("Caught by")
            && !material.suite.tests.iter().any(|known| known.path == test)
        {
            let sentence = format!(
                "`Caught by: {test}` names no test of {}",
                material.chapter.suite()
            );
            findings.push(Finding::new(mistake.file.clone(), sentence));
        }
    }
    for source in material.mistakes.iter().chain(&material.lazy) {
        for line in source.headers.strays() {
            let sentence = format!(
                "line {line} belongs to no header; a header goes on with `//!   `, three spaces"
            );
            findings.push(Finding::new(source.file.clone(), sentence));
        }
    }
    for lazy in &material.lazy {
        if let Err(sentence) = lazy.headers.required("Lazy") {
            findings.push(Finding::new(lazy.file.clone(), sentence));
        }
        if lazy.headers.passes().is_none() {
            let sentence =
                "the header `//! Passes:` must say `nothing` or `step 1, step 3`";
            findings.push(Finding::new(lazy.file.clone(), sentence));
        }
    }
    findings
}
