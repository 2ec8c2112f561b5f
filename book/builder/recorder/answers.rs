//! Runs the answers that pages ask for, as the runner judges them.

use std::path::{Path, PathBuf};

use record::Record;
use runner::{
    Workbook,
    cargo::{self, Activity, Built},
    judge::{self, Question},
    libtest,
    mistake::{self, Mistake},
    process::{Limits, Stop},
    target::Target,
};

use super::asked::Wanted;
use crate::{
    problem::BookError,
    runs::{Runs, SOLUTION},
};

/// Compiled answers of a chapter: its answer key, or its mistakes.
pub struct Answers<'a> {
    root: &'a Path,
    executable: PathBuf,
    stop: &'a Stop,
}

impl<'a> Answers<'a> {
    /// Compiles the answer key of a chapter, or its mistakes.
    ///
    /// # Errors
    ///
    /// When they do not compile, or a stop was requested.
    pub fn build(
        root: &'a Path,
        target: &Target,
        stop: &'a Stop,
    ) -> Result<Self, BookError> {
        let mut say = |activity| {
            if let Activity::Says(line) = activity {
                eprintln!("{line}");
            }
        };
        match cargo::build(root, target, false, stop, &mut say)? {
            Built::Ready { executable, .. } => Ok(Self { root, executable, stop }),
            Built::Refused(words) => Err(BookError::Run(format!(
                "the target `{}` does not compile:\n\n{}",
                target.name(),
                words.join("\n")
            ))),
        }
    }

    /// Makes the runs of one answer that pages want: every seed, as a learner does. The record of a
    /// test that passes is that of its calm seed.
    ///
    /// # Errors
    ///
    /// When a wanted test does not exist or leaves no record, or when no test fails and a page wants
    /// a report.
    pub fn runs(
        &self,
        chapter: &str,
        answer: &str,
        wanted: &Wanted,
    ) -> Result<Runs, BookError> {
        let module = if answer == SOLUTION { chapter } else { answer };
        let prefix = format!("{module}::tests::");
        let question = self.question(&prefix);
        let all = judge::list(&question, self.stop)?;
        if let Some(test) = wanted.tests.iter().find(|test| !all.contains(test)) {
            let text = format!("`{answer}` of `{chapter}` has no test `{test}`");
            return Err(BookError::Run(text));
        }
        let mut tests = wanted.tests.clone();
        // Why without the races: a check asks them last, and what they say is luck.
        let (races, suite): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|test| libtest::is_race(test));
        let suite =
            if wanted.report { suite } else { tests.iter().cloned().collect() };
        let mut run = judge::run(&question, &suite, self.stop)?;
        if wanted.report && run.failing().is_empty() {
            run = run.with(judge::run(&question, &races, self.stop)?);
        }
        let run = match self.mistake(chapter, answer)? {
            Some(mistake) => mistake.retold(run),
            None => run,
        };
        let first_failure = match (wanted.report, run.first_failure()) {
            (false, _) => None,
            (true, Some(test)) => Some(test.path.clone()),
            (true, None) => {
                let text = format!(
                    "the mistake `{answer}` of `{chapter}` passes every test"
                );
                return Err(BookError::Run(text));
            }
        };
        tests.extend(first_failure.clone());
        let shown = run.tests.into_iter().filter(|test| tests.contains(&test.path));
        let records: Vec<Record> = shown.filter_map(|test| test.record).collect();
        if records.len() < tests.len() {
            let text = format!("a test of `{answer}` of `{chapter}` left no record");
            return Err(BookError::Run(text));
        }
        Ok(Runs { first_failure, records })
    }

    /// What is known of a wrong answer; nothing of the solution.
    fn mistake(
        &self,
        chapter: &str,
        answer: &str,
    ) -> Result<Option<Mistake>, BookError> {
        if answer == SOLUTION {
            return Ok(None);
        }
        let workbook = Workbook::open(self.root)?;
        Ok(Some(mistake::find(&workbook, workbook.chapter(chapter)?, answer)?))
    }

    fn question<'q>(&'q self, prefix: &'q str) -> Question<'q> {
        Question {
            executable: &self.executable,
            root: self.root,
            prefix,
            suite: None,
            seeds: None,
            limits: Limits::TEST,
        }
    }
}
