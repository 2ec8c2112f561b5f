//! `hint`: what to look at, without telling the answer.

use crate::{
    Chapter, Error,
    cli::{
        context::{Context, code},
        store,
        term::screen,
        words::{RUN, hint},
    },
};

/// Prints a hint for the step the learner is at, in the exercise called `name` or in the first that is
/// not solved; with a name such as `retries.3`, for that step. Nothing is written anywhere.
///
/// # Errors
///
/// The name is unknown, there is no such level, the page cannot be read, or the step has no hint.
pub fn hint(
    context: &Context,
    name: Option<&str>,
    level: usize,
) -> Result<u8, Error> {
    let (name, step) = match name.and_then(of_a_step) {
        Some((name, step)) => (Some(name), Some(step)),
        None => (name, None),
    };
    let (chapter, level) = meant(context, name, level)?;
    let Some(chapter) = chapter else {
        let text = format!(
            "All exercises are solved. For a step beyond: {RUN} hint NAME\n"
        );
        screen::print(&text)?;
        return Ok(code::DONE);
    };
    let name = &chapter.name;
    let asked = step.map_or(name.clone(), |step| format!("{name}.{step}"));
    let step = match step {
        Some(step) => Some(step),
        None => store::now(context, chapter)?.here,
    };
    let Some(step) = step else {
        screen::print(&hint::none(chapter))?;
        return Ok(code::DONE);
    };
    if !(1..=3).contains(&level) {
        return Err(Error::Broken(format!(
            "hints have the levels 1 to 3; for a hint at step {level} say `{RUN} hint {name}.{level}`"
        )));
    }
    let hint = hint::text(&context.workbook, chapter, step, level)?;
    let onward = match level {
        1 | 2 => format!("More: {RUN} hint {asked} {}", level + 1),
        _ => format!("Still stuck? {RUN} solution {name}"),
    };
    screen::print(&format!("{hint}\n{onward}\n"))?;
    Ok(code::DONE)
}

/// Splits `retries.3` into the exercise and the step.
fn of_a_step(name: &str) -> Option<(&str, usize)> {
    let (name, step) = name.rsplit_once('.')?;
    Some((name, step.parse().ok()?))
}

/// The exercise and the level that are asked for: `hint 2` leaves the name out.
fn meant<'a>(
    context: &'a Context,
    name: Option<&str>,
    level: usize,
) -> Result<(Option<&'a Chapter>, usize), Error> {
    match name.map(|name| (name, name.parse())) {
        Some((_, Ok(level @ 1..=3))) => Ok((store::first_open(context)?, level)),
        Some((name, _)) => Ok((Some(context.workbook.chapter(name)?), level)),
        None => Ok((store::first_open(context)?, level)),
    }
}
