//! The whole gate for some chapters: texts, builds, runs, signatures, clippy.

use std::path::PathBuf;

use super::{
    Finding, Material, chapter_text, doors, ladder,
    runs::{self, Binaries, Runs},
    table::Row,
};
use crate::{
    Chapter, Error, Workbook,
    cargo::{self, Built, Target},
    process::{self, Ending, Limits, Stop},
    signatures::{self, ChapterSignatures, FILE, Signatures},
};

/// What to do besides looking.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Rewrite `mistakes/signatures.json`.
    pub bless: bool,
    /// Ask that every exercise is untouched.
    pub pristine: bool,
    /// Leave clippy out: for the tests of the gate itself.
    pub without_clippy: bool,
}

/// What the gate found.
#[derive(Debug, Default)]
pub struct Verdict {
    /// One row per chapter whose runs were made.
    pub rows: Vec<Row>,
    /// Everything to mend.
    pub findings: Vec<Finding>,
}

impl Verdict {
    /// The same with one finding more.
    fn and(mut self, finding: Finding) -> Self {
        self.findings.push(finding);
        self
    }
}

/// Runs the gate for `chapters`. `say` hears what is being done.
///
/// # Errors
///
/// Cargo cannot be started, a stop was requested, or the signatures cannot be read or written.
pub fn verify(
    workbook: &Workbook,
    chapters: &[&Chapter],
    options: Options,
    stop: &Stop,
    say: &mut dyn FnMut(&str),
) -> Result<Verdict, Error> {
    let mut signatures = recorded(workbook, options)?;
    let mut verdict = Verdict::default();
    if chapters.len() == workbook.chapters.len() {
        verdict.findings = around(workbook, &signatures);
    }
    say("building the answer key");
    let solutions = match build(workbook, Target::exercise("solutions"), stop)? {
        Ok(executable) => executable,
        Err(words) => return Ok(verdict.and(Finding::new("solutions", words))),
    };
    for chapter in chapters {
        say(&format!("{}: reading, building and running", chapter.name));
        let one =
            whole(workbook, chapter, &solutions, &mut signatures, options, stop)?;
        verdict.rows.extend(one.rows);
        verdict.findings.extend(one.findings);
    }
    if options.bless {
        signatures::write(workbook, &signatures)?;
    }
    if !options.without_clippy {
        say("clippy on the answer key");
        verdict.findings.extend(clippy(workbook, stop)?);
    }
    Ok(verdict)
}

/// What is recorded; a blessing forgets the chapters that are gone.
fn recorded(workbook: &Workbook, options: Options) -> Result<Signatures, Error> {
    let mut recorded = signatures::read(workbook)?;
    if options.bless {
        recorded.retain(|name, _| workbook.chapter(name).is_ok());
    }
    Ok(recorded)
}

/// What belongs to no single chapter.
fn around(workbook: &Workbook, recorded: &Signatures) -> Vec<Finding> {
    let mut findings = doors::list(workbook);
    findings.extend(doors::status_is_last(workbook));
    findings.extend(doors::strangers(workbook, recorded));
    findings
}

/// One chapter: its texts, then its runs.
fn whole(
    workbook: &Workbook,
    chapter: &Chapter,
    solutions: &std::path::Path,
    recorded: &mut Signatures,
    options: Options,
    stop: &Stop,
) -> Result<Verdict, Error> {
    let mut verdict = Verdict::default();
    if options.pristine {
        verdict.findings.extend(untouched(workbook, chapter));
    }
    let texts = chapter_text(workbook, chapter);
    let options = Options { bless: options.bless && texts.is_empty(), ..options };
    verdict.findings.extend(texts);
    // Why not with a `mod` line missing: what is not compiled would be found twice more.
    if let Ok(material) = Material::read(workbook, chapter)
        && doors::modules(&material).is_empty()
    {
        let runs = run(&material, solutions, recorded, options, stop)?;
        verdict.rows.extend(runs.rows);
        verdict.findings.extend(runs.findings);
    }
    Ok(verdict)
}

/// The runs of one chapter and what they show.
fn run(
    material: &Material<'_>,
    solutions: &std::path::Path,
    recorded: &mut Signatures,
    options: Options,
    stop: &Stop,
) -> Result<Verdict, Error> {
    let name = &material.chapter.name;
    let mut verdict = Verdict::default();
    let built = build(material.workbook, Target::mistakes(name), stop)?;
    let wrong = match built {
        Ok(executable) => executable,
        Err(words) => {
            let finding = Finding::new(material.chapter.mistakes(), words);
            return Ok(verdict.and(finding));
        }
    };
    let binaries = Binaries { wrong: &wrong, right: solutions };
    let runs = runs::all(material, binaries, stop)?;
    verdict.findings = runs.findings(material);
    let fresh = ChapterSignatures {
        tests: material.suite.paths(),
        mistakes: runs.signatures(material),
    };
    verdict.findings.extend(ladder::together(material, &fresh.mistakes));
    if options.bless && verdict.findings.is_empty() {
        recorded.insert(name.clone(), fresh);
    } else {
        verdict.findings.extend(stale(name, recorded.get(name), &fresh));
    }
    verdict.rows.push(row(material, &runs));
    Ok(verdict)
}

fn row(material: &Material<'_>, runs: &Runs) -> Row {
    let all = runs.mistakes.iter().chain(&runs.lazy).chain(&runs.answers);
    Row {
        chapter: material.chapter.name.clone(),
        rules: material.rules.len(),
        tests: material.suite.tests.len(),
        right: material.answers.len(),
        mistakes: material.mistakes.len(),
        lazy: material.lazy.len(),
        slowest: all.map(|run| run.took).max().unwrap_or_default(),
    }
}

/// A recorded signature that no longer holds.
fn stale(
    name: &str,
    recorded: Option<&ChapterSignatures>,
    fresh: &ChapterSignatures,
) -> Vec<Finding> {
    let bless = format!(
        "`cargo run -- verify {name} --bless` records it, once nothing else is to mend"
    );
    let Some(recorded) = recorded else {
        let sentence = format!("nothing is recorded for `{name}`; {bless}");
        return vec![Finding::new(FILE, sentence)];
    };
    let mut changes: Vec<String> = Vec::new();
    if recorded.tests != fresh.tests {
        changes.push("the suite has other tests".to_owned());
    }
    let names = recorded.mistakes.keys().chain(fresh.mistakes.keys());
    for mistake in names.collect::<std::collections::BTreeSet<_>>() {
        let (old, new) =
            (recorded.mistakes.get(mistake), fresh.mistakes.get(mistake));
        match (old, new) {
            (None, _) => changes.push(format!("`{mistake}` is new")),
            (_, None) => changes.push(format!("`{mistake}` is gone")),
            _ if old != new => changes.push(format!("`{mistake}` fails otherwise")),
            _ => {}
        }
    }
    if changes.is_empty() {
        return Vec::new();
    }
    let sentence = format!(
        "not what is recorded for `{name}`: {}; look whether that is meant, then {bless}",
        changes.join(", ")
    );
    vec![Finding::new(FILE, sentence)]
}

/// With `--pristine`: the desk is as a fresh clone has it.
fn untouched(workbook: &Workbook, chapter: &Chapter) -> Option<Finding> {
    let desk = workbook.read(&chapter.exercise()).ok()?;
    let pristine = chapter.pristine(workbook).ok()?;
    let sentence =
        format!("differs from {} (but for the path of the suite)", chapter.stub());
    (desk != pristine).then(|| Finding::new(chapter.exercise(), sentence))
}

/// Builds a target; rustc's words when it does not compile.
fn build(
    workbook: &Workbook,
    target: Target<'_>,
    stop: &Stop,
) -> Result<Result<PathBuf, String>, Error> {
    let built = cargo::build(&workbook.root, target, false, stop, &mut |_| {})?;
    Ok(match built {
        Built::Ready { executable, .. } => Ok(executable),
        Built::Refused(errors) => {
            Err(format!("does not compile:\n\n{}", errors.join("\n")))
        }
    })
}

/// Clippy on every right answer; it finds what a reader would copy.
fn clippy(workbook: &Workbook, stop: &Stop) -> Result<Option<Finding>, Error> {
    let mut command = cargo::command(&workbook.root);
    command.args([
        "clippy",
        "--quiet",
        "--test",
        "solutions",
        "--",
        "-D",
        "warnings",
    ]);
    let finished = process::run(&mut command, Limits::BUILD, stop, &mut |_, _| {})?;
    if finished.ending == Ending::Exited(0) {
        return Ok(None);
    }
    let words = finished.stderr.text.trim();
    let sentence = match words.contains("no such command") {
        true => "clippy is not installed: `rustup component add clippy`".to_owned(),
        false => format!("clippy has something to say:\n\n{words}"),
    };
    Ok(Some(Finding::new("solutions", sentence)))
}
