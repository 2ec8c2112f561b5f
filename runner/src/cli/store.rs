//! How far the learner is: what the last checks found, and a check where that is out of date.

use super::{context::Context, term::ticker::Ticker};
use crate::{
    Chapter, Error,
    check::{self, Checked},
    kept,
    progress::{self, Line, Progress},
    text,
};

/// The progress so far. A damaged file is put aside, and the learner is told.
pub fn load(context: &Context) -> Progress {
    let progress = Progress::load(&context.workbook.root);
    if let Some(aside) = &progress.set_aside {
        eprintln!(
            "note: .workbook/progress was damaged; it is now {} and is rebuilt by checking",
            aside.display()
        );
    }
    progress
}

/// Keeps what a check found, and the exercise when it is solved.
///
/// # Errors
///
/// A file cannot be read or written.
pub fn keep(
    context: &Context,
    chapter: &Chapter,
    checked: &Checked,
) -> Result<(), Error> {
    let mut progress = load(context);
    let (root, line) = (&context.workbook.root, checked.line(chapter));
    kept::keep(root, &line)?;
    progress.set(line);
    text::write(&progress::file(root), &progress.to_string())
}

/// Checks an exercise and tells meanwhile what cargo does. Nothing is kept.
///
/// # Errors
///
/// The workbook itself cannot go on.
pub fn check(context: &Context, chapter: &Chapter) -> Result<Checked, Error> {
    let mut ticker = Ticker::new();
    let way = context.way(&context.stop);
    let mut say = |activity| ticker.show(&activity);
    let checked = check::check(&context.workbook, chapter, &way, &mut say);
    ticker.clear();
    checked
}

/// How far an exercise is now: from the file, or by a check that is not kept.
///
/// # Errors
///
/// The workbook itself cannot go on.
pub fn now(context: &Context, chapter: &Chapter) -> Result<Line, Error> {
    let progress = Progress::peek(&context.workbook.root);
    match check::known(&context.workbook, chapter, &progress) {
        Some(line) => {
            // Lines of an older runner do not say it.
            let here = line.here.or_else(|| chapter.step_at(&line.steps));
            Ok(Line { here, ..line.clone() })
        }
        None => Ok(check(context, chapter)?.line(chapter)),
    }
}

/// The first exercise that is not solved, where `check` without a name ends. None when all are.
///
/// # Errors
///
/// The workbook itself cannot go on.
pub fn first_open(context: &Context) -> Result<Option<&Chapter>, Error> {
    let progress = Progress::peek(&context.workbook.root);
    for chapter in check::not_known_solved(&context.workbook, &progress) {
        let open = match check::known(&context.workbook, chapter, &progress) {
            Some(_) => true,
            None => !check(context, chapter)?.solved,
        };
        if open {
            return Ok(Some(chapter));
        }
    }
    Ok(None)
}
