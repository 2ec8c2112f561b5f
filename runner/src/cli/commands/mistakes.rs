//! `mistakes`: what others got wrong, listed, shown, or on the desk.

use super::compare::confirmed;
use crate::{
    Chapter, Error, Workbook,
    cli::{
        context::{Context, code},
        desk::{self, Replaced},
        store,
        term::screen,
        words::{RUN, mistakes as words},
    },
    contract, mistake,
    mistake::Mistake,
    signatures,
};

/// Lists the wrong answers to an exercise, by the rule they break.
///
/// # Errors
///
/// The name is unknown, or a file cannot be read.
pub fn list(context: &Context, name: &str) -> Result<u8, Error> {
    let workbook = &context.workbook;
    let chapter = workbook.chapter(name)?;
    let all = mistake::all(workbook, chapter)?;
    let rules = contract::rules(&workbook.read(&chapter.stub())?);
    screen::print(&words::list(chapter, &rules, &all, context.style))?;
    Ok(code::DONE)
}

/// Shows one: what it costs, the difference, what a learner reads first.
///
/// # Errors
///
/// A name is unknown, or a file cannot be read.
pub fn show(
    context: &Context,
    name: &str,
    mistake: &str,
    yes: bool,
) -> Result<u8, Error> {
    let Some((chapter, found)) = chosen(context, name, mistake, yes, "")? else {
        return Ok(code::NOT_YET);
    };
    screen::print(&shown(&context.workbook, chapter, &found, context)?)?;
    Ok(code::DONE)
}

/// The mistake that was named, unless it is better not seen yet; `flag` is what was typed behind it.
fn chosen<'a>(
    context: &'a Context,
    name: &str,
    mistake: &str,
    yes: bool,
    flag: &str,
) -> Result<Option<(&'a Chapter, Mistake)>, Error> {
    let workbook = &context.workbook;
    let chapter = workbook.chapter(name)?;
    let found = mistake::find(workbook, chapter, mistake)?;
    let typed = format!("mistakes {name} {}{flag}", found.name);
    let seen = may_see(context, chapter, yes, &typed)?;
    Ok(seen.then_some((chapter, found)))
}

/// One mistake with what is recorded about it.
fn shown(
    workbook: &Workbook,
    chapter: &Chapter,
    mistake: &Mistake,
    context: &Context,
) -> Result<String, Error> {
    let recorded = signatures::read(workbook, chapter)?;
    let signature =
        recorded.as_ref().and_then(|all| all.mistakes.get(&mistake.name));
    let rules = contract::rules(&workbook.read(&chapter.stub())?);
    Ok(words::whole(chapter, &rules, mistake, signature, context.style))
}

/// Shows every one that breaks the rule of a step.
///
/// # Errors
///
/// A file cannot be read.
pub fn of_rule(
    context: &Context,
    chapter: &Chapter,
    step: usize,
    yes: bool,
) -> Result<u8, Error> {
    let workbook = &context.workbook;
    let typed = format!("explain {}.{step} --mistakes", chapter.name);
    if !may_see(context, chapter, yes, &typed)? {
        return Ok(code::NOT_YET);
    }
    for mistake in mistake::all(workbook, chapter)? {
        if mistake.breaks() == Some(step) {
            screen::print(&shown(workbook, chapter, &mistake, context)?)?;
        }
    }
    Ok(code::DONE)
}

/// Asks first while the exercise is not solved: a difference shows a part of a right answer.
fn may_see(
    context: &Context,
    chapter: &Chapter,
    yes: bool,
    typed: &str,
) -> Result<bool, Error> {
    if yes {
        return Ok(true);
    }
    let passed = store::now(context, chapter)?.steps;
    if chapter.steps().all(|step| passed.contains(&step)) {
        return Ok(true);
    }
    let question = format!(
        "A mistake shows a part of a right answer, and {} is not solved yet. Show it?",
        chapter.name
    );
    if confirmed(&question, typed)? {
        return Ok(true);
    }
    screen::print("Nothing shown.\n")?;
    Ok(false)
}

/// Lays one on the desk, after a backup of the learner's file.
///
/// # Errors
///
/// A name is unknown, the mistake does not apply, or a file cannot be read or written.
pub fn put(
    context: &Context,
    name: &str,
    mistake: &str,
    yes: bool,
) -> Result<u8, Error> {
    let workbook = &context.workbook;
    let Some((chapter, found)) = chosen(context, name, mistake, yes, " --put")?
    else {
        return Ok(code::NOT_YET);
    };
    let desk = chapter.exercise();
    let answer = found.whole()?;
    let mut said = format!("{desk} holds the mistake `{}`.\n", found.name);
    if let Replaced::Now(Some(kept)) = desk::replace(workbook, chapter, answer)? {
        let kept = kept.display();
        said.push_str(&format!(
            "Yours is kept in {kept}. To have it back: cp {kept} {desk}\n"
        ));
    }
    said.push_str(&format!("What it does: {RUN} check {}\n", chapter.name));
    screen::print(&said)?;
    Ok(code::DONE)
}
