//! `reset`: the untouched exercise, and a backup of the learner's.

use crate::{
    Error,
    cli::{
        context::{Context, code},
        desk::{self, Replaced},
        term::screen,
    },
};

/// Puts the untouched exercise back, after a backup of the learner's file.
///
/// # Errors
///
/// The name is unknown, or a file cannot be read or written. Then the learner's file is as it was.
pub fn reset(context: &Context, name: &str) -> Result<u8, Error> {
    let workbook = &context.workbook;
    let chapter = workbook.chapter(name)?;
    let pristine = chapter.pristine(workbook)?;
    let desk = chapter.exercise();
    let said = match desk::replace(workbook, chapter, &pristine)? {
        Replaced::Same => format!("{desk} is untouched already.\n"),
        Replaced::Now(None) => format!("{desk} is untouched again.\n"),
        Replaced::Now(Some(kept)) => format!(
            "{desk} is untouched again.\nYours is kept in {}.\n",
            kept.display()
        ),
    };
    screen::print(&said)?;
    Ok(code::DONE)
}
