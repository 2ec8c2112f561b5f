//! Builds the pages: strictly for those who write, gently for those who read.

use std::{
    path::{Path, PathBuf},
    process,
};

use mdbook_driver::MDBook;

use crate::{
    links,
    preprocess::{Pages, Tolerated},
    problem::{BookError, none_of},
    repository::Repository,
    strict,
};

/// Where the pages go when nobody says otherwise.
pub fn default_out(root: &Path) -> PathBuf {
    root.join("book/out")
}

/// Builds the book of the workspace at `root` into `out`.
///
/// Pages are built beside `out` and take its place when everything is right: a wrong page
/// never destroys a good book.
///
/// # Errors
///
/// Whatever is wrong with a page, a listing, a record or a link.
pub fn build(root: &Path, out: &Path) -> Result<(), BookError> {
    put(out, |next| {
        let complaints = run_mdbook(root, next, Pages::default())?;
        if complaints.is_empty() {
            none_of(links::check(next)?)
        } else {
            Err(BookError::Render(complaints.join("\n")))
        }
    })
}

/// Builds the book for somebody who wants to read it: what is wrong with one page keeps
/// nobody from the others. Returns the problems, one sentence each.
///
/// # Errors
///
/// When there is no book at all: a file is missing or cannot be understood.
pub fn build_to_read(root: &Path, out: &Path) -> Result<Vec<String>, BookError> {
    put(out, |next| {
        let tolerated = Tolerated::default();
        let pages = Pages::tolerant(tolerated.clone());
        let complaints = run_mdbook(root, next, pages)?;
        let mut problems = tolerated.take();
        problems.extend(links::check(next)?);
        problems.sort();
        problems.dedup();
        Ok(problems.iter().map(ToString::to_string).chain(complaints).collect())
    })
}

/// Lets `fill` make the pages beside `out`, and puts them in its place.
fn put<T>(
    out: &Path,
    fill: impl FnOnce(&Path) -> Result<T, BookError>,
) -> Result<T, BookError> {
    let next = beside(out, "next");
    remove(&next)?;
    let filled = fill(&next);
    if filled.is_err() {
        let _ = std::fs::remove_dir_all(&next);
        return filled;
    }
    let old = beside(out, "old");
    remove(&old)?;
    if out.exists() {
        rename(out, &old)?;
    }
    rename(&next, out)?;
    remove(&old)?;
    filled
}

/// Renders the pages and returns what mdBook only logged.
fn run_mdbook(
    root: &Path,
    out: &Path,
    pages: Pages,
) -> Result<Vec<String>, BookError> {
    let failed =
        |error: &dyn std::fmt::Display| BookError::Render(error.to_string());
    let (result, complaints) = strict::complaints(|| {
        let mut book = MDBook::load(root.join("book"))?;
        book.config.build.build_dir = out.to_path_buf();
        if let Some(edit) = Repository::load(root)?.edit() {
            book.config.set("output.html.edit-url-template", edit)?;
        }
        book.with_preprocessor(pages);
        book.build()
    });
    match result {
        Err(error) => {
            Err(error.downcast::<BookError>().unwrap_or_else(|e| failed(&e)))
        }
        Ok(()) => Ok(complaints),
    }
}

fn beside(out: &Path, word: &str) -> PathBuf {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    out.with_file_name(format!("{name}.{word}-{}", process::id()))
}

fn remove(folder: &Path) -> Result<(), BookError> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(BookError::file("remove", folder))
    } else {
        Ok(())
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), BookError> {
    std::fs::rename(from, to).map_err(BookError::file("move", from))
}
