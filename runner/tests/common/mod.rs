//! Scratch workbooks below the target folder.

#![allow(dead_code)] // Why: each test target uses its part.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use runner::Workbook;

/// A folder below the target folder that is emptied when it is made.
fn folder(name: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);

    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("{name}-{}-{number}", std::process::id());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if path.exists() {
        fs::remove_dir_all(&path).unwrap();
    }
    fs::create_dir_all(&path).unwrap();
    path
}

/// A copy of a workbook that goes away with its owner.
pub struct Copy {
    /// Where it is.
    pub root: PathBuf,
}

impl Drop for Copy {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.root);
    }
}

impl Copy {
    /// A copy that holds nothing yet, in a folder whose name begins with `name`.
    pub fn empty(name: &str) -> Self {
        Self { root: folder(name) }
    }

    /// Reads a file of the copy.
    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file)).unwrap()
    }

    /// Writes a file of the copy.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces a text that must be there.
    pub fn replace(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert!(text.contains(old), "{file} holds no {old:?}");
        self.write(file, &text.replacen(old, new, 1));
    }

    /// The workbook in the copy.
    pub fn workbook(&self) -> Workbook {
        Workbook::open(&self.root).unwrap()
    }
}
