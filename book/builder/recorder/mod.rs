//! Makes the runs that pages show, and no others.

mod answers;
mod asked;
mod keep;
mod shop;

use std::{collections::BTreeMap, path::Path};

use answers::Answers;
use asked::{Asked, asked, shops};
use keep::{keep, remove};
use runner::{Workbook, process::Stop, target::Target};

use crate::{
    files::below,
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
    let (asked, shops) = (asked(root)?, shops(root)?);
    if let Some(chapter) = only
        && !asked.keys().any(|(name, _)| name == chapter)
        && !shops.contains(chapter)
    {
        let text = format!("no page asks for a run of `{chapter}`");
        return Err(BookError::Run(text));
    }
    let workbook = Workbook::open(root)?;
    let stop = Stop::on_interrupt()?;
    let mut compiled: BTreeMap<String, Answers> = BTreeMap::new();
    let mut stale = false;
    for ((chapter, answer), wanted) in &asked {
        if only.is_some_and(|only| only != chapter) {
            continue;
        }
        let listed = workbook.chapter(chapter)?;
        let target = match answer.as_str() {
            SOLUTION => Target::answer_key(listed),
            _ => Target::wrong_answers(listed),
        };
        if !compiled.contains_key(target.name()) {
            let answers = Answers::build(root, &target, &stop)?;
            compiled.insert(target.name().to_owned(), answers);
        }
        let runs = compiled[target.name()].runs(chapter, answer, wanted)?;
        let text = runs.to_text().map_err(|e| BookError::Run(e.to_string()))?;
        stale |= keep(&runs::path(root, chapter, answer), &text, check)?;
    }
    stale |= forget(root, &asked, check)?;
    stale |= shop::record(root, &shops, only, check, &stop)?;
    if !stale {
        println!("Every record is what a run gives today.");
    }
    Ok(stale)
}

/// Removes records that no page asks for.
fn forget(root: &Path, asked: &Asked, check: bool) -> Result<bool, BookError> {
    let folder = root.join("book/runs");
    let known: Vec<_> = asked
        .keys()
        .map(|(chapter, answer)| runs::path(root, chapter, answer))
        .collect();
    let mut stale = false;
    for name in below(&folder).iter().filter(|name| name.ends_with(".json")) {
        let path = folder.join(name);
        if known.contains(&path) {
            continue;
        }
        stale |= remove(&path, check)?;
    }
    Ok(stale)
}
