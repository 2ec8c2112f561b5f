//! Solved means solved: submissions that are no solution, each refused with its sentence, and odd but right
//! answers, each solved. On the small workbook, whose builds take half a second.

mod common;
mod forgeries {
    pub mod bends;
    pub mod desk;
    pub mod odd;
    pub mod runs;
    pub mod workbook;
}
mod mini;

use std::{collections::BTreeMap, fs, path::Path};

use common::Copy;
use mini::{mini, workbook};

/// A submission: what it is, how it is made of the untouched workbook, and what a check says.
type Submission = (&'static str, fn(&Copy), &'static [&'static str]);

#[test]
fn exercises_without_their_suite() {
    refused(forgeries::desk::WITHOUT_THE_SUITE);
}

#[test]
fn exercises_that_bend_what_the_suite_sees() {
    refused(forgeries::bends::BEND_THE_SUITE);
}

#[test]
fn answers_that_come_from_elsewhere() {
    refused(forgeries::bends::FROM_ELSEWHERE);
}

#[test]
fn runs_that_forge_their_results() {
    refused(forgeries::runs::FORGED);
}

#[test]
fn workbooks_whose_other_files_were_edited() {
    refused(forgeries::workbook::EDITED);
}

#[test]
fn odd_but_right_answers_are_solved() {
    let all = forgeries::odd::RIGHT;
    let wrong = told(all, |said, words| said.solved && said.has(words));
    assert!(wrong.is_empty(), "not solved as they should be:\n{}", wrong.join("\n"));
}

fn refused(all: &[Submission]) {
    let wrong = told(all, |said, words| !said.solved && said.has(words));
    assert!(
        wrong.is_empty(),
        "not refused as they should be:\n{}",
        wrong.join("\n")
    );
}

/// What check and list say of a submission.
struct Said {
    solved: bool,
    text: String,
}

impl Said {
    fn has(&self, words: &[&str]) -> bool {
        words.iter().all(|word| self.text.contains(word))
    }
}

/// The submissions of which something else is said, with what that is.
fn told(all: &[Submission], right: fn(&Said, &[&str]) -> bool) -> Vec<String> {
    let copy = mini();
    let untouched = files(&copy.root, Path::new(""));
    let mut wrong = vec![];
    for (name, make, words) in all {
        restore(&copy, &untouched);
        make(&copy);
        let said = asked(&copy);
        if !right(&said, words) {
            let solved = if said.solved { "SOLVED" } else { "not solved" };
            wrong.push(format!("{name}: {solved}, {words:?}\n{}", said.text));
        }
    }
    wrong
}

/// Solved is what either of the two calls so.
fn asked(copy: &Copy) -> Said {
    let check = workbook(&copy.root, &["check", "pulse"]);
    let list = workbook(&copy.root, &["list"]);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let listed = text(&list.stdout).contains("1 of 1 exercise solved");
    Said {
        solved: check.status.success() || listed,
        text: text(&check.stdout) + &text(&check.stderr),
    }
}

/// Brings the workbook back. What is as it was keeps its time, so that it is not compiled again.
fn restore(copy: &Copy, untouched: &BTreeMap<String, String>) {
    let now = files(&copy.root, Path::new(""));
    for file in now.keys().filter(|file| !untouched.contains_key(*file)) {
        fs::remove_file(copy.root.join(file)).unwrap();
    }
    for (file, text) in untouched {
        if now.get(file) != Some(text) {
            copy.write(file, text);
        }
    }
}

/// The text files below a folder, but for what was built.
fn files(root: &Path, folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(root.join(folder)).unwrap().flatten() {
        let path = folder.join(entry.file_name());
        if entry.path().is_dir() {
            if entry.file_name() != "target" {
                found.extend(files(root, &path));
            }
        } else {
            let name = path.to_string_lossy().replace('\\', "/");
            let bytes = fs::read(entry.path()).unwrap_or_default();
            found.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    found
}
