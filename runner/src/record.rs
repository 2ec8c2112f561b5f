//! What the kit writes about a test when `KIT_RECORD` names a folder: the fields that the runner needs.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

/// The record of one test.
#[derive(Debug, Clone, Deserialize)]
pub struct Record {
    /// The test path, from `step_` on.
    pub test: String,
    /// The code of the rule it enforces.
    #[serde(default)]
    pub rule: String,
    /// `passed` or `failed`.
    pub outcome: String,
    /// How it failed: `RULE`, `TODO`, `PANIC`, `STALL`, ….
    #[serde(default)]
    pub kind: Option<String>,
    /// The sentence of the rule that does not hold.
    #[serde(default)]
    pub message: String,
    /// The first difference between what was expected and what was seen.
    #[serde(default)]
    pub difference: Option<String>,
    /// The whole plain text report.
    #[serde(default)]
    pub report: Option<String>,
}

/// Reads every record in `folder`, by test path. A file that was cut short is left out: its test did
/// not end.
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
