//! A mutation run over the solution of a chapter.
//!
//! cargo-mutants changes library code only, and the solutions are test targets. So the run works on a
//! scratch copy in which the kit is one package and the solution, with its suite, is the library of
//! another. A run that mutates nothing would look like a perfect one: it counts.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use toml::{Table, Value};

use super::Finding;
use crate::{
    Chapter, Error, Workbook, cargo,
    process::{self, Ending, Limits, Stop},
    rust,
    scratch::{self, Scratch},
    text,
};

/// What a mutation run found.
#[derive(Debug)]
pub struct Mutation {
    /// How many mutants there were.
    pub listed: usize,
    /// Caught ones.
    pub caught: usize,
    /// Those that do not compile.
    pub unviable: usize,
    /// Those that `equivalent.toml` excuses.
    pub excused: usize,
    /// What to mend.
    pub findings: Vec<Finding>,
}

/// Mutants that change nothing anybody could observe, with the reason for each.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Excuses {
    #[serde(default)]
    mutant: Vec<Excuse>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Excuse {
    /// What cargo-mutants prints, without file and position.
    name: String,
    reason: String,
}

/// Mutates the solution of a chapter.
///
/// # Errors
///
/// cargo-mutants is not installed or cannot run, or the scratch copy cannot be made.
pub fn mutate(
    workbook: &Workbook,
    chapter: &Chapter,
    stop: &Stop,
    say: &mut dyn FnMut(&str),
) -> Result<Mutation, Error> {
    installed(workbook, stop)?;
    let folder = Scratch::new()?;
    prepare(workbook, chapter, folder.path())?;
    say("running cargo-mutants on a scratch copy");
    let mut command = cargo::command(folder.path());
    command
        .args(["mutants", "--in-place", "--package", "answers", "--no-shuffle"])
        .args(["--colors=never", "--timeout=60", "--minimum-test-timeout=20"])
        .env("CARGO_TARGET_DIR", target(workbook));
    let finished = process::run(&mut command, Limits::BUILD, stop, &mut |_, _| {})?;
    let out = folder.path().join("mutants.out");
    // 0: all caught, 2: some missed, 3: some timed out.
    if !matches!(finished.ending, Ending::Exited(0 | 2 | 3)) || !out.is_dir() {
        return Err(Error::Broken(format!(
            "cargo-mutants could not do its work:\n\n{}\n{}",
            finished.stdout.text.trim(),
            finished.stderr.text.trim()
        )));
    }
    judge(workbook, chapter, &out)
}

fn installed(workbook: &Workbook, stop: &Stop) -> Result<(), Error> {
    let mut command = cargo::command(&workbook.root);
    command.args(["mutants", "--version"]);
    let finished = process::run(&mut command, Limits::BUILD, stop, &mut |_, _| {})?;
    match finished.ending {
        Ending::Exited(0) => Ok(()),
        _ => Err(Error::Broken(
            "cargo-mutants is not installed: `cargo install cargo-mutants --locked`"
                .to_owned(),
        )),
    }
}

/// The workbook's own target folder: the dependencies are built there already.
fn target(workbook: &Workbook) -> PathBuf {
    let outer = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    outer.unwrap_or_else(|| workbook.root.join("target"))
}

/// The scratch copy: the kit as the root package, what it and a suite need beside it, and the solution
/// as the library of `answers`.
fn prepare(workbook: &Workbook, chapter: &Chapter, to: &Path) -> Result<(), Error> {
    for folder in ["record", "tests/fakes", "tests/kit"] {
        scratch::copy(&workbook.root.join(folder), &to.join(folder))?;
    }
    for file in [chapter.solution(), chapter.suite()] {
        let copy = to.join("answers").join(&file);
        text::write(&copy, &workbook.read(&file)?)?;
    }
    // What the scenarios of a long suite have in common lies in a folder beside it.
    let common = format!("tests/{}", chapter.name);
    if workbook.root.join(&common).is_dir() {
        let copy = to.join("answers").join(&common);
        scratch::copy(&workbook.root.join(&common), &copy)?;
    }
    fs::copy(workbook.root.join("Cargo.lock"), to.join("Cargo.lock"))
        .map_err(Error::io("cannot copy Cargo.lock"))?;
    let unreadable = |source: toml::de::Error| Error::Unreadable {
        file: "Cargo.toml".to_owned(),
        source: source.into(),
    };
    let mut root: Table =
        workbook.read("Cargo.toml")?.parse().map_err(unreadable)?;
    let answers = answers(&mut root, chapter);
    text::write(&to.join("Cargo.toml"), &root.to_string())?;
    text::write(&to.join("answers/Cargo.toml"), &answers.to_string())
}

/// Turns the workbook's manifest into that of the kit alone, and returns one for the solution.
fn answers(root: &mut Table, chapter: &Chapter) -> Table {
    let mut needed = Table::new();
    for section in ["dependencies", "dev-dependencies"] {
        if let Some(Value::Table(table)) = root.get(section) {
            needed.extend(table.clone());
        }
    }
    let workspace = |key: &str| {
        let mut table = Table::new();
        table.insert(key.to_owned(), Value::Boolean(true));
        Value::Table(table)
    };
    needed.insert("kit".to_owned(), workspace("workspace"));
    root.remove("test");
    root.remove("dev-dependencies");
    if let Some(Value::Table(table)) = root.get_mut("workspace") {
        let members = vec![Value::String("answers".to_owned())];
        table.insert("members".to_owned(), Value::Array(members));
        table.remove("default-members");
    }
    let mut package = Table::new();
    package.insert("name".to_owned(), Value::String("answers".to_owned()));
    package.insert("version".to_owned(), Value::String("0.0.0".to_owned()));
    package.insert("edition".to_owned(), workspace("workspace"));
    package.insert("autotests".to_owned(), Value::Boolean(false));
    let mut library = Table::new();
    library.insert("path".to_owned(), Value::String(chapter.solution()));
    library.insert("doctest".to_owned(), Value::Boolean(false));
    let mut manifest = Table::new();
    manifest.insert("package".to_owned(), Value::Table(package));
    manifest.insert("lib".to_owned(), Value::Table(library));
    manifest.insert("dependencies".to_owned(), Value::Table(needed));
    manifest
}

fn judge(
    workbook: &Workbook,
    chapter: &Chapter,
    out: &Path,
) -> Result<Mutation, Error> {
    let lines = |file: &str| -> Vec<String> {
        let text = fs::read_to_string(out.join(file)).unwrap_or_default();
        text.lines().map(|line| what(line).to_owned()).collect()
    };
    let (caught, unviable) = (lines("caught.txt"), lines("unviable.txt"));
    let (missed, late) = (lines("missed.txt"), lines("timeout.txt"));
    let mut excuses = excuses(workbook, chapter)?;
    let escaped = missed.iter().map(|name| (name, "is missed by the suite"));
    let late = late.iter().map(|name| (name, "hangs until the time limit"));
    let (excused, mut findings) =
        escapes(chapter, escaped.chain(late), &mut excuses);
    let listed = caught.len() + unviable.len() + excused + findings.len();
    for (name, _) in excuses.iter().filter(|(_, used)| !**used) {
        let sentence =
            format!("`{name}` needs no excuse any more; delete the entry");
        findings.push(Finding::new(excuse_file(chapter), sentence));
    }
    let functions = rust::functions(&workbook.read(&chapter.solution())?);
    if listed < functions {
        let sentence = format!(
            "cargo-mutants listed {listed} mutants for {functions} functions: it did not see them all"
        );
        findings.push(Finding::new(chapter.solution(), sentence));
    }
    Ok(Mutation {
        listed,
        caught: caught.len(),
        unviable: unviable.len(),
        excused,
        findings,
    })
}

/// The mutants that were not caught: how many are excused, and what to mend about the others.
fn escapes<'a>(
    chapter: &Chapter,
    escaped: impl Iterator<Item = (&'a String, &'a str)>,
    excuses: &mut BTreeMap<String, bool>,
) -> (usize, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut excused = 0;
    for (name, sentence) in escaped {
        if let Some(used) = excuses.get_mut(name) {
            *used = true;
            excused += 1;
        } else {
            let sentence = format!("the mutant `{name}` {sentence}");
            findings.push(Finding::new(chapter.solution(), sentence));
        }
    }
    (excused, findings)
}

/// `solutions/retries.rs:54:9: replace < with <=` without its file and position.
fn what(line: &str) -> &str {
    line.split_once(": ").map_or(line, |(_, what)| what)
}

fn excuse_file(chapter: &Chapter) -> String {
    format!("{}/equivalent.toml", chapter.mistakes())
}

/// The excused mutants, none of them used yet.
fn excuses(
    workbook: &Workbook,
    chapter: &Chapter,
) -> Result<BTreeMap<String, bool>, Error> {
    let file = excuse_file(chapter);
    let text = match workbook.read(&file) {
        Err(Error::Missing { .. }) => return Ok(BTreeMap::new()),
        other => other?,
    };
    let excuses: Excuses = toml::from_str(&text).map_err(|source| {
        Error::Unreadable { file: file.clone(), source: source.into() }
    })?;
    if let Some(excuse) = excuses.mutant.iter().find(|e| e.reason.trim().is_empty())
    {
        return Err(Error::Broken(format!(
            "{file}: `{}` is excused without a reason",
            excuse.name
        )));
    }
    Ok(excuses.mutant.into_iter().map(|e| (e.name, false)).collect())
}
