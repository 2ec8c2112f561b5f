//! Compiles the wrong answers of a chapter. One that cannot be made or does not compile is a finding of its own,
//! and the others are judged without it.

use std::{collections::BTreeMap, path::PathBuf};

use runner::{
    Error,
    cargo::{self, Built},
    mistake::Mistake,
    process::Stop,
    target::Target,
};

use crate::{Finding, Material};

/// What was compiled.
#[derive(Debug, Default)]
pub struct Made {
    /// The test binary; none when nothing of the chapter compiles.
    pub executable: Option<PathBuf>,
    /// The mistakes that are not in it.
    pub without: Vec<String>,
    /// Why they are not, and what else is to mend.
    pub findings: Vec<Finding>,
}

/// Compiles what compiles.
///
/// # Errors
///
/// Cargo cannot be started or was stopped, or something else does not build.
pub fn make(material: &Material<'_>, stop: &Stop) -> Result<Made, Error> {
    let chapter = material.chapter;
    let mut made = Made::default();
    // What does not apply is said by the conditions on texts.
    let broken = material.as_written.iter().filter(|one| one.answer.is_err());
    made.without = broken.map(|mistake| mistake.name.clone()).collect();
    loop {
        let target = Target::wrong_answers_without(chapter, made.without.clone());
        let root = &material.workbook.root;
        match cargo::build(root, &target, false, stop, &mut |_| {})? {
            Built::Ready { executable, .. } => {
                made.executable = Some(executable);
                return Ok(made);
            }
            Built::Refused(errors) => {
                let by_mistake = told_apart(material, &errors);
                if by_mistake.is_empty() {
                    let words =
                        format!("does not compile:\n\n{}", errors.join("\n"));
                    made.findings.push(Finding::new(chapter.mistakes(), words));
                    return Ok(made);
                }
                for (name, words) in by_mistake {
                    let file =
                        material.as_written.iter().find(|one| one.name == name);
                    let file = file.map_or_else(String::new, |one| one.file.clone());
                    made.findings.push(Finding::new(file, words));
                    made.without.push(name);
                }
            }
        }
    }
}

/// rustc's words about each mistake, with the places as they are in the repository.
fn told_apart(
    material: &Material<'_>,
    errors: &[String],
) -> BTreeMap<String, String> {
    let mut told: BTreeMap<String, String> = BTreeMap::new();
    for error in errors {
        let named = |one: &&Mistake| error.contains(&format!("{}:", one.file));
        let Some(mistake) = material.as_written.iter().find(named) else {
            continue;
        };
        let words = told
            .entry(mistake.name.clone())
            .or_insert_with(|| "does not compile:\n\n".to_owned());
        words.push_str(&mistake.places(&relative(error, &mistake.file)));
    }
    told
}

/// An error of rustc without the folders above the file it speaks of.
fn relative(error: &str, file: &str) -> String {
    let lines = error.lines().map(|line| match line.split_once(file) {
        Some((before, after)) => {
            let arrow = before.rsplit(' ').next().unwrap_or_default();
            format!("{}{file}{after}", &before[..before.len() - arrow.len()])
        }
        None => line.to_owned(),
    });
    lines.map(|line| line + "\n").collect()
}
