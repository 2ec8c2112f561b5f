//! Which files belong to what, for the watch, the gate, the mutation run, the book and the fingerprint that tells
//! whether a verdict still counts. Nobody else keeps such a list. The fingerprint is of `judged`; `judging` is more,
//! and has to be as the workbook came. `check.rs` decides what both mean; `tests/layout.rs` shows it.
//!
//! A suite is its file and what its `mod` lines name; so are kit, record, each fake and each model, but for their tests.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use crate::hash;

/// The instruments that every suite uses, as far as a workbook has them.
const INSTRUMENTS: [&str; 2] = ["tests/kit/lib.rs", "record/src/lib.rs"];

/// What else is compiled with a suite, or says what a verdict is: the libraries of fakes and models whole, because their
/// roots name the files, and the manifests, because they name the roots.
const LIBRARIES: [&str; 3] = ["tests/fakes", "tests/fakes_net", "tests/models"];
const MANIFESTS: [&str; 5] = [
    "Cargo.toml",
    "network/Cargo.toml",
    "record/Cargo.toml",
    "tests/kit/Cargo.toml",
    "workbook.toml",
];

/// What is hashed first: a judge that refuses more has another, and what an older one said is asked again.
const JUDGE: &str = "2";

/// The folder of what stands in for the world: a suite depends on the fakes that it names.
const FAKES: [(&str, &str); 2] =
    [("fakes", "tests/fakes"), ("fakes_net", "tests/fakes_net")];

/// Everything that a page of the book may come from.
pub const BOOK: [&str; 13] = [
    "Cargo.lock",
    "Cargo.toml",
    "workbook.toml",
    "book/book.toml",
    "book/src",
    "book/theme",
    "book/runs",
    "book/snippets",
    "examples",
    "mistakes",
    "network",
    "solutions",
    "tests",
];

/// The exercise of a chapter, from the root.
pub fn exercise(name: &str) -> String {
    format!("exercises/{name}.rs")
}

/// The suite of a chapter: its file first, then the modules it is made of.
///
/// # Errors
///
/// One of the files cannot be read.
pub fn suite(root: &Path, name: &str) -> io::Result<Vec<String>> {
    modules(root, &format!("tests/{name}.rs"))
}

/// Everything that the verdict on an exercise depends on, besides cargo's own files: the exercise, its
/// suite, its model, the instruments, and the fakes that the suite uses.
///
/// # Errors
///
/// One of the files cannot be read.
pub fn judged(root: &Path, name: &str) -> io::Result<BTreeSet<String>> {
    let suite = suite(root, name)?;
    let mut files = BTreeSet::from([exercise(name)]);
    for instrument in INSTRUMENTS.iter().filter(|file| root.join(file).is_file()) {
        files.extend(modules(root, instrument)?);
    }
    for (library, folder) in FAKES {
        let named = used(root, &suite, &format!("{library}::"))?;
        files.extend(fakes(root, folder, named)?);
    }
    for named in used(root, &suite, "models::")? {
        files.extend(model(root, &named)?);
    }
    files.extend(suite);
    Ok(files)
}

/// Where the contract of a chapter lies as a calculation, if it has one.
pub fn model_file(name: &str) -> String {
    format!("tests/{name}/model.rs")
}

/// The files of that calculation, if there is one: its own first, then its modules.
///
/// # Errors
///
/// One of the files cannot be read.
pub fn model(root: &Path, name: &str) -> io::Result<Vec<String>> {
    let file = model_file(name);
    if root.join(&file).is_file() { modules(root, &file) } else { Ok(vec![]) }
}

/// The files that judge an exercise: all of `judged` but itself, and what could give it another judge.
///
/// # Errors
///
/// One of the files cannot be read.
pub fn judging(root: &Path, name: &str) -> io::Result<BTreeSet<String>> {
    let mut files = judged(root, name)?;
    files.remove(&exercise(name));
    let there = |file: &&&str| root.join(file).is_file();
    for library in LIBRARIES.iter().filter(|folder| root.join(folder).is_dir()) {
        files.extend(modules(root, &format!("{library}/lib.rs"))?);
        files.insert(format!("{library}/Cargo.toml"));
    }
    files.extend(MANIFESTS.iter().filter(there).map(|file| (*file).to_owned()));
    Ok(files)
}

/// The hash of what the verdict on an exercise depends on. Line endings do not matter.
///
/// # Errors
///
/// One of the files cannot be read.
pub fn fingerprint(root: &Path, name: &str) -> io::Result<u64> {
    hash::files(root, JUDGE, judged(root, name)?)
}

/// The hash of one file.
///
/// # Errors
///
/// It cannot be read.
pub fn fingerprint_of(root: &Path, file: &str) -> io::Result<u64> {
    hash::files(root, "", [file.to_owned()])
}

/// The hash of the exercise alone.
///
/// # Errors
///
/// It cannot be read.
pub fn fingerprint_alone(root: &Path, name: &str) -> io::Result<u64> {
    fingerprint_of(root, &exercise(name))
}

/// A file and the modules below it, from the root; modules for tests alone are left out.
///
/// # Errors
///
/// One of the files cannot be read.
pub fn modules(root: &Path, file: &str) -> io::Result<Vec<String>> {
    // Why its own folder: the root of a crate, and a file that `#[path]` names, have their modules
    // beside themselves.
    let beside = Path::new(file).parent().unwrap_or(Path::new(""));
    let mut found = vec![file.to_owned()];
    below(root, file, beside, &mut found)?;
    Ok(found)
}

/// Follows the `mod` lines of `file`, whose modules lie in `folder`.
fn below(
    root: &Path,
    file: &str,
    folder: &Path,
    found: &mut Vec<String>,
) -> io::Result<()> {
    let text = fs::read_to_string(root.join(file))?;
    let (mut path, mut only_tests) = (None, false);
    for line in text.lines().map(str::trim) {
        if let Some(named) = line.strip_prefix("#[path = \"") {
            path = named.strip_suffix("\"]");
        } else if line == "#[cfg(test)]" {
            only_tests = true;
        } else if let Some(name) = module(line) {
            let skipped = std::mem::take(&mut only_tests);
            let (child, inside) = match path.take() {
                Some(path) => {
                    let child = Path::new(file).with_file_name(path);
                    let inside = child.parent().unwrap_or(folder).to_owned();
                    (child, inside)
                }
                None => beside_or_within(root, folder, name),
            };
            if !skipped {
                let child = child.to_string_lossy().replace('\\', "/");
                found.push(child.clone());
                below(root, &child, &inside, found)?;
            }
        } else if !line.starts_with(['#', '/']) {
            (path, only_tests) = (None, false);
        }
    }
    Ok(())
}

/// The file of `mod name;`, and the folder of its own modules.
fn beside_or_within(root: &Path, folder: &Path, name: &str) -> (PathBuf, PathBuf) {
    let inside = folder.join(name);
    let within = inside.join("mod.rs");
    if root.join(&within).is_file() {
        (within, inside)
    } else {
        (folder.join(format!("{name}.rs")), inside)
    }
}

/// The name in `mod name;`, `pub mod name;` or `pub(crate) mod name;`.
fn module(line: &str) -> Option<&str> {
    let (before, name) = line.strip_suffix(';')?.rsplit_once("mod ")?;
    let declares = before.is_empty() || before.starts_with("pub");
    (declares && is_name(name)).then_some(name)
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && !word.contains(is_no_name)
}

/// The names that these files take from `path`: of `use fakes::{load::Job, Tokens};` all three, of
/// `fakes::upstream(…)` the first.
fn used(root: &Path, files: &[String], path: &str) -> io::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(root.join(file))?;
        for (at, _) in text.match_indices(path) {
            let rest = &text[at + path.len()..];
            let before = text[..at].trim_end().trim_end_matches(':').trim_end();
            let end = if before.ends_with("use") {
                rest.find(';')
            } else {
                rest.find(is_no_name)
            };
            let named = &rest[..end.unwrap_or(rest.len())];
            let words = named.split(is_no_name).filter(|word| !word.is_empty());
            names.extend(words.map(str::to_owned));
        }
    }
    Ok(names)
}

fn is_no_name(c: char) -> bool {
    !c.is_alphanumeric() && c != '_'
}

/// The files of the fakes that have one of these names, and of those they use themselves.
fn fakes(
    root: &Path,
    folder: &str,
    mut names: BTreeSet<String>,
) -> io::Result<BTreeSet<String>> {
    let library = fs::read_to_string(root.join(folder).join("lib.rs"));
    let library = library.unwrap_or_default();
    let mut files = BTreeSet::new();
    while let Some(name) = names.pop_first() {
        names.extend(handed_on(&library, &name).map(str::to_owned));
        let file = format!("{folder}/{name}.rs");
        // Why not the library itself: it is a map, and no part of any fake.
        if name == "lib" || files.contains(&file) || !root.join(&file).is_file() {
            continue;
        }
        let mut of_this = vec![file.clone()];
        below(root, &file, &Path::new(folder).join(&name), &mut of_this)?;
        names.extend(used(root, &of_this, "crate::")?);
        files.extend(of_this);
    }
    Ok(files)
}

/// The module from which a library hands on a name: `script` for `pub use script::{Reply, Script};`.
fn handed_on<'a>(library: &'a str, name: &str) -> Option<&'a str> {
    let statements = library.split("pub use ").skip(1);
    let statements = statements.filter_map(|rest| rest.split(';').next());
    let mut parted = statements.filter_map(|statement| statement.split_once("::"));
    let (module, _) =
        parted.find(|(_, names)| names.split(is_no_name).any(|n| n == name))?;
    (module != name).then_some(module)
}
