//! The suite: a test in every step, and no assertion without its rule.

use runner::libtest;

use crate::{Finding, Material};

/// Every step has a test, and every test lies in a step.
pub fn a_test_in_every_step(material: &Material<'_>) -> Vec<Finding> {
    let suite = &material.suite;
    let file = material.chapter.suite();
    let empty = suite
        .steps
        .iter()
        .filter(|step| suite.tests_of(step.number).next().is_none())
        .map(|step| format!("line {}: `{}` has no test", step.line, step.name));
    let outside =
        suite.tests.iter().filter(|test| libtest::step(&test.path).is_none()).map(
            |test| format!("line {}: `{}` lies in no step", test.line, test.path),
        );
    empty
        .chain(outside)
        .map(|sentence| Finding::new(file.clone(), sentence))
        .collect()
}

/// The scenes come last in their step: tests speak in the order of their names, and examples tell more.
pub fn scenes_come_last(material: &Material<'_>) -> Vec<Finding> {
    let tests = material.suite.tests.iter();
    let later = tests.filter(|test| {
        let name = test.path.rsplit("::").next();
        name.is_some_and(|name| name > libtest::SCENES)
    });
    later
        .map(|test| {
            let sentence = format!(
                "line {}: the name of `{}` comes after that of `{}`",
                test.line,
                test.path,
                libtest::SCENES
            );
            Finding::new(material.chapter.suite(), sentence)
        })
        .collect()
}

/// A test in `mod step_2_…` of `retries` checks `retries.2` and nothing else.
pub fn every_check_names_its_rule(material: &Material<'_>) -> Vec<Finding> {
    let name = &material.chapter.name;
    let mut findings = Vec::new();
    for test in &material.suite.tests {
        let Some(step) = libtest::step(&test.path) else {
            continue;
        };
        let code = format!("{name}.{step}");
        let wrong = test.codes.iter().find(|found| **found != code);
        let sentence = match (test.codes.is_empty(), wrong) {
            (true, _) => format!(
                "line {}: `{}` names no rule; it must check(\"{code}\", …)",
                test.line, test.path
            ),
            (false, Some(wrong)) => format!(
                "line {}: `{}` checks \"{wrong}\" but lies in step {step}",
                test.line, test.path
            ),
            (false, None) => continue,
        };
        findings.push(Finding::new(material.chapter.suite(), sentence));
    }
    findings
}

/// Every `expect…`, `assert…` and `require…` says the rule in a sentence.
pub fn every_assertion_has_a_sentence(material: &Material<'_>) -> Vec<Finding> {
    let silent = material.suite.silent.iter();
    silent
        .map(|silent| {
            let sentence = format!(
                "line {}: `{}` asserts without saying which rule, as a sentence in its last argument",
                silent.line, silent.call
            );
            Finding::new(silent.file.clone(), sentence)
        })
        .collect()
}
