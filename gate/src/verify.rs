//! The whole gate for some chapters: texts, builds, runs, signatures, clippy.

use std::collections::BTreeSet;

use runner::{
    Chapter, Error, Workbook, cargo,
    process::{self, Ending, Limits, Stop},
    signatures::{self, Signatures},
    target::Target,
};

use crate::{
    Finding, Material,
    answers::{self, Answers, Binaries},
    chance, format, keys, ladder, lists, made, sheet,
    table::Row,
    text,
};

/// What to do besides looking.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Write the computed lists, and record anew how each mistake fails.
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

/// Runs the gate for `chapters`. `say` hears what is being done.
///
/// # Errors
///
/// Cargo cannot be started, a stop was requested, or what is recorded cannot be read or written.
pub fn verify(
    workbook: &Workbook,
    chapters: &[&Chapter],
    options: Options,
    stop: &Stop,
    say: &mut dyn FnMut(&str),
) -> Result<Verdict, Error> {
    if options.bless {
        lists::write(workbook)?;
    }
    let mut verdict = Verdict::default();
    if chapters.len() == workbook.chapters.len() {
        verdict.findings = text::around(workbook);
    }
    for chapter in chapters {
        say(&format!("{}: reading, building and running", chapter.name));
        let one = whole(workbook, chapter, options, stop)?;
        verdict.rows.extend(one.rows);
        verdict.findings.extend(one.findings);
    }
    if !options.without_clippy {
        say("clippy on the answer keys");
        verdict.findings.extend(clippy(workbook, chapters, stop)?);
    }
    Ok(verdict)
}

/// One chapter: its texts, then its runs.
fn whole(
    workbook: &Workbook,
    chapter: &Chapter,
    options: Options,
    stop: &Stop,
) -> Result<Verdict, Error> {
    let mut verdict = Verdict::default();
    if options.pristine {
        verdict.findings.extend(untouched(workbook, chapter));
    }
    let texts = text::of_chapter(workbook, chapter);
    let options = Options { bless: options.bless && texts.is_empty(), ..options };
    verdict.findings.extend(texts);
    if let Ok(material) = Material::read(workbook, chapter) {
        let runs = run(&material, options, stop)?;
        verdict.rows.extend(runs.rows);
        verdict.findings.extend(runs.findings);
    }
    Ok(verdict)
}

/// The runs of one chapter and what they show.
fn run(
    material: &Material<'_>,
    options: Options,
    stop: &Stop,
) -> Result<Verdict, Error> {
    let (workbook, chapter) = (material.workbook, material.chapter);
    let mut verdict = Verdict::default();
    let right = keys::build(workbook, &Target::answer_key(chapter), stop)?;
    let made = made::make(material, stop)?;
    verdict.findings = made.findings;
    let (right, wrong) = match (right, made.executable) {
        (Ok(right), Some(wrong)) => (right, wrong),
        (right, _) => {
            let words = right.err().into_iter();
            let finding = |words| Finding::new(chapter.answers(), words);
            verdict.findings.extend(words.map(finding));
            return Ok(verdict);
        }
    };
    verdict.findings.extend(format::formatted(material, &made.without)?);
    let binaries = Binaries { wrong: &wrong, right: &right };
    let runs = answers::ask(material, binaries, &made.without, stop)?;
    verdict.findings.extend(runs.findings(material));
    verdict.findings.extend(sheet::demo(material, &runs));
    let recorded = signatures::read(workbook, chapter)?;
    let fresh = Signatures {
        tests: material.suite.paths(),
        mistakes: runs.signatures(material),
    };
    let fresh = chance::settled(fresh, recorded.as_ref());
    verdict.findings.extend(ladder::together(material, &fresh.mistakes));
    if options.bless && verdict.findings.is_empty() {
        signatures::write(workbook, chapter, &fresh)?;
    } else {
        verdict.findings.extend(stale(chapter, recorded, &fresh, &made.without));
    }
    verdict.rows.push(row(material, &runs));
    Ok(verdict)
}

fn row(material: &Material<'_>, runs: &Answers) -> Row {
    let all = runs.mistakes.values().chain(&runs.lazy).chain(&runs.right);
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
    chapter: &Chapter,
    recorded: Option<Signatures>,
    fresh: &Signatures,
    without: &[String],
) -> Vec<Finding> {
    let name = &chapter.name;
    let bless = format!(
        "`cargo run -- verify {name} --bless` records it, once nothing else is to mend"
    );
    let Some(recorded) = recorded else {
        let sentence = format!("nothing is recorded for `{name}`; {bless}");
        return vec![Finding::new(chapter.signatures(), sentence)];
    };
    let mut changes: Vec<String> = Vec::new();
    if recorded.tests != fresh.tests {
        changes.push("the suite has other tests".to_owned());
    }
    let names = recorded.mistakes.keys().chain(fresh.mistakes.keys());
    for mistake in names.collect::<BTreeSet<_>>() {
        let (old, new) =
            (recorded.mistakes.get(mistake), fresh.mistakes.get(mistake));
        match (old, new) {
            _ if without.contains(mistake) => {}
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
    vec![Finding::new(chapter.signatures(), sentence)]
}

/// With `--pristine`: the desk is as a fresh clone has it.
fn untouched(workbook: &Workbook, chapter: &Chapter) -> Option<Finding> {
    let desk = workbook.read(&chapter.exercise()).ok()?;
    let pristine = chapter.pristine(workbook).ok()?;
    let sentence =
        format!("differs from {} (but for the path of the suite)", chapter.stub());
    (desk != pristine).then(|| Finding::new(chapter.exercise(), sentence))
}

/// Clippy on every right answer; it finds what a reader would copy.
fn clippy(
    workbook: &Workbook,
    chapters: &[&Chapter],
    stop: &Stop,
) -> Result<Option<Finding>, Error> {
    let mut command = cargo::command(&workbook.root);
    command.args(["clippy", "--quiet", "--keep-going"]);
    for chapter in chapters {
        command.args(["--test", &chapter.answer_key()]);
    }
    command.args(["--", "-D", "warnings"]);
    let finished = process::run(&mut command, Limits::BUILD, stop, &mut |_, _| {})?;
    if finished.ending == Ending::Exited(0) {
        return Ok(None);
    }
    let words = finished.stderr.text.trim();
    let sentence = if words.contains("no such command") {
        "clippy is not installed: `rustup component add clippy`".to_owned()
    } else {
        format!("clippy has something to say:\n\n{words}")
    };
    Ok(Some(Finding::new("solutions", sentence)))
}
