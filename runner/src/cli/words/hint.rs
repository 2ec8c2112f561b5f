//! A hint for a step.

use crate::{Chapter, Error, Workbook, page};

/// What there is to say when every step passes.
pub fn none(chapter: &Chapter) -> String {
    format!("{}: every step passes; there is nothing to hint at.\n", chapter.name)
}

/// The hint of a step at a level from 1 to 3, as the page of the chapter has it.
///
/// # Errors
///
/// The page cannot be read, or the step has no hint.
pub fn text(
    workbook: &Workbook,
    chapter: &Chapter,
    step: usize,
    level: usize,
) -> Result<String, Error> {
    let name = &chapter.name;
    let page = page::read(&workbook.read(&chapter.page())?);
    let Some(hint) = page.hint(step, level) else {
        return Err(Error::Broken(format!(
            "{} has no hint {level} for step {step}",
            chapter.page()
        )));
    };
    Ok(format!("{name}, step {step}, hint {level} of 3\n\n{}\n", hint.trim_end()))
}
