//! Comments say the thing itself, not a code such as `R1, 4.3` for it, and contracts fill their lines.

use runner::Workbook;

use crate::{Finding, Material, tree};

/// The columns of a contract's lines.
const WIDTH: usize = 100;

/// No comment in any file is nothing but codes.
pub fn no_bare_codes(workbook: &Workbook) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree::rust_files(&workbook.root) {
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

/// The lines of a contract are as long as they can be, and no longer: stub and answers look alike.
pub fn contracts_fill_their_lines(material: &Material<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in material.answers.iter().chain([&material.stub]) {
        if let Some((line, fault)) = ill_wrapped(&source.text) {
            let sentence = format!(
                "line {line}, in the contract, {fault}; contracts wrap at {WIDTH} columns"
            );
            findings.push(Finding::new(source.file.clone(), sentence));
        }
    }
    findings
}

/// The first line of a contract that is too long, or that could take the first word of the next.
fn ill_wrapped(source: &str) -> Option<(usize, String)> {
    let docs = (1..).zip(source.lines()).take_while(|(_, l)| l.starts_with("//!"));
    let rules = docs.skip_while(|(_, line)| *line != "//! # The contract");
    let rules: Vec<_> = rules.collect();
    let goes_on = |line: &str| line.starts_with("//!  ");
    rules.iter().enumerate().find_map(|(at, (number, line))| {
        let length = line.chars().count();
        if length > WIDTH {
            return Some((*number, "is too long".to_owned()));
        }
        let next = rules.get(at + 1).map(|(_, next)| *next);
        let word = next.filter(|next| goes_on(next))?.split_whitespace().nth(1)?;
        let fits = length + 1 + word.chars().count() <= WIDTH;
        fits.then(|| (*number, format!("has room for `{word}`")))
    })
}
