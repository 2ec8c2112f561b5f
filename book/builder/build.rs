//! Builds the pages, strictly.

use std::{
    path::{Path, PathBuf},
    process,
};

use mdbook_driver::MDBook;

use crate::{
    links, preprocess::Pages, problem::BookError, problem::none_of, strict,
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
    let next = beside(out, "next");
    remove(&next)?;
    let built = render(root, &next).and_then(|()| none_of(links::check(&next)?));
    if built.is_err() {
        let _ = std::fs::remove_dir_all(&next);
        return built;
    }
    let old = beside(out, "old");
    remove(&old)?;
    if out.exists() {
        rename(out, &old)?;
    }
    rename(&next, out)?;
    remove(&old)
}

fn render(root: &Path, out: &Path) -> Result<(), BookError> {
    let failed =
        |error: &dyn std::fmt::Display| BookError::Render(error.to_string());
    let (result, complaints) = strict::complaints(|| {
        let mut book = MDBook::load(root.join("book"))?;
        book.config.build.build_dir = out.to_path_buf();
        book.with_preprocessor(Pages);
        book.build()
    });
    match result {
        Err(error) => {
            Err(error.downcast::<BookError>().unwrap_or_else(|e| failed(&e)))
        }
        Ok(()) if complaints.is_empty() => Ok(()),
        Ok(()) => Err(BookError::Render(complaints.join("\n"))),
    }
}

fn beside(out: &Path, word: &str) -> PathBuf {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    out.with_file_name(format!("{name}.{word}-{}", process::id()))
}

fn remove(folder: &Path) -> Result<(), BookError> {
    match folder.exists() {
        true => std::fs::remove_dir_all(folder).map_err(file("remove", folder)),
        false => Ok(()),
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), BookError> {
    std::fs::rename(from, to).map_err(file("move", from))
}

fn file(
    what: &'static str,
    path: &Path,
) -> impl FnOnce(std::io::Error) -> BookError {
    let path = path.display().to_string();
    move |source| BookError::File { what, path, source }
}
