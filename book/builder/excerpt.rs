//! Parts of compiled files: an anchor, an item by its name, or the whole file.

use std::cell::OnceCell;

use crate::items::{Item, items};

/// A part of a file, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The lines without anchors and without the indentation they share.
    pub lines: Vec<String>,
    /// The number of the first line in its file, counted from 1.
    pub first_line: usize,
}

/// Why a part could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExcerptError {
    /// Neither an anchor nor an item has the name.
    #[error("there is no anchor and no item `{0}` in it")]
    Missing(String),
    /// The name means more than one place.
    #[error("`{0}` could be any of {1}; write more of the path")]
    Ambiguous(String, String),
    /// An anchor that starts and never ends, or ends and never started.
    #[error(
        "anchor `{0}` needs one `ANCHOR:` line and one `ANCHOR_END:` line after it"
    )]
    Unbalanced(String),
    /// The file is not Rust.
    #[error("it is not Rust: {0}")]
    NotRust(String),
}

/// The name in a line such as `// ANCHOR: name`.
fn anchor<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let rest = line.trim().strip_prefix("//")?.trim_start();
    Some(rest.strip_prefix(word)?.strip_prefix(':')?.trim())
}

fn is_anchor_line(line: &str) -> bool {
    anchor(line, "ANCHOR").or_else(|| anchor(line, "ANCHOR_END")).is_some()
}

/// A Rust file, parsed at most once.
#[derive(Debug)]
pub struct SourceFile {
    text: String,
    items: OnceCell<Result<Vec<Item>, String>>,
}

impl SourceFile {
    /// A file with this text.
    pub fn new(text: String) -> Self {
        Self { text, items: OnceCell::new() }
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of all anchors, with their lines.
    pub fn anchors(&self) -> Vec<(usize, &str)> {
        let lines = (1..).zip(self.text.lines());
        lines
            .filter_map(|(number, line)| Some((number, anchor(line, "ANCHOR")?)))
            .collect()
    }

    /// The part called `name`: an anchor, or an item such as `retry`, `fn retry`, `Policy::new`,
    /// `impl Policy` or `mod step_1_returns`.
    ///
    /// # Errors
    ///
    /// When no part or more than one has the name.
    pub fn part(&self, name: &str) -> Result<Excerpt, ExcerptError> {
        if self.anchors().iter().any(|(_, anchor)| *anchor == name) {
            return anchored(&self.text, name);
        }
        let items = self.items.get_or_init(|| items(&self.text));
        let items =
            items.as_ref().map_err(|why| ExcerptError::NotRust(why.clone()))?;
        match called(items, name).as_slice() {
            [] => Err(ExcerptError::Missing(name.into())),
            [item] => Ok(cut(&self.text, item.lines.0, item.lines.1)),
            many => {
                let paths: Vec<String> =
                    many.iter().map(|item| format!("`{}`", item.path)).collect();
                Err(ExcerptError::Ambiguous(name.into(), paths.join(", ")))
            }
        }
    }

    /// The whole file, without its `//!` header and without the lines that hang the suite on.
    pub fn whole(&self) -> Excerpt {
        let lines: Vec<&str> = self.text.lines().collect();
        let first = lines
            .iter()
            .position(|line| !line.starts_with("//!") && !line.trim().is_empty())
            .unwrap_or(lines.len());
        let last = lines
            .iter()
            .rposition(|line| line.trim() == "#[cfg(test)]")
            .filter(|at| lines[*at..].iter().any(|line| line.trim() == "mod tests;"))
            .unwrap_or(lines.len());
        cut(&self.text, first + 1, last.max(first))
    }
}

/// The items that `name` may mean: those with that very path, else those whose path ends with it.
fn called<'a>(items: &'a [Item], name: &str) -> Vec<&'a Item> {
    let (kind, path) = kind_and_path(name);
    let suffix = format!("::{path}");
    let candidates =
        || items.iter().filter(|item| kind.is_none_or(|kind| kind == item.kind));
    let exact: Vec<_> = candidates().filter(|item| item.path == path).collect();
    if exact.is_empty() {
        candidates().filter(|item| item.path.ends_with(&suffix)).collect()
    } else {
        exact
    }
}

/// `fn retry` is the function `retry`; without a word in front any kind of item will do.
fn kind_and_path(name: &str) -> (Option<&str>, &str) {
    match name.split_once(' ') {
        Some(("impl", _)) | None => (None, name),
        Some((kind, path)) => (Some(kind), path.trim()),
    }
}

fn anchored(text: &str, name: &str) -> Result<Excerpt, ExcerptError> {
    let places = |word: &str| -> Vec<usize> {
        let lines = text.lines().enumerate();
        lines
            .filter(|(_, line)| anchor(line, word) == Some(name))
            .map(|(i, _)| i)
            .collect()
    };
    match (places("ANCHOR").as_slice(), places("ANCHOR_END").as_slice()) {
        ([start], [end]) if start < end => Ok(cut(text, start + 2, *end)),
        _ => Err(ExcerptError::Unbalanced(name.into())),
    }
}

/// Lines `first` to `last`, both included and counted from 1.
fn cut(text: &str, first: usize, last: usize) -> Excerpt {
    let mut lines: Vec<&str> = text
        .lines()
        .skip(first - 1)
        .take((last + 1).saturating_sub(first))
        .filter(|line| !is_anchor_line(line))
        .collect();
    let blank = lines.iter().take_while(|line| line.trim().is_empty()).count();
    lines.drain(..blank);
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let filled = lines.iter().filter(|line| !line.trim().is_empty());
    let shared = filled.map(indent).min().unwrap_or(0);
    Excerpt {
        lines: lines
            .iter()
            .map(|l| l.get(shared..).unwrap_or("").to_owned())
            .collect(),
        first_line: first + blank,
    }
}

#[cfg(test)]
#[path = "excerpt_tests.rs"]
mod tests;
