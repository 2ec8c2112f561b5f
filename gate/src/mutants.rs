//! A mutation run over the solution of a chapter.
//!
//! cargo-mutants changes library code only, and the solutions are test targets. So the run works on a
//! scratch copy in which the instruments and the fakes are packages as here, and the solution, with its
//! suite, is the library of another. A run that mutates nothing would look like a perfect one: it counts.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use runner::{
    Chapter, Error, Workbook, cargo, layout,
    process::{self, Ending, Limits, Stop},
    text,
};
use serde::Deserialize;
use toml::{Table, Value};

use crate::{Finding, copy, lists, rust};

/// The packages that answers and suites use, with what each keeps of its manifest: its library. First the root,
/// which keeps what it says of the workspace.
const LIBRARIES: [&str; 6] =
    ["", "record", "tests/fakes", "tests/fakes_net", "tests/kit", "tests/models"];

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
    let what = "cannot make a folder for temporary files";
    let folder = tempfile::tempdir().map_err(Error::io(what))?;
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

/// The scratch copy: the libraries as they are here, and the solution as the library of `answers`.
fn prepare(workbook: &Workbook, chapter: &Chapter, to: &Path) -> Result<(), Error> {
    let there = |folder: &&&str| workbook.root.join(folder).is_dir();
    for folder in LIBRARIES[1..].iter().filter(there) {
        copy::copy(&workbook.root.join(folder), &to.join(folder))?;
    }
    for chapter in &workbook.chapters {
        let model = layout::model(&workbook.root, &chapter.name);
        for file in model.map_err(Error::io("cannot read a model"))? {
            text::write(&to.join(&file), &workbook.read(&file)?)?;
        }
    }
    let answers = to.join("answers");
    let suite = layout::suite(&workbook.root, &chapter.name);
    let mut files = suite.map_err(Error::io("cannot read the suite"))?;
    files.push(chapter.solution());
    for file in files {
        text::write(&answers.join(&file), &workbook.read(&file)?)?;
    }
    fs::copy(workbook.root.join("Cargo.lock"), to.join("Cargo.lock"))
        .map_err(Error::io("cannot copy Cargo.lock"))?;
    for folder in LIBRARIES {
        library(workbook, folder, to)?;
    }
    let manifest = manifest(workbook, chapter)?;
    text::write(&answers.join("Cargo.toml"), &manifest.to_string())
}

/// The manifest of a package without its tests. Nothing is left of a package that has only tests.
fn library(workbook: &Workbook, folder: &str, to: &Path) -> Result<(), Error> {
    let file = Path::new(folder).join("Cargo.toml");
    if !workbook.root.join(&file).is_file() {
        return Ok(());
    }
    let name = file.to_string_lossy();
    let text = workbook.read(&name)?;
    let mut manifest: Table = text.parse().map_err(|source: toml::de::Error| {
        Error::Unreadable { file: name.into_owned(), source: source.into() }
    })?;
    manifest.remove("test");
    manifest.remove("dev-dependencies");
    if !manifest.contains_key("lib") {
        manifest.remove("package");
        manifest.remove("lints");
    }
    if let Some(Value::Table(table)) = manifest.get_mut("workspace") {
        let there = |folder: &&str| workbook.root.join(folder).is_dir();
        let members = LIBRARIES[1..].iter().copied().filter(there);
        let members = members.chain(["answers"]);
        let members = members.map(|m| Value::String(m.to_owned())).collect();
        table.insert("members".to_owned(), Value::Array(members));
        table.remove("default-members");
    }
    text::write(&to.join(&file), &manifest.to_string())
}

/// The manifest of the solution.
fn manifest(workbook: &Workbook, chapter: &Chapter) -> Result<Table, Error> {
    let workspace =
        || Value::Table(Table::from_iter([("workspace".to_owned(), true.into())]));
    let needed = lists::dependencies(workbook, chapter.package())
        .map_err(|finding| Error::Broken(finding.to_string()))?;
    let needed: Table = needed.into_iter().map(|name| (name, workspace())).collect();
    let package = Table::from_iter([
        ("name".to_owned(), "answers".into()),
        ("version".to_owned(), "0.0.0".into()),
        ("edition".to_owned(), workspace()),
        ("autotests".to_owned(), false.into()),
    ]);
    let library = Table::from_iter([
        ("path".to_owned(), chapter.solution().into()),
        ("doctest".to_owned(), false.into()),
    ]);
    Ok(Table::from_iter([
        ("package".to_owned(), package.into()),
        ("lib".to_owned(), library.into()),
        ("dependencies".to_owned(), needed.into()),
    ]))
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
    let file = chapter.solution();
    let functions = rust::functions(&rust::parse(&file, &workbook.read(&file)?)?);
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
