//! Where the records go: into the folder that `KIT_RECORD` names, sealed when the runner laid a key there.

use std::{path::PathBuf, sync::OnceLock};

use record::{Key, Record};

struct Folder {
    path: PathBuf,
    key: Option<Key>,
}

static FOLDER: OnceLock<Option<Folder>> = OnceLock::new();

/// Takes the key of the run away. Before any scenario runs: the code under test must not find it.
pub(crate) fn open() {
    FOLDER.get_or_init(|| {
        let path = PathBuf::from(std::env::var_os("KIT_RECORD")?);
        Some(Folder { key: Key::take(&path), path })
    });
}

/// Writes the record of a test, when records are wanted.
pub(crate) fn keep(record: &Record) {
    let Some(Some(folder)) = FOLDER.get() else {
        return;
    };
    let written = match &folder.key {
        Some(key) => record.write_sealed(&folder.path, key),
        None => record.write(&folder.path),
    };
    if let Err(error) = written {
        let (test, dir) = (&record.test, folder.path.display());
        panic!("KIT_RECORD: cannot write the record of {test} into {dir}: {error}");
    }
}
