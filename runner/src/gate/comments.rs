//! A comment says the thing itself: a code such as `R1, 4.3` refers to a document that is not here.

use std::{fs, path::Path};

use super::Finding;
use crate::Workbook;

/// Where the Rust of this repository lies.
const FOLDERS: [&str; 9] = [
    "book/builder",
    "book/snippets",
    "book/tests",
    "examples",
    "exercises",
    "mistakes",
    "runner",
    "solutions",
    "tests",
];

/// No comment in any file is nothing but codes.
pub fn no_bare_codes(workbook: &Workbook) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in FOLDERS.iter().flat_map(|folder| rust_below(&workbook.root, folder))
    {
        let Ok(text) = workbook.read(&file) else { continue };
        for (line, codes) in bare_codes(&text) {
            let sentence = format!(
                "the comment in line {line} is nothing but `{codes}`; \
                 say in a sentence what it stands for, or drop it"
            );
            findings.push(Finding::new(file.clone(), sentence));
        }
    }
    findings
}

/// The comments that are nothing but codes: line and text.
fn bare_codes(source: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(source.lines()).filter_map(|(number, line)| {
        let (_, comment) = line.rsplit_once("//")?;
        let codes = comment.trim_start_matches('!').trim();
        codes.split(", ").all(is_code).then_some((number, codes))
    })
}

/// `R1`, `AB12` or `4.3`.
fn is_code(word: &str) -> bool {
    let number =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let after = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = word.len() - after.len();
    let section = word.split_once('.');
    (1..=2).contains(&letters) && number(after)
        || section.is_some_and(|(left, right)| number(left) && number(right))
}

/// The `.rs` files in `folder` and below, as paths from the root.
fn rust_below(root: &Path, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
    let mut found = Vec::new();
    for entry in entries {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = format!("{folder}/{name}");
        if name.ends_with(".rs") {
            found.push(path);
        } else if entry.path().is_dir() && name != "node_modules" {
            found.extend(rust_below(root, &path));
        }
    }
    found.sort();
    found
}
