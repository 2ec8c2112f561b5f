//! A folder of our own that goes away with its owner.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use crate::Error;

/// A fresh folder below the system's folder for temporary files.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folder.
    ///
    /// # Errors
    ///
    /// The system's folder for temporary files cannot be written.
    pub fn new() -> Result<Self, Error> {
        static NEXT: AtomicU32 = AtomicU32::new(0);

        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let name = format!("workbook-{}-{number}", std::process::id());
            let path = std::env::temp_dir().join(name);
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(source) => {
                    let what = format!("cannot make the folder {}", path.display());
                    return Err(Error::Io { what, source });
                }
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Why the result is dropped: what stays behind lies in the system's folder for such things.
        _ = fs::remove_dir_all(&self.0);
    }
}

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
