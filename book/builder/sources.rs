//! What directives show parts of, read once for the whole book, and what they have shown.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    rc::Rc,
};

use runner::{
    Chapter, Workbook,
    mistake::{self, Mistake},
};

use crate::{
    excerpt::SourceFile,
    files::{below, read},
    glossary::Glossary,
    problem::{BookError, Problem},
    repository::Repository,
    runs::{self, Runs},
    versions::Versions,
};

/// Where code may come from: files that are compiled whatever a learner does.
pub const COMPILED: [&str; 5] =
    ["solutions/", "tests/", "mistakes/", "examples/", "book/snippets/"];

/// The sources of one book.
pub struct Sources {
    /// The chapters.
    pub workbook: Workbook,
    /// What the pages were proven with.
    pub versions: Versions,
    /// Where the sources can be read.
    pub repository: Repository,
    /// The words that pages link to.
    pub glossary: Glossary,
    files: RefCell<BTreeMap<String, Rc<SourceFile>>>,
    runs: RefCell<BTreeMap<PathBuf, Rc<Runs>>>,
    shown: RefCell<BTreeSet<(String, String)>>,
    figures: RefCell<BTreeMap<String, usize>>,
}

impl Sources {
    /// The sources under `root`.
    ///
    /// # Errors
    ///
    /// When the list of chapters or the versions cannot be read.
    pub fn load(root: &Path) -> Result<Self, BookError> {
        Ok(Self {
            workbook: Workbook::open(root)?,
            versions: Versions::load(root)?,
            repository: Repository::load(root)?,
            glossary: Glossary::load(root)?,
            files: RefCell::default(),
            runs: RefCell::default(),
            shown: RefCell::default(),
            figures: RefCell::default(),
        })
    }

    /// The chapter of that name.
    ///
    /// # Errors
    ///
    /// When `workbook.toml` has none.
    pub fn chapter(&self, name: &str) -> Result<&Chapter, String> {
        let missing = || format!("workbook.toml has no chapter `{name}`");
        let mut chapters = self.workbook.chapters.iter();
        chapters.find(|chapter| chapter.name == name).ok_or_else(missing)
    }

    /// A file of Rust, by its path from the root. That of a difference is the answer it makes.
    ///
    /// # Errors
    ///
    /// When there is none, or the difference does not apply.
    pub fn file(&self, name: &str) -> Result<Rc<SourceFile>, String> {
        if let Some(file) = self.files.borrow().get(name) {
            return Ok(file.clone());
        }
        let text = match name.strip_prefix("mistakes/") {
            Some(below) if name.ends_with(".diff") => self.made(below)?,
            _ => read(&self.workbook.root.join(name))
                .map_err(|_| format!("there is no file `{name}`"))?,
        };
        let file = Rc::new(SourceFile::new(text));
        self.files.borrow_mut().insert(name.to_owned(), file.clone());
        Ok(file)
    }

    /// The answer that `NAME/x.diff` makes.
    fn made(&self, below: &str) -> Result<String, String> {
        let (chapter, name) = below.split_once('/').unwrap_or_default();
        let mistake = self.mistake(chapter, name)?;
        mistake.whole().map(str::to_owned).map_err(|why| why.to_string())
    }

    /// A wrong answer of a chapter, by its name or the name of its file.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn mistake(&self, chapter: &str, name: &str) -> Result<Mistake, String> {
        let chapter = self.chapter(chapter)?;
        mistake::find(&self.workbook, chapter, name).map_err(|why| why.to_string())
    }

    /// The recorded runs of `answer`, the solution or a mistake.
    ///
    /// # Errors
    ///
    /// When there are none or the record cannot be understood.
    pub fn runs(&self, chapter: &str, answer: &str) -> Result<Rc<Runs>, String> {
        let path = runs::path(&self.workbook.root, chapter, answer);
        if let Some(runs) = self.runs.borrow().get(&path) {
            return Ok(runs.clone());
        }
        let runs = runs::load(&path)
            .map_err(|error| error.to_string())?
            .ok_or_else(|| runs::not_recorded(chapter, answer, "anything"))?;
        let runs = Rc::new(runs);
        self.runs.borrow_mut().insert(path, runs.clone());
        Ok(runs)
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

    /// Anchors of compiled files that no page shows.
    pub fn unused_anchors(&self) -> Vec<Problem> {
        let shown = self.shown.borrow();
        let mut problems = vec![];
        for folder in COMPILED {
            let files = below(&self.workbook.root.join(folder));
            for name in files.iter().filter(|name| name.ends_with(".rs")) {
                let name = format!("{folder}{name}");
                let Ok(file) = self.file(&name) else { continue };
                for (line, anchor) in file.anchors() {
                    if !shown.contains(&(name.clone(), anchor.to_owned())) {
                        let text = format!("no page shows the anchor `{anchor}`");
                        problems.push(Problem::at(&name, line, text));
                    }
                }
            }
        }
        problems
    }
}

/// The root of the workspace: the nearest folder upwards that holds `workbook.toml`.
///
/// # Errors
///
/// When neither the current directory nor the manifest's has one above it.
pub fn find_root() -> Result<PathBuf, BookError> {
    let here = std::env::current_dir()
        .map_err(BookError::file("see", Path::new("the current directory")))?;
    let found = Workbook::find(&here).or_else(|outside| {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        manifest.map_or(Err(outside), |folder| Workbook::find(&folder))
    });
    Ok(found?.root)
}
