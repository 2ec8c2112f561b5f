//! `solution`, `diff` and `reset`: the learner's file and the reference.

use std::{
    fs,
    io::{self, BufRead, IsTerminal},
    path::PathBuf,
};

use similar::{ChangeTag, TextDiff};

use super::{Desk, RUN, code, once, screen, show, style::Style};
use crate::{Chapter, Error, Workbook, text};

/// Prints the reference solution, after one confirmation.
///
/// # Errors
///
/// The name is unknown or the solution cannot be read.
pub fn solution(desk: &Desk, name: &str, yes: bool) -> Result<u8, Error> {
    let chapter = desk.workbook.chapter(name)?;
    let question = format!("Show the whole solution of {}?", chapter.name);
    if !yes && !confirmed(&question, &format!("solution {name}"))? {
        screen::print("Nothing shown.\n")?;
        return Ok(code::NOT_YET);
    }
    let file = chapter.solution();
    let mut text = format!("// {file}\n{}", desk.workbook.read(&file)?);
    let others = desk.workbook.sources(&format!("solutions/{}", chapter.name));
    for other in others {
        text.push_str(&format!("\n// Another right answer: {other}"));
    }
    text.push('\n');
    screen::print(&text)?;
    Ok(code::DONE)
}

/// Asks a question; `command` is what was typed.
fn confirmed(question: &str, command: &str) -> Result<bool, Error> {
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
pub fn diff(desk: &Desk, name: &str, yes: bool) -> Result<u8, Error> {
    let workbook = &desk.workbook;
    let chapter = workbook.chapter(name)?;
    let passed = once::steps_now(desk, chapter)?;
    if !chapter.core.iter().all(|step| passed.contains(step)) {
        screen::print(&format!(
            "{name}: not solved yet. `diff` opens after that; `{RUN} hint {name}` helps, and \
             `{RUN} solution {name}` shows the reference at once.\n"
        ))?;
        return Ok(code::NOT_YET);
    }
    let open = show::open_beyond(chapter, &passed);
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
    screen::print(&difference(&yours, &reference, &header, desk.style))?;
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
    let diff = TextDiff::from_lines(yours, reference);
    let mut text = format!("--- {left}\n+++ {right}\n");
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        text.push_str(&format!("{}\n", hunk.header()));
        for change in hunk.iter_changes() {
            let line = change.value().trim_end_matches('\n');
            let line = match change.tag() {
                ChangeTag::Delete => style.bad(&format!("-{line}")),
                ChangeTag::Insert => style.good(&format!("+{line}")),
                ChangeTag::Equal => format!(" {line}"),
            };
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

/// Puts the untouched exercise back, after a backup of the learner's file.
///
/// # Errors
///
/// The name is unknown, or a file cannot be read or written. Then the learner's file is as it was.
pub fn reset(desk: &Desk, name: &str) -> Result<u8, Error> {
    let workbook = &desk.workbook;
    let chapter = workbook.chapter(name)?;
    let pristine = chapter.pristine(workbook)?;
    let path = workbook.root.join(chapter.exercise());
    let kept = match fs::read(&path) {
        Ok(bytes) if bytes == pristine.as_bytes() => {
            let text = format!("{} is untouched already.\n", chapter.exercise());
            screen::print(&text)?;
            return Ok(code::DONE);
        }
        Ok(bytes) => Some(backup(workbook, chapter, &bytes)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(source) => {
            let what = format!("cannot read {}", chapter.exercise());
            return Err(Error::Io { what, source });
        }
    };
    text::write(&path, &pristine)?;
    let mut said = format!("{} is untouched again.\n", chapter.exercise());
    if let Some(kept) = kept {
        said.push_str(&format!("Yours is kept in {}.\n", kept.display()));
    }
    screen::print(&said)?;
    Ok(code::DONE)
}

/// Writes the learner's file to a name that no backup has yet. Bytes, not text: whatever it is, it is
/// kept.
fn backup(
    workbook: &Workbook,
    chapter: &Chapter,
    bytes: &[u8],
) -> Result<PathBuf, Error> {
    use std::io::Write;

    let folder = PathBuf::from(".workbook/backups");
    let what = "cannot write a backup, so nothing was reset";
    fs::create_dir_all(workbook.root.join(&folder)).map_err(Error::io(what))?;
    for number in 1.. {
        let file = folder.join(format!("{}.{number}.rs", chapter.name));
        let made = fs::File::create_new(workbook.root.join(&file));
        match made.and_then(|mut made| made.write_all(bytes)) {
            Ok(()) => return Ok(file),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => {
                let what = what.to_owned();
                return Err(Error::Io { what, source });
            }
        }
    }
    Err(Error::Broken(what.to_owned()))
}
