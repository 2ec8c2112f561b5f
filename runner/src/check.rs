//! Checking one exercise: one cargo call, one run, and whether it is solved. And whether the last verdict still
//! counts: a chapter that was solved is to be checked again when a file that its verdict depends on
//! (`layout::judged`) changed and the exercise did not.

use crate::{
    Chapter, Error, Workbook,
    attached::{self, Objection},
    cargo::{self, Activity, Built},
    judge::{self, Question, Run, Test, Trouble},
    layout, libtest, originals,
    process::{Limits, Stop},
    progress::{Line, Progress},
    races, signatures,
    target::Target,
};

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// What happened.
    pub verdict: Verdict,
    /// The files that judged it and are not as this workbook came: then nothing counts as solved.
    pub edited: Vec<String>,
    /// Whether all core steps passed, nothing went wrong as a whole, and its judges are as they came.
    pub solved: bool,
    /// The steps that passed, and whose rule no test calls broken.
    pub steps: Vec<usize>,
    /// The hash of what was checked.
    pub hash: u64,
    /// The hash of the exercise alone.
    pub exercise: Option<u64>,
}

/// What happened in a check.
#[derive(Debug)]
pub enum Verdict {
    /// It does not compile; rustc's own words.
    Refused(Vec<String>),
    /// It compiles and cannot be judged; it did not run.
    Unjudged(Objection),
    /// It ran.
    Ran {
        /// How.
        run: Run,
        /// Whether it ran on real threads as well.
        raced: bool,
        /// rustc's warnings about it.
        warnings: Vec<String>,
    },
}

/// How a check is done.
#[derive(Debug, Clone)]
pub struct Way {
    /// Whether rustc's words may have colours.
    pub colour: bool,
    /// What the test binary may use.
    pub limits: Limits,
    /// What ends the check early.
    pub stop: Stop,
}

impl Checked {
    /// The step the learner is at: the first that does not pass. Where a process died with a test, most tests did not
    /// run: then the first step of which something is known.
    pub fn here(&self, chapter: &Chapter) -> Option<usize> {
        let Verdict::Ran { run, .. } = &self.verdict else {
            return chapter.step_at(&self.steps);
        };
        let culprit = run.trouble.as_ref().and_then(Trouble::culprit);
        let failed = run.tests.iter().filter(|test| test.ended && !test.passed);
        let failed = failed.map(|test| test.path.as_str());
        let known = culprit.is_some().then(|| failed.chain(culprit));
        let known = known.and_then(|known| known.filter_map(libtest::step).min());
        known.or_else(|| chapter.step_at(&self.steps))
    }

    /// Whether this step neither passed nor failed, because the process ended before its tests did.
    pub fn is_unseen(&self, step: usize) -> bool {
        let Verdict::Ran { run, .. } = &self.verdict else { return false };
        let of_step = |test: &&Test| libtest::step(&test.path) == Some(step);
        let culprit = run.trouble.as_ref().and_then(Trouble::culprit);
        let mut tests = run.tests.iter().filter(of_step);
        culprit.is_some()
            && !self.steps.contains(&step)
            && tests.all(|test| test.passed || !test.ended)
    }

    /// Whether something of this step is written: a test of it fails, and not by a `todo!`.
    pub fn is_begun(&self, step: usize) -> bool {
        let Verdict::Ran { run, .. } = &self.verdict else { return false };
        let of_step = |test: &&Test| libtest::step(&test.path) == Some(step);
        run.tests.iter().filter(of_step).any(Test::is_begun)
    }

    /// The line to keep in the progress file.
    pub fn line(&self, chapter: &Chapter) -> Line {
        Line {
            name: chapter.name.clone(),
            solved: self.solved,
            steps: self.steps.clone(),
            here: self.here(chapter),
            hash: self.hash,
            exercise: self.exercise,
        }
    }
}

/// Checks the exercise of a chapter.
///
/// # Errors
///
/// A file is missing or cannot be understood, the workbook itself does not build, or the check was stopped.
pub fn check(
    workbook: &Workbook,
    chapter: &Chapter,
    way: &Way,
    say: &mut dyn FnMut(Activity),
) -> Result<Checked, Error> {
    // Why before the build: what is saved meanwhile is not what was checked.
    let text = workbook.read(&chapter.exercise())?;
    let edited = originals::edited(workbook, chapter)?;
    let objection =
        attached::objection(&chapter.name, &text, &suite(workbook, chapter)?);
    let recorded = signatures::read(workbook, chapter)?;
    let hash = fingerprint(workbook, chapter)?;
    let exercise = layout::fingerprint_alone(&workbook.root, &chapter.name).ok();
    let target = Target::exercise(chapter);
    let built = cargo::build(&workbook.root, &target, way.colour, &way.stop, say)?;
    let without_a_run = match (built, objection) {
        (Built::Refused(errors), _) => Err(Verdict::Refused(errors)),
        (_, Some(objection)) => Err(Verdict::Unjudged(objection)),
        (Built::Ready { executable, warnings }, None) => Ok((executable, warnings)),
    };
    let (executable, warnings) = match without_a_run {
        Ok(ready) => ready,
        Err(verdict) => {
            let (solved, steps) = (false, Vec::new());
            return Ok(Checked { verdict, edited, solved, steps, hash, exercise });
        }
    };
    let question = Question {
        executable: &executable,
        root: &workbook.root,
        prefix: "tests::",
        suite: recorded.as_ref().map(|known| known.tests.as_slice()),
        seeds: None,
        limits: way.limits,
    };
    let mut run = judge::ask(&question, &way.stop)?;
    let mut raced = false;
    let core = chapter.core.iter().all(|step| run.passes(*step));
    // Why not of the other steps: what is not written has nothing to race with.
    let is_asked =
        |test: &str| libtest::step(test).is_some_and(|step| run.passes(step));
    if core
        && run.trouble.is_none()
        && let Some(races) = races::races(&question, is_asked, &way.stop, say)?
    {
        run = run.with(races);
        raced = true;
    }
    let passes =
        |step: &usize| run.passes(*step) && !is_blamed(&run, chapter, *step);
    let steps: Vec<_> = chapter.steps().filter(passes).collect();
    let core = chapter.core.iter().all(|step| steps.contains(step));
    let solved = core && run.trouble.is_none() && edited.is_empty();
    let verdict = Verdict::Ran { run, raced, warnings };
    Ok(Checked { verdict, edited, solved, steps, hash, exercise })
}

/// Whether a test of another step says that the rule of this one is broken, as a scene does that needs no more rules.
fn is_blamed(run: &Run, chapter: &Chapter, step: usize) -> bool {
    let code = format!("{}.{step}", chapter.name);
    let failing = run.tests.iter().filter(|test| !test.passed);
    failing.filter_map(|test| test.record.as_ref()).any(|record| record.rule == code)
}

/// The texts of a suite.
fn suite(workbook: &Workbook, chapter: &Chapter) -> Result<Vec<String>, Error> {
    let what = format!("cannot read the suite of {}", chapter.name);
    let files = layout::suite(&workbook.root, &chapter.name);
    let files = files.map_err(Error::io(what))?;
    files.iter().map(|file| workbook.read(file)).collect()
}

/// The hash of what a check of this chapter depends on.
///
/// # Errors
///
/// One of the files cannot be read.
pub fn fingerprint(workbook: &Workbook, chapter: &Chapter) -> Result<u64, Error> {
    layout::fingerprint(&workbook.root, &chapter.name)
        .map_err(Error::io(format!("cannot read the files of {}", chapter.name)))
}

/// What the last check of a chapter found, when nothing has changed since.
pub fn known<'a>(
    workbook: &Workbook,
    chapter: &Chapter,
    progress: &'a Progress,
) -> Option<&'a Line> {
    let line = progress.get(&chapter.name)?;
    (fingerprint(workbook, chapter).ok()? == line.hash).then_some(line)
}

/// Whether a chapter was solved at its last check and only the workbook has changed since.
pub fn to_be_checked_again(
    workbook: &Workbook,
    chapter: &Chapter,
    progress: &Progress,
) -> bool {
    let alone = layout::fingerprint_alone(&workbook.root, &chapter.name).ok();
    let solved = progress.get(&chapter.name).filter(|line| line.solved);
    solved.is_some_and(|line| alone.is_some() && line.exercise == alone)
        && known(workbook, chapter, progress).is_none()
}

/// The chapters that are not known to be solved, in reading order: where `cargo run` looks for work.
pub fn not_known_solved<'a, 'b>(
    workbook: &'a Workbook,
    progress: &'b Progress,
) -> impl Iterator<Item = &'a Chapter> + use<'a, 'b> {
    workbook.chapters.iter().filter(move |chapter| {
        !known(workbook, chapter, progress).is_some_and(|line| line.solved)
    })
}
