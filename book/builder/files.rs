//! Reading files and folders of the workspace.

use std::path::Path;

use crate::problem::BookError;

/// Reads a text file and says which one when it cannot.
///
/// # Errors
///
/// When the file is missing or is not text.
pub fn read(path: &Path) -> Result<String, BookError> {
    std::fs::read_to_string(path).map_err(BookError::file("read", path))
}

/// All files in `folder` and below it, as paths from there with `/` on every machine, sorted. A
/// folder that is not there holds none.
pub fn below(folder: &Path) -> Vec<String> {
    let mut found = vec![];
    collect(folder, "", &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, before: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), found)
        } else {
            found.push(name)
        }
    }
}
