//! The wrong answers and the lazy bodies, as texts.

use runner::{libtest, mistake::Mistake, text::count};

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
        for name in ["Mistake", "Source", "Breaks", "Caught by", "Hint"] {
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
                "line {line} belongs to no header; a line that goes on with one begins with two spaces more"
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
                "the header `Passes:` must say `nothing` or `step 1, step 3`";
            findings.push(Finding::new(lazy.file.clone(), sentence));
        }
    }
    findings
}

/// The most lines that a difference may change.
pub const CHANGED: usize = 40;

/// Every difference applies, and holds one fault; a whole file says why it is one.
pub fn differences(material: &Material<'_>) -> Vec<Finding> {
    let of = |mistake: &Mistake| -> Vec<String> {
        let mut wrong = match &mistake.answer {
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
            Ok(_) => vec![],
        };
        match &mistake.made {
            Some(made) if made.changed > CHANGED => wrong.push(format!(
                "changes {} of {}, where {CHANGED} are the limit: is it one fault? is another right \
                 answer nearer?",
                count(made.changed, "line"),
                made.base
            )),
            Some(made) if !answers_of(material, &made.base) => {
                wrong.push(format!("{} is no right answer of this chapter", made.base));
            }
            None if wrong.is_empty() && mistake.headers.get("Whole").is_none() => {
                wrong.push(
                    "is a whole file; a mistake is a difference to a right answer, unless `Whole:` says \
                     why none can show it"
                        .to_owned(),
                );
            }
            _ => {}
        }
        wrong
    };
    let all = material.as_written.iter();
    all.flat_map(|mistake| {
        let findings = of(mistake).into_iter();
        findings.map(|sentence| Finding::new(mistake.file.clone(), sentence))
    })
    .collect()
}

fn answers_of(material: &Material<'_>, base: &str) -> bool {
    material.answers.iter().any(|answer| answer.file == base)
}

/// `Caught by:` names a test of the step that `Breaks:` names, unless the header says why another fails first.
pub fn caught_where_it_breaks(material: &Material<'_>) -> Vec<Finding> {
    let elsewhere = |mistake: &&Mistake| {
        let excused = mistake.headers.get("Breaks").is_some_and(|b| b.contains(';'));
        let test = mistake.headers.get("Caught by").and_then(libtest::step);
        !excused && test.is_some() && test != mistake.breaks()
    };
    let all = material.as_written.iter().filter(elsewhere);
    all.map(|mistake| {
        let sentence = "`Caught by:` names a test of another step than `Breaks:`";
        Finding::new(mistake.file.clone(), sentence)
    })
    .collect()
}

/// `Breaks:` names a rule of the contract.
pub fn breaks_a_rule(material: &Material<'_>) -> Vec<Finding> {
    let name = &material.chapter.name;
    let unknown = |mistake: &&Mistake| {
        let said = mistake.headers.get("Breaks");
        let of_chapter =
            said.is_some_and(|said| said.starts_with(&format!("{name}.")));
        let step = mistake.breaks().filter(|_| of_chapter);
        let known =
            step.is_some_and(|step| material.rules.iter().any(|r| r.0 == step));
        said.is_some() && !known
    };
    let all = material.as_written.iter().filter(unknown);
    all.map(|mistake| {
        let sentence = format!(
            "`Breaks:` names no rule: say `{name}.1`, or another of its rules"
        );
        Finding::new(mistake.file.clone(), sentence)
    })
    .collect()
}
