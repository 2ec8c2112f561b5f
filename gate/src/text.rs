//! The conditions that need no compiler.

use runner::{Chapter, Error, Workbook, signatures};

use crate::{
    Finding, Material, budgets, comments, contracts, doors, hints, ladder, lists,
    pages, rooms, sheet, shop, suites, wrong,
};

/// The conditions that need no compiler, for every chapter. The recorded signatures stand in for runs.
///
/// # Errors
///
/// A chapter's `signatures.json` cannot be understood.
pub fn whole(workbook: &Workbook) -> Result<Vec<Finding>, Error> {
    let mut findings = around(workbook);
    for chapter in &workbook.chapters {
        findings.extend(of_chapter(workbook, chapter));
        if let Ok(material) = Material::read(workbook, chapter) {
            let recorded = signatures::read(workbook, chapter)?;
            findings.extend(ladder::recorded(&material, recorded.as_ref()));
        }
    }
    Ok(findings)
}

/// What belongs to no single chapter.
pub fn around(workbook: &Workbook) -> Vec<Finding> {
    let mut findings = doors::list(workbook);
    findings.extend(doors::status_is_last(workbook));
    findings.extend(doors::strangers(workbook));
    findings.extend(lists::stale(workbook));
    findings.extend(shop::frozen(workbook));
    findings.extend(rooms::circles(workbook));
    findings.extend(comments::no_bare_codes(workbook));
    findings.extend(budgets::everywhere(workbook));
    findings
}

/// The conditions that need neither compiler nor recorded runs, for one chapter.
pub fn of_chapter(workbook: &Workbook, chapter: &Chapter) -> Vec<Finding> {
    let missing = doors::doors(workbook, chapter);
    if !missing.is_empty() {
        return missing;
    }
    let material = match Material::read(workbook, chapter) {
        Ok(material) => material,
        Err(error) => {
            return vec![Finding::new(chapter.name.clone(), chain(&error))];
        }
    };
    let conditions = [
        doors::no_crate_paths,
        doors::all_answers_are_asked,
        contracts::same_everywhere,
        contracts::shown_on_the_page,
        contracts::one_step_a_rule,
        comments::contracts_fill_their_lines,
        suites::a_test_in_every_step,
        suites::scenes_come_last,
        suites::every_check_names_its_rule,
        suites::every_assertion_has_a_sentence,
        wrong::enough,
        wrong::headers,
        wrong::differences,
        wrong::breaks_a_rule,
        wrong::caught_where_it_breaks,
        hints::three_for_every_step,
        hints::no_answers,
        pages::every_part,
        pages::is_written,
        sheet::is_whole,
        budgets::lines,
    ];
    conditions.iter().flat_map(|condition| condition(&material)).collect()
}

/// An error with what caused it.
fn chain(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
