//! `explain`: a rule, or the rules of an exercise.

use crate::{
    Error,
    cli::{
        context::{Context, code},
        term::screen,
        words::rule,
    },
};

/// Prints a rule: its text, its section of the page, its tests. For the name of an exercise, the start
/// of each of its rules.
///
/// # Errors
///
/// No rule has this code, or a file cannot be read.
pub fn explain(context: &Context, code: &str) -> Result<u8, Error> {
    let workbook = &context.workbook;
    let text = match workbook.chapter(code) {
        Ok(chapter) => rule::all(workbook, chapter)?,
        Err(_) => {
            let (name, number) = code.rsplit_once('.').unwrap_or((code, ""));
            rule::whole(workbook, workbook.chapter(name)?, number)?
        }
    };
    screen::print(&text)?;
    Ok(code::DONE)
}
