//! A folder of records: one file a test.

use std::{collections::BTreeMap, fs, io, path::Path};

use crate::{Key, Record};

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
        fs::write(folder.join(file_name(&self.test)), self.text()?)
    }

    /// Writes the record into `folder`, sealed with the key of the run.
    ///
    /// # Errors
    ///
    /// The file or its seal cannot be written.
    pub fn write_sealed(&self, folder: &Path, key: &Key) -> io::Result<()> {
        key.write(&folder.join(file_name(&self.test)), &self.text()?)
    }

    fn text(&self) -> io::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
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

/// What lies in the folder of a run.
#[derive(Debug, Default)]
pub struct Sealed {
    /// The records that the kit wrote, by test path.
    pub records: BTreeMap<String, Record>,
    /// The tests of which there is a record that somebody else wrote, sorted.
    pub foreign: Vec<String>,
}

/// Every record in `folder`. A file that was cut short is left out: its test did not end.
pub fn read_sealed(folder: &Path, key: &Key) -> Sealed {
    let mut found = Sealed::default();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let file = entry.path();
        let bytes = fs::read(&file).unwrap_or_default();
        let Ok(record) = serde_json::from_slice::<Record>(&bytes) else {
            continue;
        };
        if key.holds(&file, &bytes) {
            found.records.insert(record.test.clone(), record);
        } else {
            found.foreign.push(record.test);
        }
    }
    found.foreign.sort();
    found
}
