//! Solved exercises, kept as they were at the check that said so: `.workbook/solved/NAME.rs`, without the lines that
//! attach the suite. Programs are made of them (`examples/`), so a new attempt on the desk breaks none of these.
//! A later solved answer takes the place of an earlier one; nothing else changes the file, `reset` neither.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Error, attached, layout,
    progress::{Line, Progress},
    text,
};

/// The folder, from the root.
pub const FOLDER: &str = ".workbook/solved";

/// Where the solved exercise of a chapter is kept.
pub fn file(root: &Path, name: &str) -> PathBuf {
    root.join(FOLDER).join(format!("{name}.rs"))
}

/// Whether the exercise of this chapter is a part of the shop.
pub fn is_in_the_shop(root: &Path, name: &str) -> bool {
    root.join("examples/shop/parts").join(name).is_dir()
}

/// Keeps the exercise that `line` is about, if it is solved and still the one that was checked.
///
/// # Errors
///
/// A file cannot be read or written.
pub fn keep(root: &Path, line: &Line) -> Result<(), Error> {
    let name = &line.name;
    let now = layout::fingerprint_alone(root, name).ok();
    if !line.solved || now.is_none() || now != line.exercise {
        return Ok(());
    }
    let exercise = text::read(root, &layout::exercise(name))?;
    let Some(answer) = attached::without_the_suite(name, &exercise) else {
        return Ok(());
    };
    let file = file(root, name);
    let before = fs::read_to_string(&file).ok();
    if before.as_deref() == Some(answer.as_str()) {
        return Ok(());
    }
    text::write(&file, &answer)
}

/// Keeps an exercise that a runner called solved which kept none yet.
///
/// # Errors
///
/// A file cannot be read or written.
pub fn catch_up(root: &Path, name: &str) -> Result<(), Error> {
    match Progress::peek(root).get(name) {
        Some(line) if !file(root, name).is_file() => keep(root, line),
        _ => Ok(()),
    }
}
