//! The seal on a record: whoever wrote it had the key of the run.
//!
//! The key lies in the folder of the records until the kit takes it away, which is before any code under test
//! runs. From then on only the memory of the process holds it, and each run has another. So a record that
//! the code under test writes, copies or changes is told from one of the kit. Only the standard library is
//! used here, because a kit without dependencies includes this file too.

use std::{
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    io,
    path::{Path, PathBuf},
};

/// The file of the key.
const FILE: &str = "key";

/// What a run seals its records with.
#[derive(Debug)]
pub struct Key(u64, u64);

impl Key {
    /// A key that nobody knows.
    pub fn fresh() -> Self {
        let random = || RandomState::new().hash_one(());
        Self(random(), random())
    }

    /// Lays the key into the folder of a run's records.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn lay(&self, folder: &Path) -> io::Result<()> {
        fs::write(folder.join(FILE), format!("{:016x} {:016x}", self.0, self.1))
    }

    /// Takes the key away from the folder. None where there is none.
    pub fn take(folder: &Path) -> Option<Self> {
        let file = folder.join(FILE);
        let text = fs::read_to_string(&file).ok()?;
        fs::remove_file(file).ok()?;
        let (one, other) = text.split_once(' ')?;
        let number = |text| u64::from_str_radix(text, 16).ok();
        Some(Self(number(one)?, number(other)?))
    }

    /// Writes a record's text, and its seal beside it.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub fn write(&self, file: &Path, text: &str) -> io::Result<()> {
        // Why the seal first: a process that is killed leaves no record without one.
        fs::write(seal(file), self.of(text.as_bytes()))?;
        fs::write(file, text)
    }

    /// Whether the text of a file is what was sealed with this key.
    pub fn holds(&self, file: &Path, text: &[u8]) -> bool {
        fs::read_to_string(seal(file)).is_ok_and(|seal| seal == self.of(text))
    }

    fn of(&self, text: &[u8]) -> String {
        // Why this one: it is a keyed hash, and the only one of the standard library that takes its key.
        #[expect(deprecated)]
        let mut hasher = std::hash::SipHasher::new_with_keys(self.0, self.1);
        hasher.write(text);
        format!("{:016x}", hasher.finish())
    }
}

fn seal(file: &Path) -> PathBuf {
    file.with_extension("seal")
}
