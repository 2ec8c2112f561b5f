//! Copies of a workbook, or of a part of it, to work on: for the gate and for tests.

use std::{fs, path::Path};

use crate::Error;

/// Copies a folder and what it holds, without build output and version control.
///
/// # Errors
///
/// A file cannot be read or written.
pub fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let failed = |path: &Path| format!("cannot copy {}", path.display());
    fs::create_dir_all(to).map_err(Error::io(failed(to)))?;
    let entries = fs::read_dir(from).map_err(Error::io(failed(from)))?;
    for entry in entries.flatten() {
        let (source, name) = (entry.path(), entry.file_name());
        let skipped = ["target", ".git", ".workbook"];
        if source.is_dir() {
            if !skipped.iter().any(|skip| name == *skip) {
                copy(&source, &to.join(name))?;
            }
        } else {
            fs::copy(&source, to.join(name)).map_err(Error::io(failed(&source)))?;
        }
    }
    Ok(())
}
