//! The recorded runs that pages show: `book/runs/NAME/{solution,MISTAKE}.json`.

use std::path::{Path, PathBuf};

use record::Record;
use serde::{Deserialize, Serialize};

use crate::{files::read, problem::BookError};

/// Whose runs a file holds.
pub const SOLUTION: &str = "solution";

/// The runs of one answer that pages ask for.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runs {
    /// The first failing test, when a page shows its report.
    pub first_failure: Option<String>,
    /// One record a test, sorted by test path.
    pub records: Vec<Record>,
}

impl Runs {
    /// The run of one test.
    pub fn of(&self, test: &str) -> Option<&Record> {
        self.records.iter().find(|record| record.test == test)
    }

    /// The run whose report a page shows.
    pub fn first_failure(&self) -> Option<&Record> {
        self.of(self.first_failure.as_ref()?)
    }

    /// The text of the file: one record a line, so that a change shows where it is.
    ///
    /// # Errors
    ///
    /// Never in practice; a record is plain data.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let first = serde_json::to_string(&self.first_failure)?;
        let records: Vec<String> = self
            .records
            .iter()
            .map(serde_json::to_string)
            .collect::<Result<_, _>>()?;
        let records = records.join(",\n");
        Ok(format!(
            "{{\n\"first_failure\": {first},\n\"records\": [\n{records}\n]\n}}\n"
        ))
    }
}

/// Where the runs of `answer` to a chapter are kept.
pub fn path(root: &Path, chapter: &str, answer: &str) -> PathBuf {
    root.join("book/runs").join(chapter).join(format!("{answer}.json"))
}

/// The name of the file that holds a minute at the shop.
pub const SHOP: &str = "shop.txt";

/// Where what the shop says about a part is kept.
pub fn shop_path(root: &Path, chapter: &str) -> PathBuf {
    root.join("book/runs").join(chapter).join(SHOP)
}

/// What to say when a run that a page asks for was not made.
pub fn not_recorded(chapter: &str, answer: &str, what: &str) -> String {
    format!(
        "book/runs/{chapter}/{answer}.json does not hold {what}; \
         if the suite has that, `cargo run -p book -- record {chapter}` records it"
    )
}

/// Reads the runs of one answer; `None` when nothing was recorded yet.
///
/// # Errors
///
/// When the file cannot be read or is not a record.
pub fn load(path: &Path) -> Result<Option<Runs>, BookError> {
    if !path.is_file() {
        return Ok(None);
    }
    let runs: Runs = serde_json::from_str(&read(path)?)
        .map_err(|error| BookError::malformed(path, error))?;
    let lanes_exist =
        |r: &Record| r.events.iter().all(|event| event.lane < r.lanes.len());
    if !runs.records.iter().all(lanes_exist) {
        let why = "an event is on a lane that does not exist";
        return Err(BookError::malformed(path, why));
    }
    Ok(Some(runs))
}
