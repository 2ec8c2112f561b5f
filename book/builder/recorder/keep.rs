//! Records on disk: written, or only compared.

use std::path::Path;

use crate::problem::BookError;

/// Writes a record when it is new, or only says that it is. Whether it is.
///
/// # Errors
///
/// A file cannot be written.
pub fn keep(path: &Path, text: &str, check: bool) -> Result<bool, BookError> {
    let before = std::fs::read_to_string(path).ok();
    if before.as_deref() == Some(text) {
        return Ok(false);
    }
    let name = path.display();
    if check {
        println!("stale: {name}");
        return Ok(true);
    }
    std::fs::create_dir_all(path.parent().unwrap_or(path))
        .and_then(|()| std::fs::write(path, text))
        .map_err(BookError::file("write", path))?;
    println!("recorded: {name}");
    Ok(true)
}

/// Removes a record, or only says that it is unused.
///
/// # Errors
///
/// A file cannot be written.
pub fn remove(path: &Path, check: bool) -> Result<bool, BookError> {
    println!("{}: {}", if check { "unused" } else { "removed" }, path.display());
    if !check {
        std::fs::remove_file(path).map_err(BookError::file("remove", path))?;
    }
    Ok(true)
}
