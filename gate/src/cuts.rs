//! What a run sheet says may be cut, compared with the wrong answers.

use std::collections::BTreeMap;

use runner::{libtest, signatures::Signature, text::count};

use crate::{
    Finding, Material,
    sheet::{finding, words},
};

/// A cut leaves something, and where one step is said to need another, the wrong answers agree: some fail
/// both, and none passes the one with every example of the other failing. That no step needs a later one,
/// so that a chapter may be cut from its end, is what [`crate::ladder`] sees to.
pub fn cuts(
    material: &Material<'_>,
    signatures: &BTreeMap<String, Signature>,
) -> Vec<Finding> {
    let cut = material.page.sheet.part("Cut");
    let words: Vec<_> = words(cut).collect();
    let steps = material.rules.len();
    let mut findings = Vec::new();
    for step in stops(&words).filter(|step| !(1..steps).contains(step)) {
        let sentence = format!(
            "the run sheet stops after step {step} of {}",
            count(steps, "step")
        );
        findings.push(finding(material, sentence));
    }
    for (at, _) in words.iter().enumerate().filter(|(_, word)| **word == "needs") {
        let needs = needs(&words, at);
        if needs.is_empty() {
            let sentence = "write what a cut takes with it as `step 7 needs step 4`, or `steps 5 and 6`";
            findings.push(finding(material, sentence));
        }
        for (step, other) in needs {
            let sentence = unneeded(material, signatures, step, other);
            findings.extend(sentence.map(|it| finding(material, it)));
        }
    }
    findings
}

/// The numbers in `after step 4`.
fn stops(words: &[&str]) -> impl Iterator<Item = usize> {
    let triples = words.windows(3).filter(|three| three[..2] == ["after", "step"]);
    triples.filter_map(|three| three[2].parse().ok())
}

/// The pairs in `step 7 needs steps 5 and 6`, whose third word is the one at `at`.
fn needs(words: &[&str], at: usize) -> Vec<(usize, usize)> {
    let before = at.checked_sub(2).map(|from| &words[from..at]);
    let Some(["step" | "Step", step]) = before else { return vec![] };
    let Ok(step) = step.parse() else { return vec![] };
    let others = match &words[at + 1..] {
        ["step", other, ..] => [*other].map(str::parse).to_vec(),
        ["steps", one, "and", other, ..] => [*one, *other].map(str::parse).to_vec(),
        ["steps", first, "to", last, ..] => match (first.parse(), last.parse()) {
            (Ok(first), Ok(last)) => (first..=last).map(Ok::<usize, _>).collect(),
            _ => vec![],
        },
        _ => vec![],
    };
    others.into_iter().flatten().map(|other| (step, other)).collect()
}

/// Why the wrong answers do not say that `step` needs `other`, if they do not.
fn unneeded(
    material: &Material<'_>,
    signatures: &BTreeMap<String, Signature>,
    step: usize,
    other: usize,
) -> Option<String> {
    let tests = material.suite.tests.iter().map(|test| test.path.as_str());
    let is_of = |test: &str, step| libtest::step(test) == Some(step);
    let examples: Vec<_> = tests
        .filter(|test| libtest::is_example(test) && is_of(test, other))
        .collect();
    let fails = |signature: &Signature, step| {
        signature.fails.iter().any(|test| is_of(test, step))
    };
    let fails_all = |signature: &Signature| {
        examples.iter().all(|test| signature.fails.iter().any(|fails| fails == test))
    };
    let without = signatures
        .iter()
        .find(|(_, signature)| fails_all(signature) && !fails(signature, step));
    let both =
        |signature: &&Signature| fails(signature, step) && fails(signature, other);
    match without {
        Some((name, _)) => Some(format!(
            "the run sheet says that step {step} needs step {other}, and `{name}` passes the one and \
             nothing of the other"
        )),
        None if signatures.values().find(both).is_none() => Some(format!(
            "the run sheet says that step {step} needs step {other}, and no mistake fails both"
        )),
        None => None,
    }
}
