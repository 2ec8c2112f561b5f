//! The lists that name chapters, computed from `workbook.toml` and the folders: test targets, `mod` lines,
//! the wrong answers' packages, the table of contents, the hashes of what judges an exercise. The gate compares
//! them, a blessing writes them.

use std::fmt::Write;

use runner::{
    Chapter, Error, Workbook, layout, originals, text,
    workbook::{NETWORK, Package, WORKBOOK},
};
use toml::{Table, Value};

use crate::{Finding, contents, material::right_answers};

/// How the lists are written.
const BLESS: &str = "`cargo run -- verify --bless` writes it";

/// The table of contents.
const SUMMARY: &str = "book/src/SUMMARY.md";

/// A file that holds a computed list, with the text it should have.
struct Computed {
    file: String,
    text: String,
}

/// The lists that are not as computed.
pub fn stale(workbook: &Workbook) -> Vec<Finding> {
    let sentence = format!("is not what workbook.toml and the folders say; {BLESS}");
    match changed(workbook) {
        Err(finding) => vec![finding],
        Ok(lists) => {
            let finding = |list: Computed| Finding::new(list.file, sentence.clone());
            lists.into_iter().map(finding).collect()
        }
    }
}

/// Writes the lists that are not as computed.
///
/// # Errors
///
/// A file that holds one cannot be understood or written.
pub fn write(workbook: &Workbook) -> Result<(), Error> {
    // Why twice: one list has the hashes of others.
    for _ in 0..2 {
        let lists = changed(workbook)
            .map_err(|finding| Error::Broken(finding.to_string()))?;
        for list in lists {
            text::write(&workbook.root.join(&list.file), &list.text)?;
        }
    }
    Ok(())
}

/// The files whose list is not as computed. Line endings do not matter.
fn changed(workbook: &Workbook) -> Result<Vec<Computed>, Finding> {
    let mut lists = all(workbook)?;
    lists.retain(|list| {
        workbook.read(&list.file).ok().map(|text| text.replace("\r\n", "\n"))
            != Some(list.text.replace("\r\n", "\n"))
    });
    Ok(lists)
}

fn all(workbook: &Workbook) -> Result<Vec<Computed>, Finding> {
    let mut all = vec![];
    for package in [WORKBOOK, NETWORK] {
        let chapters: Vec<_> = workbook
            .chapters
            .iter()
            .filter(|chapter| chapter.package() == package)
            .collect();
        all.push(manifest(workbook, package, &chapters)?);
        let needed = dependencies(workbook, package)?;
        for chapter in chapters {
            all.push(answer_key(workbook, chapter));
            all.push(mistakes_manifest(chapter, package, &needed));
        }
    }
    all.extend(models(workbook)?);
    all.push(summary(workbook)?);
    all.push(originals(workbook)?);
    Ok(all)
}

/// The manifest of the exercises, with its computed parts.
fn manifest(
    workbook: &Workbook,
    package: Package,
    chapters: &[&Chapter],
) -> Result<Computed, Finding> {
    let file = package.manifest;
    let text = read(workbook, file)?;
    let up = "../".repeat(file.matches('/').count());
    let mut targets = String::new();
    for chapter in chapters {
        let (name, desk) = (&chapter.name, chapter.exercise());
        let (key, folder) = (chapter.answer_key(), chapter.answers());
        _ = write!(
            targets,
            "[[test]]\nname = \"{name}\"\npath = \"{up}{desk}\"\ntest = false\n\n\
             [[test]]\nname = \"{key}\"\npath = \"{up}{folder}/main.rs\"\n\n"
        );
    }
    let text = between(file, &text, "exercises", targets.trim_end())?;
    Ok(Computed { file: file.to_owned(), text })
}

/// `text` with `list` between the two comments that enclose the part called `name`.
fn between(
    file: &str,
    text: &str,
    name: &str,
    list: &str,
) -> Result<String, Finding> {
    let comment = if file.ends_with(".rs") { "//" } else { "#" };
    let start = format!("{comment} {name}: computed");
    let end = format!("{comment} end of {name}");
    let parted = text.split_once(&start).and_then(|(before, rest)| {
        let (line, rest) = rest.split_once('\n')?;
        let (_, after) = rest.split_once(&end)?;
        let list = if list.is_empty() { "" } else { &format!("{list}\n") };
        Some(format!("{before}{start}{line}\n{list}{end}{after}"))
    });
    parted.ok_or_else(|| {
        let sentence = format!(
            "there is no line `{start} …` with a line `{end}` below it, where a list belongs"
        );
        Finding::new(file, sentence)
    })
}

/// The answer key of a chapter: the `mod` lines of its right answers, sorted as rustfmt sorts them.
fn answer_key(workbook: &Workbook, chapter: &Chapter) -> Computed {
    let name = &chapter.name;
    let mut text = format!(
        "//! The suite of `{name}` against each of its right answers.\n\
         #![allow(clippy::duplicate_mod)] // each of them attaches the suite\n\n"
    );
    let mut answers = right_answers(workbook, chapter);
    answers.sort_by(|(_, one), (_, other)| one.cmp(other));
    for (file, module) in answers {
        if file == chapter.solution() {
            _ = writeln!(text, "#[path = \"../{name}.rs\"]");
        }
        _ = writeln!(text, "mod {module};");
    }
    let file = format!("{}/main.rs", chapter.answers());
    Computed { file, text: headed("//", &text) }
}

/// The library of the models, and the test that each has scenes good enough to judge by.
fn models(workbook: &Workbook) -> Result<[Computed; 2], Finding> {
    let (mut modules, mut tests) = (vec![], vec![]);
    for chapter in &workbook.chapters {
        let name = &chapter.name;
        let file = layout::model_file(name);
        if workbook.root.join(&file).is_file() {
            modules
                .push(format!("#[path = \"../{name}/model.rs\"]\npub mod {name};"));
            tests.push(format!(
                "#[test]\nfn {name}() {{\n    \
                 good_enough::<crate::{name}::{}>(\"{name}\");\n}}",
                in_camel_case(name)
            ));
        }
    }
    let computed = |file: &str, list: &[String]| {
        let text =
            between(file, &read(workbook, file)?, "models", &list.join("\n\n"))?;
        Ok(Computed { file: file.to_owned(), text })
    };
    Ok([
        computed("tests/models/lib.rs", &modules)?,
        computed("tests/models/tests.rs", &tests)?,
    ])
}

/// `task_tracker` as the name of a type.
fn in_camel_case(name: &str) -> String {
    let words = name.split('_').filter_map(|word| {
        let (first, rest) = word.split_at_checked(1)?;
        Some(first.to_uppercase() + rest)
    });
    words.collect()
}

/// The dependencies of a package of exercises: its wrong answers need the same, with the same features.
///
/// # Errors
///
/// Its manifest cannot be understood.
pub fn dependencies(
    workbook: &Workbook,
    package: Package,
) -> Result<Vec<String>, Finding> {
    let file = package.manifest;
    let manifest: Table = read(workbook, file)?.parse().map_err(|error| {
        Finding::new(file, format!("cannot be understood: {error}"))
    })?;
    let sections = ["dependencies", "dev-dependencies"];
    let tables = sections.iter().filter_map(|section| manifest.get(*section));
    let tables = tables.filter_map(Value::as_table);
    let mut names: Vec<_> = tables.flat_map(Table::keys).cloned().collect();
    names.sort();
    names.dedup();
    Ok(names)
}

/// The manifest of the wrong answers of a chapter.
fn mistakes_manifest(
    chapter: &Chapter,
    package: Package,
    needed: &[String],
) -> Computed {
    let name = chapter.mistakes_package();
    let mut text = format!(
        "[package]\nname = \"{name}\"\nversion.workspace = true\nedition.workspace = true\n\
         rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n\
         autotests = false\nautobins = false\nbuild = \"../build.rs\"\n\n\
         # Cargo asks for a library or a program.\n\
         [lib]\npath = \"../lib.rs\"\ntest = false\ndoctest = false\n\n\
         # What the package `{}` has, so that nothing is compiled twice.\n[dev-dependencies]\n",
        package.name
    );
    for dependency in needed {
        _ = writeln!(text, "{dependency}.workspace = true");
    }
    _ = write!(
        text,
        "\n[build-dependencies]\ndifference.workspace = true\n\n\
         [[test]]\nname = \"{name}\"\npath = \"../main.rs\"\ntest = false\n"
    );
    let file = format!("{}/Cargo.toml", chapter.mistakes());
    Computed { file, text: headed("#", &text) }
}

/// The hashes of the files that judge an exercise.
fn originals(workbook: &Workbook) -> Result<Computed, Finding> {
    let file = originals::FILE;
    let lines = originals::lines(workbook)
        .map_err(|error| Finding::new(file, error.to_string()))?;
    Ok(Computed { file: file.to_owned(), text: headed("#", &lines) })
}

/// The table of contents.
fn summary(workbook: &Workbook) -> Result<Computed, Finding> {
    let text = contents::computed(workbook, &read(workbook, SUMMARY)?);
    Ok(Computed { file: SUMMARY.to_owned(), text })
}

fn headed(comment: &str, text: &str) -> String {
    format!(
        "{comment} Computed from workbook.toml and the folders; {BLESS}.\n{text}"
    )
}

fn read(workbook: &Workbook, file: &str) -> Result<String, Finding> {
    workbook.read(file).map_err(|error| Finding::new(file, error.to_string()))
}
