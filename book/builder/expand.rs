//! Turns directives into Markdown and HTML.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use runner::Chapter;

use crate::{
    directive::Directive,
    problem::{Problem, read},
    show::{chapter, code, runs},
    source,
    workbook::Workbook,
};

/// Why a directive cannot be expanded.
#[derive(Debug)]
pub enum Wrong {
    /// For a reason that belongs to the line of the directive.
    Here(String),
    /// For reasons in the file it shows.
    There(Vec<Problem>),
}

impl From<String> for Wrong {
    fn from(text: String) -> Self {
        Self::Here(text)
    }
}

/// Expands directives and remembers what was shown.
pub struct Expander<'a> {
    /// The book.
    pub workbook: &'a Workbook,
    shown: RefCell<BTreeSet<(String, String)>>,
    figures: RefCell<BTreeMap<String, usize>>,
}

impl<'a> Expander<'a> {
    /// An expander for the pages of one book.
    pub fn new(workbook: &'a Workbook) -> Self {
        Self { workbook, shown: RefCell::default(), figures: RefCell::default() }
    }

    /// The text that stands for `directive` in the page.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, each with its own place or that of the directive.
    pub fn expand(
        &self,
        directive: &Directive,
        page: &str,
        line: usize,
    ) -> Result<String, Vec<Problem>> {
        let expanded = match directive {
            Directive::Code { file, parts } => code::code(self, file, parts),
            Directive::Contract(name) => chapter::contract(self, name),
            Directive::Minutes(name) => chapter::minutes(self, name),
            Directive::Mistakes(name) => chapter::mistakes(self, name),
            Directive::Report { chapter, mistake } => {
                runs::report(self, chapter, mistake)
            }
            Directive::Timeline { chapter, test, mistake } => {
                runs::timeline(self, chapter, test, mistake.as_deref())
            }
        };
        expanded.map_err(|wrong| match wrong {
            Wrong::Here(text) => vec![Problem::at(page, line, text)],
            Wrong::There(problems) => problems,
        })
    }

    /// Notes that a page shows this part of a file.
    pub fn note_shown(&self, file: &str, part: &str) {
        self.shown.borrow_mut().insert((file.to_owned(), part.to_owned()));
    }

    /// An id for a picture that no other picture of the book has.
    pub fn figure_id(&self, chapter: &str) -> String {
        let mut figures = self.figures.borrow_mut();
        let number = figures.entry(chapter.to_owned()).or_default();
        *number += 1;
        format!("timeline-{chapter}-{number}")
    }

    /// The chapter of that name.
    ///
    /// # Errors
    ///
    /// When `workbook.toml` has none.
    pub fn chapter(&self, name: &str) -> Result<&Chapter, String> {
        let missing = || format!("workbook.toml has no chapter `{name}`");
        self.workbook.chapter(name).ok_or_else(missing)
    }

    /// Anchors of compiled files that no page shows.
    pub fn unused_anchors(&self) -> Vec<Problem> {
        let shown = self.shown.borrow();
        let root = &self.workbook.root;
        let mut problems = vec![];
        for file in code::COMPILED.iter().flat_map(|folder| rust_files(root, folder))
        {
            let text = read(&root.join(&file)).unwrap_or_default();
            for (line, anchor) in source::anchors(&text) {
                if !shown.contains(&(file.clone(), anchor.to_owned())) {
                    let text = format!("no page shows the anchor `{anchor}`");
                    problems.push(Problem::at(&file, line, text));
                }
            }
        }
        problems
    }
}

/// All Rust files below a folder, from the root of the workspace, sorted.
pub fn rust_files(root: &Path, folder: &str) -> Vec<String> {
    let mut files = vec![];
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
        return files;
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}{name}");
        if entry.path().is_dir() {
            files.extend(rust_files(root, &format!("{path}/")));
        } else if name.ends_with(".rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}
