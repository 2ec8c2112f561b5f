//! Every answer of a chapter, run and judged: the stub, the lazy bodies, the mistakes, the right answers.

use std::{collections::BTreeMap, path::Path, time::Duration};

use record::Kind;
use runner::{
    Error,
    judge::{self, Question, Run, Trouble},
    process::{Limits, Stop},
    races,
    signatures::Signature,
};

use crate::{Finding, Material, chance, early, hints, material::Source};

/// The longest real time in which a mistake is caught, unless its header says `Hangs:`. Its whole suite takes one
/// second of work, or less, and on the network two; the rest is for a machine that is busy with something else.
fn soon(material: &Material<'_>) -> Duration {
    Duration::from_secs(if material.chapter.network { 4 } else { 2 })
}

/// Everything that ran.
#[derive(Debug)]
pub struct Answers {
    /// The stub.
    pub stub: Run,
    /// The lazy bodies, in the order of the material.
    pub lazy: Vec<Run>,
    /// The mistakes that compile, by name.
    pub mistakes: BTreeMap<String, Run>,
    /// The right answers, in the order of the material.
    pub right: Vec<Run>,
}

/// The two test binaries of a chapter.
#[derive(Debug, Clone, Copy)]
pub struct Binaries<'a> {
    /// The wrong answers.
    pub wrong: &'a Path,
    /// The answer key.
    pub right: &'a Path,
}

/// Runs everything but the mistakes in `without`, one after the other: the limits in real time are only fair
/// that way.
///
/// # Errors
///
/// A binary cannot be started, or a stop was requested.
pub fn ask(
    material: &Material<'_>,
    binaries: Binaries<'_>,
    without: &[String],
    stop: &Stop,
) -> Result<Answers, Error> {
    let suite = material.suite.paths();
    let ask = |source: &Source, executable: &Path| {
        let question = Question {
            executable,
            root: &material.workbook.root,
            prefix: &format!("{}::tests::", source.module),
            suite: Some(&suite),
            seeds: None,
            limits: Limits::TEST,
        };
        let mut run = judge::ask(&question, stop)?;
        // Why a second try: a machine busy with something else can be slow, never fast.
        if run.took > soon(material) && !source.headers.has("Hangs") {
            let again = judge::ask(&question, stop)?;
            run = if again.took < run.took { again } else { run };
        }
        let named = source.headers.get("Caught by");
        let which = |test: &str| named.is_none_or(|named| named == test);
        chance::raced(named, run, &mut || {
            races::races(&question, which, stop, &mut |_| ())
        })
    };
    let mistakes = material.mistakes.iter().zip(&material.as_written);
    let mistakes = mistakes.filter(|(source, _)| !without.contains(&source.name));
    let wrong = |source: &Source| ask(source, binaries.wrong);
    let right = |source: &Source| ask(source, binaries.right);
    Ok(Answers {
        stub: wrong(&material.stub)?,
        lazy: material.lazy.iter().map(wrong).collect::<Result<_, _>>()?,
        mistakes: mistakes
            .map(|(source, mistake)| {
                Ok((source.name.clone(), mistake.retold(wrong(source)?)))
            })
            .collect::<Result<_, Error>>()?,
        right: material.answers.iter().map(right).collect::<Result<_, _>>()?,
    })
}

impl Answers {
    /// The signatures of the mistakes that were caught.
    pub fn signatures(
        &self,
        material: &Material<'_>,
    ) -> BTreeMap<String, Signature> {
        let signature = |(source, run): (&Source, &Run)| {
            let mut signature = Signature::of(run)?;
            if chance::has_a_say(&source.text) {
                signature.story.clear();
            }
            Some((source.name.clone(), signature))
        };
        self.of_mistakes(material).filter_map(signature).collect()
    }

    /// The mistakes that ran, each with its run.
    fn of_mistakes<'a>(
        &'a self,
        material: &'a Material<'_>,
    ) -> impl Iterator<Item = (&'a Source, &'a Run)> {
        let all = material.mistakes.iter();
        all.filter_map(|source| Some((source, self.mistakes.get(&source.name)?)))
    }

    /// The conditions on single runs.
    pub fn findings(&self, material: &Material<'_>) -> Vec<Finding> {
        let mut findings = self.stub(material);
        for (lazy, run) in material.lazy.iter().zip(&self.lazy) {
            findings.extend(passes_what_it_admits(material, lazy, run));
        }
        for (mistake, run) in self.of_mistakes(material) {
            findings.extend(caught(mistake, run, soon(material)));
            findings.extend(early::right_until_then(mistake, &run.failing()));
        }
        for (answer, run) in material.answers.iter().zip(&self.right) {
            findings.extend(accepted(material, answer, run));
        }
        findings.extend(self.no_answers(material));
        findings
    }

    /// Every test fails on the untouched stub, by itself and not by a hang.
    fn stub(&self, material: &Material<'_>) -> Vec<Finding> {
        let stub = &material.stub.file;
        if let Some(trouble) = &self.stub.trouble {
            return vec![Finding::new(stub.clone(), sentence(trouble))];
        }
        let mut findings = Vec::new();
        for test in &self.stub.tests {
            let kind = test.record.as_ref().and_then(|record| record.kind);
            if test.passed {
                let sentence =
                    format!("passes on the untouched stub: {}", test.path);
                findings.push(Finding::new(material.chapter.suite(), sentence));
            } else if !matches!(kind, Some(Kind::Todo | Kind::Rule | Kind::Panic)) {
                let sentence = format!(
                    "{} does not fail by itself on the stub, but by {}",
                    test.path,
                    kind.map_or("an end without a record", Kind::word)
                );
                findings.push(Finding::new(stub.clone(), sentence));
            }
        }
        findings
    }

    /// No report of a wrong answer says a name that only the right answers have, nor its own.
    fn no_answers(&self, material: &Material<'_>) -> Vec<Finding> {
        let secrets = hints::secrets(material);
        let lazy = material.lazy.iter().zip(&self.lazy);
        let wrong = self.of_mistakes(material).chain(lazy);
        let stub = (&material.stub, &self.stub);
        let mut findings = Vec::new();
        for (source, run) in wrong.chain([stub]) {
            for test in &run.tests {
                let report = test.record.as_ref().and_then(|r| r.report.as_deref());
                for word in hints::leaked(report.unwrap_or_default(), &secrets) {
                    if source.text.contains(word) {
                        continue;
                    }
                    let sentence = format!(
                        "the report of {} on {} says `{word}`, which only the solution says",
                        test.path, source.file
                    );
                    findings.push(Finding::new(material.chapter.suite(), sentence));
                }
            }
        }
        findings
    }
}

/// A lazy body passes exactly the steps that it truly satisfies.
fn passes_what_it_admits(
    material: &Material<'_>,
    lazy: &Source,
    run: &Run,
) -> Vec<Finding> {
    if let Some(trouble) = &run.trouble {
        return vec![Finding::new(lazy.file.clone(), sentence(trouble))];
    }
    let steps = material.suite.steps.iter().map(|step| step.number);
    let passes: Vec<usize> = steps.filter(|step| run.passes(*step)).collect();
    let Some(admitted) = lazy.headers.passes() else {
        return Vec::new();
    };
    if passes == admitted {
        return Vec::new();
    }
    let sentence = format!(
        "passes the steps {passes:?}, where its header admits {admitted:?}; \
         a test is too weak, or the header is wrong"
    );
    vec![Finding::new(lazy.file.clone(), sentence)]
}

/// A mistake is caught, by the kit, and soon.
fn caught(mistake: &Source, run: &Run, soon: Duration) -> Option<Finding> {
    let sentence = if let Some(trouble) = &run.trouble {
        sentence(trouble)
    } else if run.failing().is_empty() {
        "passes every test: nobody catches it".to_owned()
    } else if Signature::of(run).is_none() {
        "its first failing test left no record".to_owned()
    } else if run.took > soon && !mistake.headers.has("Hangs") {
        format!(
            "was caught after {:.1} s of real time, where {} s are the limit without `//! Hangs:`",
            run.took.as_secs_f64(),
            soon.as_secs()
        )
    } else {
        return None;
    };
    Some(Finding::new(mistake.file.clone(), sentence))
}

/// A right answer passes everything.
fn accepted(material: &Material<'_>, answer: &Source, run: &Run) -> Vec<Finding> {
    if let Some(trouble) = &run.trouble {
        return vec![Finding::new(answer.file.clone(), sentence(trouble))];
    }
    let failing = run.failing();
    if failing.is_empty() {
        return Vec::new();
    }
    let reference = answer.file == material.chapter.solution();
    let sentence = if reference {
        format!("the solution fails {}", failing.join(", "))
    } else {
        format!(
            "is rejected by {}; a test that rejects a right answer is wrong, unless the contract \
         says why",
            failing.join(", ")
        )
    };
    vec![Finding::new(answer.file.clone(), sentence)]
}

/// What went wrong with a run as a whole, for an author.
pub fn sentence(trouble: &Trouble) -> String {
    let at = |test: &Option<String>| match test {
        Some(test) => format!(" in {test}"),
        None => String::new(),
    };
    match trouble {
        Trouble::NoTests => {
            "has no tests in the binary: does it end with `mod tests;`?".to_owned()
        }
        Trouble::OtherTests { expected, found } => {
            format!(
                "has {found} tests in the binary, where the suite has {expected}"
            )
        }
        Trouble::Hangs(test) => {
            format!(
                "hangs{} until the process is killed; the kit must end it",
                at(test)
            )
        }
        Trouble::Signal(signal, test) => {
            format!("ends the process by signal {signal}{}", at(test))
        }
        Trouble::LeftEarly(code, test) => {
            format!("leaves the process with code {code}{}", at(test))
        }
        Trouble::Disagreement { test, .. } => {
            format!("the kit and libtest disagree about {test}")
        }
        Trouble::Miscounted => {
            "libtest counted other tests than were asked for".to_owned()
        }
        Trouble::Foreign(test) => {
            format!("leaves a record of {test} that the kit did not write")
        }
    }
}
