//! The learner's file: replaced by another text, and never lost.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use crate::{Chapter, Error, Workbook, text};

/// What was done.
#[derive(Debug)]
pub enum Replaced {
    /// The exercise held that text already.
    Same,
    /// It holds it now; what it held before lies in this backup, when there was something.
    Now(Option<PathBuf>),
}

/// Lays `text` on the desk of a chapter, after a backup of what lies there.
///
/// # Errors
///
/// A file cannot be read or written. Then the learner's file is as it was.
pub fn replace(
    workbook: &Workbook,
    chapter: &Chapter,
    text: &str,
) -> Result<Replaced, Error> {
    let path = workbook.root.join(chapter.exercise());
    let kept = match fs::read(&path) {
        Ok(bytes) if bytes == text.as_bytes() => return Ok(Replaced::Same),
        Ok(bytes) => Some(backup(workbook, chapter, &bytes)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(source) => {
            let what = format!("cannot read {}", chapter.exercise());
            return Err(Error::Io { what, source });
        }
    };
    text::write(&path, text)?;
    Ok(Replaced::Now(kept))
}

/// Writes the learner's file to a name that no backup has yet. Bytes, not text: whatever it is, it is
/// kept.
fn backup(
    workbook: &Workbook,
    chapter: &Chapter,
    bytes: &[u8],
) -> Result<PathBuf, Error> {
    let folder = PathBuf::from(".workbook/backups");
    let what = "cannot write a backup, so nothing was changed";
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
