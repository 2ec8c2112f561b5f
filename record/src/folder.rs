//! A folder of records: one file a test.

use std::{collections::BTreeMap, fs, io, path::Path};

use crate::Record;

/// The name of the file that holds the record of `test`, a path from `step_` on.
pub fn file_name(test: &str) -> String {
    format!("{}.json", test.replace("::", "."))
}

impl Record {
    /// Writes the record into `folder`, which must be there.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        fs::write(folder.join(file_name(&self.test)), text + "\n")
    }

    /// Reads the record of `test` from `folder`.
    ///
    /// # Errors
    ///
    /// There is no such file, or it holds no record.
    pub fn read(folder: &Path, test: &str) -> io::Result<Self> {
        let bytes = fs::read(folder.join(file_name(test)))?;
        Ok(serde_json::from_slice(&bytes)?)
    }
}

/// Every record in `folder`, by test path. A file that was cut short is left out: its test did not
/// end.
pub fn read_all(folder: &Path) -> BTreeMap<String, Record> {
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    entries
        .flatten()
        .filter_map(|entry| fs::read(entry.path()).ok())
        .filter_map(|bytes| serde_json::from_slice::<Record>(&bytes).ok())
        .map(|record| (record.test.clone(), record))
        .collect()
}
