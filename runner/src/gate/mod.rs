//! The gate: what must hold before a chapter counts as done.
//!
//! The conditions in [`text`] need no compiler and run inside `cargo test`; those in [`verify`] build
//! and run the wrong and the right answers. Each condition is a function of its own that returns
//! findings, so that a failed gate names every file to mend at once.

pub mod budgets;
pub mod comments;
pub mod contracts;
pub mod doors;
pub mod hints;
pub mod ladder;
pub mod load;
pub mod material;
pub mod mutants;
pub mod runs;
pub mod soak;
pub mod suites;
pub mod table;
pub mod verify;
pub mod wrong;

use std::fmt;

use crate::{Chapter, Error, Workbook, signatures};

pub use material::Material;

/// Something to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file to open.
    pub file: String,
    /// What is wrong with it.
    pub sentence: String,
}

impl Finding {
    /// A finding about `file`.
    pub fn new(file: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { file: file.into(), sentence: sentence.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.sentence)
    }
}

/// The conditions that need no compiler, for every chapter. The recorded signatures stand in for runs.
///
/// # Errors
///
/// `mistakes/signatures.json` cannot be understood.
pub fn text(workbook: &Workbook) -> Result<Vec<Finding>, Error> {
    let recorded = signatures::read(workbook)?;
    let mut findings = doors::list(workbook);
    findings.extend(doors::status_is_last(workbook));
    findings.extend(doors::strangers(workbook, &recorded));
    findings.extend(comments::no_bare_codes(workbook));
    for chapter in &workbook.chapters {
        findings.extend(chapter_text(workbook, chapter));
        if let Ok(material) = Material::read(workbook, chapter) {
            let recorded = recorded.get(&chapter.name);
            findings.extend(ladder::recorded(&material, recorded));
        }
    }
    Ok(findings)
}

/// The conditions that need neither compiler nor recorded runs, for one chapter.
pub fn chapter_text(workbook: &Workbook, chapter: &Chapter) -> Vec<Finding> {
    let missing = doors::doors(workbook, chapter);
    if !missing.is_empty() {
        return missing;
    }
    let material = match Material::read(workbook, chapter) {
        Ok(material) => material,
        Err(error) => {
            return vec![Finding::new(chapter.name.clone(), error.to_string())];
        }
    };
    let conditions = [
        doors::targets,
        doors::modules,
        doors::no_crate_paths,
        contracts::same_everywhere,
        contracts::shown_on_the_page,
        contracts::one_step_a_rule,
        comments::contracts_fill_their_lines,
        suites::a_test_in_every_step,
        suites::every_check_names_its_rule,
        suites::every_assertion_has_a_sentence,
        wrong::enough,
        wrong::headers,
        hints::three_for_every_step,
        hints::no_answers,
        budgets::lines,
    ];
    conditions.iter().flat_map(|condition| condition(&material)).collect()
}
