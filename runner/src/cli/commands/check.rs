//! `check`: one check, printed once.

use crate::{
    Chapter, Error, check as checking,
    cli::{
        context::{Context, code},
        store,
        term::screen,
        words::verdict,
    },
};

/// Checks the exercise called `name`, or the first that is not solved.
///
/// # Errors
///
/// The name is unknown, or the workbook itself cannot go on.
pub fn check(context: &Context, name: Option<&str>) -> Result<u8, Error> {
    let workbook = &context.workbook;
    if let Some(name) = name {
        return one(context, workbook.chapter(name)?);
    }
    let progress = store::load(context);
    for chapter in checking::not_known_solved(workbook, &progress) {
        let code = one(context, chapter)?;
        if code != code::DONE {
            return Ok(code);
        }
    }
    screen::print("All exercises are solved.\n")?;
    Ok(code::DONE)
}

fn one(context: &Context, chapter: &Chapter) -> Result<u8, Error> {
    let checked = store::check(context, chapter)?;
    store::keep(context, chapter, &checked)?;
    let text = verdict::text(&context.workbook, chapter, &checked, context.style);
    screen::print(&text)?;
    Ok(if checked.solved { code::DONE } else { code::NOT_YET })
}
