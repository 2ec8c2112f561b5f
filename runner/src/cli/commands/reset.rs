//! `reset`: the untouched exercise, and a backup of the learner's.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use crate::{
    Chapter, Error, Workbook,
    cli::{
        context::{Context, code},
        term::screen,
    },
    text,
};

/// Puts the untouched exercise back, after a backup of the learner's file.
///
/// # Errors
///
/// The name is unknown, or a file cannot be read or written. Then the learner's file is as it was.
pub fn reset(context: &Context, name: &str) -> Result<u8, Error> {
    let workbook = &context.workbook;
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
