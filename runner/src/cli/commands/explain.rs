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
/// of each of its rules. With `mistakes` it shows the wrong answers that break the rule instead.
///
/// # Errors
///
/// No rule has this code, or a file cannot be read.
pub fn explain(
    context: &Context,
    code: &str,
    mistakes: bool,
    yes: bool,
) -> Result<u8, Error> {
    let workbook = &context.workbook;
    if mistakes {
        let (chapter, step) = rule::find(workbook, code)?;
        return super::mistakes::of_rule(context, chapter, step, yes);
    }
    let text = match workbook.chapter(code) {
        Ok(chapter) => rule::all(workbook, chapter)?,
        Err(_) => {
            let (chapter, step) = rule::find(workbook, code)?;
            rule::whole(workbook, chapter, step)?
        }
    };
    screen::print(&text)?;
    Ok(code::DONE)
}
