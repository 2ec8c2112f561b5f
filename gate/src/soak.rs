//! The right answers under many seeds, on a busy machine if asked: no test may ever fail.

use std::time::Duration;

use runner::{
    Chapter, Error, Workbook,
    judge::{self, Question},
    process::{Limits, Stop},
    target::Target,
};

use crate::{
    Finding, Material, answers::sentence, keys, load::Load, material::Source,
};

/// How much to soak.
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    /// Seeds per test.
    pub seeds: u64,
    /// Whether every core is kept busy meanwhile.
    pub load: bool,
}

/// Runs every right answer of the chapters under that many seeds.
///
/// # Errors
///
/// An answer key cannot be built or started, or a stop was requested.
pub fn soak(
    workbook: &Workbook,
    chapters: &[&Chapter],
    amount: Amount,
    stop: &Stop,
    say: &mut dyn FnMut(&str),
) -> Result<Vec<Finding>, Error> {
    let mut built = Vec::new();
    // Why before the load: a build is no soak.
    for chapter in chapters {
        match keys::build(workbook, &Target::answer_key(chapter), stop)? {
            Ok(executable) => built.push((chapter, executable)),
            Err(words) => return Ok(vec![Finding::new(chapter.answers(), words)]),
        }
    }
    let load = amount.load.then(Load::start);
    let mut findings = Vec::new();
    for (chapter, executable) in &built {
        let material = Material::read(workbook, chapter)?;
        let suite = material.suite.paths();
        for answer in &material.answers {
            let question = Question {
                executable,
                root: &workbook.root,
                prefix: &format!("{}::tests::", answer.module),
                suite: Some(&suite),
                seeds: Some(amount.seeds),
                limits: limits(amount.seeds),
            };
            let run = judge::ask(&question, stop)?;
            let took = run.took.as_secs_f64();
            say(&format!("{}: {} seeds in {took:.1} s", answer.file, amount.seeds));
            findings.extend(flakes(answer, &run));
        }
    }
    drop(load);
    Ok(findings)
}

/// A soak may take long, but not for ever: a tenth of a second a seed and a minute on top.
fn limits(seeds: u64) -> Limits {
    let time =
        Duration::from_millis(seeds.saturating_mul(100)) + Duration::from_secs(60);
    Limits { time: Some(time), ..Limits::TEST }
}

fn flakes(answer: &Source, run: &judge::Run) -> Vec<Finding> {
    if let Some(trouble) = &run.trouble {
        return vec![Finding::new(answer.file.clone(), sentence(trouble))];
    }
    let failing = run.tests.iter().filter(|test| !test.passed);
    failing
        .map(|test| {
            let report = test.record.as_ref().and_then(|r| r.report.as_deref());
            let sentence = format!(
                "{} failed under some seed:\n{}",
                test.path,
                report.unwrap_or_default()
            );
            Finding::new(answer.file.clone(), sentence)
        })
        .collect()
}
