//! The files that judge an exercise, as this workbook came: a list of their hashes, computed for authors by the
//! gate, compared here by every check. Line endings do not count, and git is not needed.
//!
//! It tells a learner of an edit that was forgotten, and a reader that "solved" was said of this very suite. Who
//! rewrites the list as well is not told from an author. `.cargo/config.toml` is not in it: a room without a
//! network names its mirror there, and whatever it can do, a variable of the environment can do too.

use std::{collections::BTreeSet, io, path::Path};

use crate::{Chapter, Error, Workbook, layout};

/// The list.
pub const FILE: &str = "tests/originals.txt";

/// What the list holds now, one line a file. A chapter whose files are not all there is left out.
pub fn lines(workbook: &Workbook) -> Result<String, Error> {
    let root = &workbook.root;
    let of = workbook.names().filter_map(|name| layout::judging(root, name).ok());
    let files: BTreeSet<_> = of.flatten().collect();
    let lines = files.iter().map(|file| line(root, file));
    let lines: io::Result<Vec<_>> = lines.collect();
    let what = format!("cannot read the files of {FILE}");
    Ok(lines.map_err(Error::io(what))?.concat())
}

/// The files that judge this chapter and are not as they came, sorted. That is the list itself when it is missing.
///
/// # Errors
///
/// A file cannot be read.
pub fn edited(workbook: &Workbook, chapter: &Chapter) -> Result<Vec<String>, Error> {
    let root = &workbook.root;
    let list = match workbook.read(FILE) {
        Err(Error::Missing { .. }) => return Ok(vec![FILE.to_owned()]),
        other => other?,
    };
    let known: BTreeSet<_> = list.lines().map(str::trim_end).collect();
    let what = format!("cannot read the files of {}", chapter.name);
    let differing = || {
        let mut edited = vec![];
        for file in layout::judging(root, &chapter.name)? {
            if !known.contains(line(root, &file)?.trim_end()) {
                edited.push(file);
            }
        }
        Ok(edited)
    };
    differing().map_err(Error::io(what))
}

/// `00c0ffee00c0ffee tests/retries.rs`
fn line(root: &Path, file: &str) -> io::Result<String> {
    Ok(format!("{:016x} {file}\n", layout::fingerprint_of(root, file)?))
}
