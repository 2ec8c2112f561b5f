//! One name, five doors: every file of a chapter exists, is named alike, and is compiled.

use toml::{Table, Value};

use runner::{Chapter, Workbook, workbook::stem};

use crate::{Finding, Material, rust};

/// The five doors, and the untouched exercise behind the fifth.
pub fn doors(workbook: &Workbook, chapter: &Chapter) -> Vec<Finding> {
    [
        (chapter.page(), "the page of the chapter is missing"),
        (chapter.exercise(), "the exercise is missing"),
        (chapter.suite(), "the suite is missing"),
        (chapter.solution(), "the reference solution is missing"),
        (chapter.stub(), "the untouched exercise is missing"),
    ]
    .into_iter()
    .filter(|(file, _)| !workbook.root.join(file).is_file())
    .map(|(file, sentence)| Finding::new(file, sentence))
    .collect()
}

/// `workbook.toml` itself: names are unique, `needs` come earlier.
pub fn list(workbook: &Workbook) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, chapter) in workbook.chapters.iter().enumerate() {
        let earlier: Vec<_> = workbook.names().take(at).collect();
        if earlier.contains(&chapter.name.as_str()) {
            let sentence = format!("the chapter `{}` is listed twice", chapter.name);
            findings.push(Finding::new("workbook.toml", sentence));
        }
        for need in &chapter.needs {
            if !earlier.contains(&need.as_str()) {
                let sentence = format!(
                    "`{}` needs `{need}`, which does not come before it",
                    chapter.name
                );
                findings.push(Finding::new("workbook.toml", sentence));
            }
        }
        for minutes in [chapter.talk, chapter.work, chapter.review] {
            if minutes[0] > minutes[1] {
                let sentence = format!(
                    "`{}` takes at least {} and at most {} minutes",
                    chapter.name, minutes[0], minutes[1]
                );
                findings.push(Finding::new("workbook.toml", sentence));
            }
        }
    }
    findings
}

/// The target that says how far the learner is must be the last that plain `cargo test` runs, and cargo
/// runs the targets of a package sorted by name.
pub fn status_is_last(workbook: &Workbook) -> Option<Finding> {
    let manifest = workbook.read("Cargo.toml").ok()?.parse::<Table>().ok()?;
    let tests = manifest.get("test").and_then(Value::as_array)?;
    let runs =
        |test: &&Value| test.get("test").and_then(Value::as_bool) != Some(false);
    let names =
        tests.iter().filter(runs).filter_map(|test| test.get("name")?.as_str());
    let last = names.max();
    let sentence = format!(
        "`status` must be the last test target by name; {} comes after it, or it is missing",
        last.unwrap_or("nothing")
    );
    (last != Some("status")).then(|| Finding::new("Cargo.toml", sentence))
}

/// Files and folders that belong to no chapter.
pub fn strangers(workbook: &Workbook) -> Vec<Finding> {
    let known: Vec<_> = workbook.names().collect();
    let files = ["exercises", "tests", "solutions"];
    let files = files.iter().flat_map(|folder| workbook.sources(folder));
    let folders = ["mistakes", "solutions"];
    let folders = folders.iter().flat_map(|folder| workbook.folders(folder));
    files
        .chain(folders)
        .filter(|file| !known.contains(&stem(file)))
        .map(|file| Finding::new(file, "no chapter in workbook.toml has this name"))
        .collect()
}

/// A file below `tests/NAME` that brings one of the other right answers brings all of them.
pub fn all_answers_are_asked(material: &Material<'_>) -> Vec<Finding> {
    let name = &material.chapter.name;
    let folder = format!("../../solutions/{name}/");
    let mut findings = vec![];
    for file in material.workbook.sources(&format!("tests/{name}")) {
        let text = material.workbook.read(&file).unwrap_or_default();
        if !text.contains(&folder) {
            continue;
        }
        let others = material.answers.iter().skip(1);
        let missing =
            others.filter(|it| !text.contains(&format!("{folder}{}.rs", it.name)));
        findings.extend(missing.map(|it| {
            let sentence =
                format!("brings other right answers, and not {}", it.file);
            Finding::new(file.clone(), sentence)
        }));
    }
    findings
}

/// `crate::` means something else in each of the places where these files are compiled.
pub fn no_crate_paths(material: &Material<'_>) -> Vec<Finding> {
    let sources = material.sources();
    let found = sources.filter_map(|source| {
        let line = rust::crate_path(source.tokens())?;
        let sentence = format!(
            "line {line} says `crate::`, but this file is compiled in several places; say `self::` or \
             `super::`"
        );
        Some(Finding::new(source.file.clone(), sentence))
    });
    found.collect()
}
