//! Compares `SUMMARY.md` with the pages there are and with the order of `workbook.toml`.

use std::path::Path;

use mdbook_preprocessor::book::{Book, BookItem};
use runner::Workbook;

use crate::{files::below, problem::Problem};

/// A page of the book: its file below `src`, and its title in `SUMMARY.md`.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The file, with `/` on every machine.
    pub file: String,
    /// The title.
    pub title: String,
}

/// The pages of a book in order.
pub fn entries(book: &Book) -> Vec<Entry> {
    book.iter()
        .filter_map(|item| match item {
            BookItem::Chapter(chapter) => Some(Entry {
                file: slashes(chapter.source_path.as_deref()?),
                title: chapter.name.clone(),
            }),
            _ => None,
        })
        .collect()
}

/// Everything in which the summary and the rest of the workbook differ.
pub fn check(workbook: &Workbook, source: &str, entries: &[Entry]) -> Vec<Problem> {
    let summary = format!("book/{source}/SUMMARY.md");
    let wrong = |text: String| Problem::at(&summary, 0, text);
    let mut problems = vec![];
    let mut files = below(&workbook.root.join("book").join(source));
    files.retain(|file| file.ends_with(".md") && file != "SUMMARY.md");
    for file in files {
        if !entries.iter().any(|entry| entry.file == file) {
            problems.push(wrong(format!("`{file}` is not in it")));
        }
    }
    let mut last = 0;
    for entry in entries {
        let name = entry.file.strip_suffix(".md").unwrap_or(&entry.file);
        let position = workbook.chapters.iter().position(|c| c.name == name);
        let Some(position) = position else { continue };
        let title = &workbook.chapters[position].title;
        if title != &entry.title {
            let text = format!("`{name}` is called \"{title}\" in workbook.toml");
            problems.push(wrong(text));
        }
        if position < last {
            let text = format!("`{name}` comes earlier in workbook.toml");
            problems.push(wrong(text));
        }
        last = last.max(position);
    }
    problems
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
