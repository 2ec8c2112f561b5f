//! `check`: one check, printed once.

use super::{Desk, code, screen, screen::Ticker, show};
use crate::{
    Chapter, Error,
    check::{self, Checked, Way},
    process::Limits,
    progress::Progress,
};

/// Checks the exercise called `name`, or the first that is not solved.
///
/// # Errors
///
/// The workbook itself cannot go on.
pub fn check(desk: &Desk, name: Option<&str>) -> Result<u8, Error> {
    let workbook = &desk.workbook;
    if let Some(name) = name {
        return one(desk, workbook.chapter(name)?);
    }
    let progress = load(desk);
    let open = check::not_known_solved(workbook, &progress);
    for chapter in open {
        let code = one(desk, chapter)?;
        if code != code::DONE {
            return Ok(code);
        }
    }
    screen::print("All exercises are solved.\n")?;
    Ok(code::DONE)
}

fn one(desk: &Desk, chapter: &Chapter) -> Result<u8, Error> {
    let checked = quietly(desk, chapter)?;
    keep(desk, chapter, &checked)?;
    screen::print(&show::checked(&desk.workbook, chapter, &checked, desk.style))?;
    Ok(match checked.solved {
        true => code::DONE,
        false => code::NOT_YET,
    })
}

/// Checks without printing the verdict and without keeping it.
///
/// # Errors
///
/// The workbook itself cannot go on.
pub fn quietly(desk: &Desk, chapter: &Chapter) -> Result<Checked, Error> {
    let mut ticker = Ticker::new();
    let way = Way {
        colour: desk.style.colour,
        limits: Limits::TEST,
        stop: desk.stop.clone(),
    };
    let mut say = |progress| ticker.show(&progress);
    let checked = check::check(&desk.workbook, chapter, &way, &mut say);
    ticker.clear();
    checked
}

/// Keeps what a check found.
///
/// # Errors
///
/// The progress file cannot be written.
pub fn keep(desk: &Desk, chapter: &Chapter, checked: &Checked) -> Result<(), Error> {
    let mut progress = load(desk);
    progress.set(checked.line(chapter));
    progress
        .save(&desk.workbook.root)
        .map_err(Error::io("cannot write .workbook/progress"))
}

/// The progress so far. A damaged file is put aside, and the learner is told.
pub fn load(desk: &Desk) -> Progress {
    let progress = Progress::load(&desk.workbook.root);
    if let Some(aside) = &progress.set_aside {
        eprintln!(
            "note: .workbook/progress was damaged; it is now {} and is rebuilt by checking",
            aside.display()
        );
    }
    progress
}

/// The steps of an exercise that pass now: from the cache, or by a check that is not kept.
///
/// # Errors
///
/// The workbook itself cannot go on.
pub fn steps_now(desk: &Desk, chapter: &Chapter) -> Result<Vec<usize>, Error> {
    let progress = Progress::peek(&desk.workbook.root);
    match check::known(&desk.workbook, chapter, &progress) {
        Some(line) => Ok(line.steps.clone()),
        None => Ok(quietly(desk, chapter)?.steps),
    }
}

/// The exercise that `check` without a name ends at: the first that is not solved. None when all are.
///
/// # Errors
///
/// The workbook itself cannot go on.
pub fn first_open(desk: &Desk) -> Result<Option<&Chapter>, Error> {
    let progress = Progress::peek(&desk.workbook.root);
    for chapter in check::not_known_solved(&desk.workbook, &progress) {
        let open = match check::known(&desk.workbook, chapter, &progress) {
            Some(_) => true,
            None => !quietly(desk, chapter)?.solved,
        };
        if open {
            return Ok(Some(chapter));
        }
    }
    Ok(None)
}
