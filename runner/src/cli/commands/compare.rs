//! `solution` and `diff`: the reference, alone and beside the learner's answer.

use std::io::{self, BufRead, IsTerminal};

use crate::{
    Error,
    cli::{
        context::{Context, code},
        store,
        term::{screen, style::Style},
        words::{RUN, mistakes},
    },
    text,
};

/// Prints the reference solution, after one confirmation.
///
/// # Errors
///
/// The name is unknown or the solution cannot be read.
pub fn solution(context: &Context, name: &str, yes: bool) -> Result<u8, Error> {
    let chapter = context.workbook.chapter(name)?;
    let question = format!("Show the whole solution of {}?", chapter.name);
    if !yes && !confirmed(&question, &format!("solution {name}"))? {
        screen::print("Nothing shown.\n")?;
        return Ok(code::NOT_YET);
    }
    let file = chapter.solution();
    let mut text = format!("// {file}\n{}", context.workbook.read(&file)?);
    for other in context.workbook.other_answers(chapter) {
        text.push_str(&format!("\n// Another right answer: {other}"));
    }
    text.push('\n');
    screen::print(&text)?;
    Ok(code::DONE)
}

/// Asks a question; `command` is what was typed.
///
/// # Errors
///
/// Nobody can be asked, or the answer cannot be read.
pub fn confirmed(question: &str, command: &str) -> Result<bool, Error> {
    if !io::stdin().is_terminal() {
        return Err(Error::Broken(format!(
            "nobody can be asked here: {question} `{RUN} {command} --yes` shows it without asking"
        )));
    }
    screen::print(&format!("{question} [y/N] "))?;
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(Error::io("cannot read your answer"))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Prints the difference between the learner's answer and the reference, once it is solved. While steps
/// beyond the core are open it asks first, because the reference shows them.
///
/// # Errors
///
/// The name is unknown, a file cannot be read, or the workbook itself cannot go on.
pub fn diff(context: &Context, name: &str, yes: bool) -> Result<u8, Error> {
    let workbook = &context.workbook;
    let chapter = workbook.chapter(name)?;
    let passed = store::now(context, chapter)?.steps;
    if !chapter.core.iter().all(|step| passed.contains(step)) {
        screen::print(&format!(
            "{name}: not solved yet. `diff` opens after that; `{RUN} hint {name}` helps, and \
             `{RUN} solution {name}` shows the reference at once.\n"
        ))?;
        return Ok(code::NOT_YET);
    }
    let open = chapter.open_beyond(&passed);
    if !open.is_empty() && !yes {
        let steps = text::steps(&open);
        let question = format!(
            "The reference shows {steps} too, which you have not solved. Compare anyway?"
        );
        if !confirmed(&question, &format!("diff {name}"))? {
            screen::print("Nothing shown.\n")?;
            return Ok(code::NOT_YET);
        }
    }
    let yours = workbook.read(&chapter.exercise())?;
    let reference = workbook.read(&chapter.solution())?;
    let header = (chapter.exercise(), chapter.solution());
    screen::print(&difference(&yours, &reference, &header, context.style))?;
    Ok(code::DONE)
}

fn difference(
    yours: &str,
    reference: &str,
    (left, right): &(String, String),
    style: Style,
) -> String {
    if yours == reference {
        return format!("{left} and {right} are the same, to the letter.\n");
    }
    match difference::between(left, yours, right, reference) {
        Some(diff) => mistakes::diff(&diff, style),
        None => {
            format!("{left} and {right} are the same but for their line ends.\n")
        }
    }
}
