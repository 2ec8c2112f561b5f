//! The contract is the same everywhere, and each of its rules is a step of the suite.

use runner::{contract, page::Line};

use crate::{Finding, Material};

/// Stub, solution and other right answers carry the same rules.
pub fn same_everywhere(material: &Material<'_>) -> Vec<Finding> {
    let stub = &material.stub;
    let mut findings = Vec::new();
    if material.rules.is_empty() || material.rules.len() > 7 {
        let sentence = format!(
            "the contract has {} rules; it needs 1 to 7, numbered, under `//! # The contract`",
            material.rules.len()
        );
        findings.push(Finding::new(stub.file.clone(), sentence));
    } else if contract::gap(&material.rules).is_some() {
        let sentence = "the rules of the contract are not numbered 1, 2, 3, …";
        findings.push(Finding::new(stub.file.clone(), sentence));
    }
    for answer in &material.answers {
        let rules = contract::rules(&answer.text);
        let longest = rules.len().max(material.rules.len());
        let differs =
            (0..longest).find(|at| rules.get(*at) != material.rules.get(*at));
        if let Some(at) = differs {
            let sentence = format!(
                "rule {} of the contract is not the one in {}",
                at + 1,
                stub.file
            );
            findings.push(Finding::new(answer.file.clone(), sentence));
        }
    }
    findings
}

/// The page shows the contract by directive, so it cannot differ.
pub fn shown_on_the_page(material: &Material<'_>) -> Vec<Finding> {
    let directive = format!("{{{{#contract {}}}}}", material.chapter.name);
    let section = material.page.section("The contract");
    let shown = |line: &Line| !line.is_fenced() && line.text.trim() == directive;
    if section.is_some_and(|section| section.lines.iter().any(shown)) {
        return Vec::new();
    }
    let sentence = format!("there is no {directive} under `## The contract`");
    vec![Finding::new(material.chapter.page(), sentence)]
}

/// Rules, `mod step_N_…`, the steps in `workbook.toml` and the sections of the page match one to one.
pub fn one_step_a_rule(material: &Material<'_>) -> Vec<Finding> {
    let chapter = material.chapter;
    let rules: Vec<usize> = (1..=material.rules.len()).collect();
    let mut findings = Vec::new();
    let steps: Vec<_> = material.suite.steps.iter().map(|s| s.number).collect();
    if steps != rules {
        let sentence = format!(
            "the contract has the rules {rules:?}, the suite the steps {steps:?}; \
             each rule is one `mod step_N_…`, in order"
        );
        findings.push(Finding::new(chapter.suite(), sentence));
    }
    if !chapter.steps().eq(rules.iter().copied()) {
        let sentence = format!(
            "`core` and `beyond` of `{}` are not the rules {rules:?}, in order",
            chapter.name
        );
        findings.push(Finding::new("workbook.toml", sentence));
    }
    if chapter.core.is_empty() {
        let sentence = format!("`{}` has no core step", chapter.name);
        findings.push(Finding::new("workbook.toml", sentence));
    }
    for rule in &rules {
        if material.page.step(*rule).is_none() {
            let sentence = format!("there is no section `## Step {rule}: …`");
            findings.push(Finding::new(chapter.page(), sentence));
        }
    }
    findings
}
