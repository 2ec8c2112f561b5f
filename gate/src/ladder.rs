//! What the failing sets of the wrong answers must look like together.
//!
//! The functions work on signatures: the recorded ones inside `cargo test`, fresh ones in `verify`.

use std::collections::BTreeMap;

use runner::{
    libtest,
    signatures::{Signature, Signatures},
};

use crate::{Finding, Material, cuts, sheet};

/// The conditions on the recorded signatures of a chapter.
pub fn recorded(
    material: &Material<'_>,
    recorded: Option<&Signatures>,
) -> Vec<Finding> {
    let name = &material.chapter.name;
    let bless =
        format!("run `cargo run -- verify {name} --bless` and read what changes");
    let Some(recorded) = recorded else {
        let sentence = format!("nothing is recorded for `{name}`; {bless}");
        return vec![Finding::new(material.chapter.signatures(), sentence)];
    };
    let known = recorded.mistakes.keys();
    let there = material.mistakes.iter().map(|mistake| &mistake.name);
    if recorded.tests != material.suite.paths() || !known.eq(there) {
        let sentence = format!(
            "what is recorded for `{name}` names other tests or mistakes than there are; {bless}"
        );
        return vec![Finding::new(material.chapter.signatures(), sentence)];
    }
    together(material, &recorded.mistakes)
}

/// All conditions on a set of signatures.
pub fn together(
    material: &Material<'_>,
    signatures: &BTreeMap<String, Signature>,
) -> Vec<Finding> {
    [
        caught_as_named,
        breaks_as_named,
        a_whole_step,
        no_two_alike,
        no_decoration,
        ladder,
        sheet::wrong_turns,
        cuts::cuts,
    ]
    .iter()
    .flat_map(|condition| condition(material, signatures))
    .collect()
}

fn file(material: &Material<'_>, mistake: &str) -> String {
    let known = material.mistakes.iter().find(|known| known.name == mistake);
    known.map_or_else(|| material.chapter.mistakes(), |known| known.file.clone())
}

/// The test that `Caught by:` names is among those that fail.
fn caught_as_named(
    material: &Material<'_>,
    signatures: &BTreeMap<String, Signature>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for mistake in &material.mistakes {
        let Some(named) = mistake.headers.get("Caught by") else {
            continue;
        };
        if let Some(signature) = signatures.get(&mistake.name)
            && !signature.fails.iter().any(|test| test == named)
        {
            let sentence = format!(
                "was not caught by {named}, but by {}",
                signature.fails.join(", ")
            );
            findings.push(Finding::new(mistake.file.clone(), sentence));
        }
    }
    findings
}

/// The rule that `Breaks:` names is the first to fail, or the header says why another one is; it fails in
/// any case.
fn breaks_as_named(
    material: &Material<'_>,
    signatures: &BTreeMap<String, Signature>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for mistake in &material.as_written {
        let (Some(step), Some(signature)) =
            (mistake.breaks(), signatures.get(&mistake.name))
        else {
            continue;
        };
        let Some(first) = signature.fails.first().and_then(|f| libtest::step(f))
        else {
            continue;
        };
        let said = mistake.headers.get("Breaks").unwrap_or_default();
        let sentence = if !fails_step(signature, step) {
            format!(
                "`Breaks:` names step {step}, which it passes; it fails step {first} first"
            )
        } else if first != step && !said.contains(';') {
            format!(
                "fails step {first} before step {step}, which `Breaks:` names; if that must be, say why \
                 there, behind a `;`"
            )
        } else if first == step && said.contains(';') {
            format!("says why another step fails first, and step {step} does")
        } else {
            continue;
        };
        findings.push(Finding::new(mistake.file.clone(), sentence));
    }
    findings
}

/// A mistake passes at least one whole step: somebody has come that far with it.
fn a_whole_step(
    material: &Material<'_>,
    signatures: &BTreeMap<String, Signature>,
) -> Vec<Finding> {
    let steps = &material.suite.steps;
    signatures
        .iter()
        .filter(|(_, signature)| {
            steps.iter().all(|step| fails_step(signature, step.number))
        })
        .map(|(name, _)| {
            let sentence =
                "fails every step; a mistake passes at least one whole step";
            Finding::new(file(material, name), sentence)
        })
        .collect()
}

/// No two mistakes share failing set, first message and first difference: the learner could not tell
/// them apart, and neither could we.
fn no_two_alike(
    material: &Material<'_>,
    signatures: &BTreeMap<String, Signature>,
) -> Vec<Finding> {
    let mut seen: BTreeMap<_, &str> = BTreeMap::new();
    let mut findings = Vec::new();
    for (name, signature) in signatures {
        let key = (&signature.fails, &signature.message, &signature.difference);
        if let Some(other) = seen.insert(key, name) {
            let sentence = format!(
                "fails exactly like {}, with the same first report; the suite cannot tell them apart",
                file(material, other)
            );
            findings.push(Finding::new(file(material, name), sentence));
        }
    }
    findings
}

/// Every example fails on at least one mistake; one that does not is decoration.
fn no_decoration(
    material: &Material<'_>,
    signatures: &BTreeMap<String, Signature>,
) -> Vec<Finding> {
    material
        .suite
        .tests
        .iter()
        .filter(|test| libtest::is_example(&test.path))
        .filter(|test| {
            !signatures
                .values()
                .any(|signature| signature.fails.contains(&test.path))
        })
        .map(|test| {
            let sentence = format!(
                "no mistake fails {}; write the wrong answer it is there for, or delete it",
                test.path
            );
            Finding::new(material.chapter.suite(), sentence)
        })
        .collect()
}

/// For every step after the first, some mistake passes all steps before it and fails it.
fn ladder(
    material: &Material<'_>,
    signatures: &BTreeMap<String, Signature>,
) -> Vec<Finding> {
    let steps = material.suite.steps.iter().skip(1);
    steps
        .filter(|step| {
            !signatures.values().any(|signature| {
                let first = signature.fails.first();
                first.and_then(|test| libtest::step(test)) == Some(step.number)
            })
        })
        .map(|step| {
            let sentence = format!(
                "the ladder breaks at step {0}: no mistake passes all steps before {0} and fails {0}",
                step.number
            );
            Finding::new(material.chapter.mistakes(), sentence)
        })
        .collect()
}

fn fails_step(signature: &Signature, step: usize) -> bool {
    let mut failing = signature.fails.iter();
    failing.any(|test| libtest::step(test) == Some(step))
}
