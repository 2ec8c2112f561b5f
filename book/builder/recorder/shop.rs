//! Records what the shop says about each of its parts.

use std::{collections::BTreeSet, path::Path};

use runner::{
    cargo,
    process::{self, Ending, Limits, Stop},
};

use super::keep::{keep, remove};
use crate::{
    files::below,
    problem::BookError,
    runs::{SHOP, shop_path},
};

/// Makes the comparisons that the pages ask for, or with `check` only compares them. Whether any changed.
///
/// # Errors
///
/// When the shop cannot be run.
pub fn record(
    root: &Path,
    asked: &BTreeSet<String>,
    only: Option<&str>,
    check: bool,
    stop: &Stop,
) -> Result<bool, BookError> {
    let mut stale = false;
    for name in asked.iter().filter(|name| only.is_none_or(|only| only == *name)) {
        let mut command = cargo::command(root);
        command.args(["run", "--quiet", "--example", "shop", "--"]);
        command.args(["--reference", "--compare", name]);
        let ended = process::run(&mut command, Limits::BUILD, stop, &mut |_, _| {})?;
        if ended.ending != Ending::Exited(0) {
            let said = format!("{}{}", ended.stdout.text, ended.stderr.text);
            let text =
                format!("the shop has nothing to compare for {name}:\n{said}");
            return Err(BookError::Run(text));
        }
        let path = shop_path(root, name);
        stale |= keep(&path, &ended.stdout.text, check)?;
    }
    for name in below(&root.join("book/runs")) {
        let chapter = name.strip_suffix(SHOP).and_then(|it| it.strip_suffix('/'));
        if chapter.is_some_and(|chapter| !asked.contains(chapter)) {
            stale |= remove(&root.join("book/runs").join(name), check)?;
        }
    }
    Ok(stale)
}
