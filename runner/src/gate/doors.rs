//! One name, five doors: every file of a chapter exists, is named alike, and is compiled.

use toml::{Table, Value};

use super::{Finding, Material, material::ANSWER_KEY};
use crate::{Chapter, Workbook, rust, signatures::Signatures};

/// The five doors, and the untouched exercise behind the fifth.
pub fn doors(workbook: &Workbook, chapter: &Chapter) -> Vec<Finding> {
    let main = format!("{}/main.rs", chapter.mistakes());
    [
        (chapter.page(), "the page of the chapter is missing"),
        (chapter.exercise(), "the exercise is missing"),
        (chapter.suite(), "the suite is missing"),
        (chapter.solution(), "the reference solution is missing"),
        (main, "the list of wrong answers is missing"),
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

/// Files and signatures that belong to no chapter.
pub fn strangers(workbook: &Workbook, recorded: &Signatures) -> Vec<Finding> {
    let known: Vec<_> = workbook.names().collect();
    let unknown = recorded.keys().filter(|name| !known.contains(&name.as_str()));
    let mut findings: Vec<_> = unknown
        .map(|name| {
            let sentence =
                format!("`{name}` is no chapter; bless the signatures anew");
            Finding::new(crate::signatures::FILE, sentence)
        })
        .collect();
    let folders = ["exercises", "tests", "solutions"];
    let spared = ["main", "answer_key"];
    for file in folders.iter().flat_map(|folder| workbook.sources(folder)) {
        let stem = crate::workbook::stem(&file);
        if !known.contains(&stem) && !spared.contains(&stem) {
            let sentence = "no chapter in workbook.toml has this name";
            findings.push(Finding::new(file, sentence));
        }
    }
    findings
}

/// The targets in both manifests.
pub fn targets(material: &Material<'_>) -> Vec<Finding> {
    let name = &material.chapter.name;
    [
        ("Cargo.toml", material.chapter.exercise()),
        ("mistakes/Cargo.toml", format!("{name}/main.rs")),
    ]
    .into_iter()
    .filter(|(manifest, path)| !has_target(material.workbook, manifest, name, path))
    .map(|(manifest, path)| {
        let sentence = format!(
            "a target is missing: [[test]] with name = \"{name}\", path = \"{path}\", test = false"
        );
        Finding::new(manifest, sentence)
    })
    .collect()
}

fn has_target(workbook: &Workbook, manifest: &str, name: &str, path: &str) -> bool {
    let Some(table) =
        workbook.read(manifest).ok().and_then(|text| text.parse::<Table>().ok())
    else {
        return false;
    };
    let is = |target: &Value| {
        target.get("name").and_then(Value::as_str) == Some(name)
            && target.get("path").and_then(Value::as_str) == Some(path)
            && target.get("test").and_then(Value::as_bool) == Some(false)
    };
    let tests = table.get("test").and_then(Value::as_array);
    tests.is_some_and(|tests| tests.iter().any(is))
}

/// Every right and wrong answer is compiled.
pub fn modules(material: &Material<'_>) -> Vec<Finding> {
    let main = format!("{}/main.rs", material.chapter.mistakes());
    let wrong = material
        .mistakes
        .iter()
        .chain(&material.lazy)
        .chain([&material.stub])
        .map(|source| (source, main.as_str()));
    let right = material.answers.iter().map(|source| (source, ANSWER_KEY));
    wrong
        .chain(right)
        .filter(|(source, _)| material.module(source).is_none())
        .map(|(source, list)| {
            let sentence = format!("no `mod` line names {}", source.file);
            Finding::new(list, sentence)
        })
        .collect()
}

/// `crate::` means something else in each of the places where these files are compiled.
pub fn no_crate_paths(material: &Material<'_>) -> Vec<Finding> {
    let sources = material.answers.iter().chain(&material.mistakes);
    let sources = sources.chain(&material.lazy).chain([&material.stub]);
    let mut findings = Vec::new();
    for source in sources {
        let tokens = rust::tokens(&source.text);
        let path =
            tokens.windows(2).find(|pair| pair[0].word("crate") && pair[1].is(":"));
        if let Some(pair) = path {
            let sentence = format!(
                "line {} says `crate::`, but this file is compiled in several places; \
                 say `self::` or `super::`",
                pair[0].line
            );
            findings.push(Finding::new(source.file.clone(), sentence));
        }
    }
    findings
}
