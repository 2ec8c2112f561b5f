//! Makes the runs that pages show: exactly those, each in a process of its own.

mod asked;
mod binary;

use std::{collections::BTreeMap, path::Path};

pub use asked::{Asked, Wanted, asked};
use binary::Binary;

use crate::{
    problem::BookError,
    runs::{self, SOLUTION},
};

/// Makes the records that the pages ask for, or with `check` only compares them.
///
/// Says which records changed, and whether any did.
///
/// # Errors
///
/// When an answer does not compile or a test that a page names does not exist.
pub fn record(
    root: &Path,
    only: Option<&str>,
    check: bool,
) -> Result<bool, BookError> {
    let asked = asked(root)?;
    if let Some(chapter) = only
        && !asked.keys().any(|(name, _)| name == chapter)
    {
        let text = format!("no page asks for a run of `{chapter}`");
        return Err(BookError::Program(text));
    }
    let mut binaries: BTreeMap<String, Binary> = BTreeMap::new();
    let mut stale = false;
    for ((chapter, answer), wanted) in &asked {
        if only.is_some_and(|only| only != chapter) {
            continue;
        }
        let target = if answer == SOLUTION { SOLUTION } else { chapter };
        if !binaries.contains_key(target) {
            binaries.insert(target.to_owned(), Binary::build(root, target)?);
        }
        let runs = binaries[target].runs(chapter, answer, wanted)?;
        let text = runs.to_text().map_err(|e| BookError::Program(e.to_string()))?;
        stale |= keep(&runs::path(root, chapter, answer), &text, check)?;
    }
    stale |= forget(root, &asked, check)?;
    if !stale {
        println!("Every record is what a run gives today.");
    }
    Ok(stale)
}

/// Writes a record when it is new, or only says that it is.
fn keep(path: &Path, text: &str, check: bool) -> Result<bool, BookError> {
    let before = std::fs::read_to_string(path).ok();
    if before.as_deref() == Some(text) {
        return Ok(false);
    }
    let name = path.display();
    let failed =
        |source| BookError::File { what: "write", path: name.to_string(), source };
    match check {
        true => println!("stale: {name}"),
        false => {
            std::fs::create_dir_all(path.parent().unwrap_or(path))
                .map_err(failed)?;
            std::fs::write(path, text).map_err(failed)?;
            println!("recorded: {name}");
        }
    }
    Ok(true)
}

/// Removes records that no page asks for.
fn forget(root: &Path, asked: &Asked, check: bool) -> Result<bool, BookError> {
    let mut stale = false;
    let chapters = std::fs::read_dir(root.join("book/runs")).into_iter().flatten();
    for file in chapters.flatten().flat_map(|chapter| {
        std::fs::read_dir(chapter.path()).into_iter().flatten().flatten()
    }) {
        let path = file.path();
        let known = asked
            .keys()
            .any(|(chapter, answer)| runs::path(root, chapter, answer) == path);
        if known || path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        stale = true;
        println!("{}: {}", if check { "unused" } else { "removed" }, path.display());
        if !check {
            let name = path.display().to_string();
            std::fs::remove_file(&path).map_err(|source| BookError::File {
                what: "remove",
                path: name,
                source,
            })?;
        }
    }
    Ok(stale)
}
