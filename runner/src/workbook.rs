//! The workbook: where its root is, which chapters it has, and which files belong to a chapter.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{Error, layout, nearest::nearest, text};

/// The workbook, as `workbook.toml` lists it.
#[derive(Debug)]
pub struct Workbook {
    /// The folder that holds `workbook.toml`.
    pub root: PathBuf,
    /// The chapters, in reading order.
    pub chapters: Vec<Chapter>,
}

/// One chapter: one entry in `workbook.toml` and the files of the same name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// The name that all its files share.
    pub name: String,
    /// The name as a heading.
    pub title: String,
    /// The part of the book it stands in.
    pub part: String,
    /// The chapters to have done before this one.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The crates it teaches.
    #[serde(default)]
    pub packages: Vec<String>,
    /// Whether it belongs to the network package, whose dependencies the others do not need.
    #[serde(default)]
    pub network: bool,
    /// Minutes to present it, at least and at most.
    pub talk: [u32; 2],
    /// Minutes to solve its core.
    pub work: [u32; 2],
    /// Minutes to look at answers together.
    pub review: [u32; 2],
    /// The steps that count as passed.
    pub core: Vec<usize>,
    /// The steps for experts.
    #[serde(default)]
    pub beyond: Vec<usize>,
    /// How many wrong answers the chapter must have.
    #[serde(default = "ten")]
    pub mistakes_at_least: usize,
}

fn ten() -> usize {
    10
}

#[derive(Deserialize)]
struct List {
    #[serde(default)]
    chapter: Vec<Chapter>,
}

impl Workbook {
    /// Finds the workbook that `from` lies in and reads its list of chapters.
    ///
    /// # Errors
    ///
    /// `from` is outside every workbook, or `workbook.toml` cannot be understood.
    pub fn find(from: &Path) -> Result<Self, Error> {
        let root = from
            .ancestors()
            .find(|folder| folder.join("workbook.toml").is_file())
            .ok_or_else(|| Error::Outside(from.to_owned()))?;
        Self::open(root)
    }

    /// Reads the workbook whose `workbook.toml` lies in `root`.
    ///
    /// # Errors
    ///
    /// `workbook.toml` cannot be read or understood.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let file = "workbook.toml";
        let list: List =
            toml::from_str(&text::read(root, file)?).map_err(|source| {
                Error::Unreadable { file: file.to_owned(), source: source.into() }
            })?;
        if list.chapter.is_empty() {
            return Err(Error::Broken("workbook.toml lists no chapter".to_owned()));
        }
        Ok(Self { root: root.to_owned(), chapters: list.chapter })
    }

    /// The chapter called `name`.
    ///
    /// # Errors
    ///
    /// No chapter has that name; the error lists the nearest ones.
    pub fn chapter(&self, name: &str) -> Result<&Chapter, Error> {
        Ok(&self.chapters[self.position(name)?])
    }

    /// The place of the chapter called `name` in the reading order, from 0.
    ///
    /// # Errors
    ///
    /// No chapter has that name; the error lists the nearest ones.
    pub fn position(&self, name: &str) -> Result<usize, Error> {
        let stem = name.trim_end_matches(".rs");
        let stem = stem.rsplit(['/', '\\']).next().unwrap_or(stem);
        self.names().position(|known| known == stem).ok_or_else(|| Error::Unknown {
            name: name.to_owned(),
            nearest: nearest(stem, self.names()),
        })
    }

    /// The names of all chapters, in reading order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.chapters.iter().map(|chapter| chapter.name.as_str())
    }

    /// Reads a file of the workbook.
    ///
    /// # Errors
    ///
    /// The file is missing, is not UTF-8, or cannot be read.
    pub fn read(&self, file: &str) -> Result<String, Error> {
        text::read(&self.root, file)
    }

    /// The folders right in `folder`, sorted, as paths from the root. A folder that is not there holds none.
    pub fn folders(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.join(folder)).into_iter().flatten();
        let mut found: Vec<String> = entries
            .flatten()
            .filter(|entry| entry.path().is_dir())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .map(|name| format!("{folder}/{name}"))
            .collect();
        found.sort();
        found
    }

    /// The wrong answers of a chapter, sorted, as paths from the root: neither the stub nor the lazy
    /// bodies, which nobody wrote by mistake.
    pub fn wrong_answers(&self, chapter: &Chapter) -> Vec<String> {
        let mut files = self.sources(&chapter.mistakes());
        files.extend(self.files(&chapter.mistakes(), ".diff"));
        files.retain(|file| stem(file) != "stub");
        files.sort_by(|one, other| stem(one).cmp(stem(other)));
        files
    }

    /// The right answers of a chapter beside the reference, sorted, as paths from the root.
    pub fn other_answers(&self, chapter: &Chapter) -> Vec<String> {
        let mut files = self.sources(&chapter.answers());
        files.retain(|file| stem(file) != "main");
        files
    }

    /// The `.rs` files right in `folder`, sorted, as paths from the root. A folder that is not there
    /// holds none.
    pub fn sources(&self, folder: &str) -> Vec<String> {
        self.files(folder, ".rs")
    }

    /// The files right in `folder` with this ending, sorted, as paths from the root.
    fn files(&self, folder: &str, ending: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.root.join(folder)) else {
            return Vec::new();
        };
        let mut found: Vec<String> = entries
            .flatten()
            .filter(|entry| entry.path().is_file())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|file| file.ends_with(ending))
            .map(|file| format!("{folder}/{file}"))
            .collect();
        found.sort();
        found
    }
}

impl Chapter {
    /// The learner's desk.
    pub fn exercise(&self) -> String {
        layout::exercise(&self.name)
    }

    /// The suite.
    pub fn suite(&self) -> String {
        format!("tests/{}.rs", self.name)
    }

    /// The reference solution.
    pub fn solution(&self) -> String {
        format!("solutions/{}.rs", self.name)
    }

    /// The folder of its other right answers.
    pub fn answers(&self) -> String {
        format!("solutions/{}", self.name)
    }

    /// The target of its answer key: the suite against every right answer.
    pub fn answer_key(&self) -> String {
        format!("solutions_{}", self.name)
    }

    /// The folder of its wrong answers.
    pub fn mistakes(&self) -> String {
        format!("mistakes/{}", self.name)
    }

    /// How its wrong answers fail.
    pub fn signatures(&self) -> String {
        format!("mistakes/{}/signatures.json", self.name)
    }

    /// The untouched exercise.
    pub fn stub(&self) -> String {
        format!("mistakes/{}/stub.rs", self.name)
    }

    /// The page of the book.
    pub fn page(&self) -> String {
        format!("book/src/{}.md", self.name)
    }

    /// The package it belongs to.
    pub fn package(&self) -> Package {
        if self.network { NETWORK } else { WORKBOOK }
    }

    /// The package of its wrong answers, which is also the name of their target.
    pub fn mistakes_package(&self) -> String {
        format!("mistakes_{}", self.name)
    }

    /// All steps, core first.
    pub fn steps(&self) -> impl Iterator<Item = usize> {
        self.core.iter().chain(&self.beyond).copied()
    }

    /// The step the learner is at: the first that does not pass, core before beyond.
    pub fn step_at(&self, passed: &[usize]) -> Option<usize> {
        self.steps().find(|step| !passed.contains(step))
    }

    /// The steps beyond the core that do not pass.
    pub fn open_beyond(&self, passed: &[usize]) -> Vec<usize> {
        let beyond = self.beyond.iter().copied();
        beyond.filter(|step| !passed.contains(step)).collect()
    }

    /// The untouched exercise as it lies on the desk: the stub with the way to its suite adapted.
    ///
    /// # Errors
    ///
    /// The stub cannot be read.
    pub fn pristine(&self, workbook: &Workbook) -> Result<String, Error> {
        let stub = workbook.read(&self.stub())?;
        Ok(stub.replace("\"../../tests/", "\"../tests/"))
    }
}

/// The package whose test targets an exercise and its answer key are, and where its manifest lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: &'static str,
    /// Its manifest, from the root.
    pub manifest: &'static str,
}

/// The chapters that need no network.
pub const WORKBOOK: Package = Package { name: "workbook", manifest: "Cargo.toml" };

/// The chapters about the network: a first verdict on the others compiles nothing for them.
pub const NETWORK: Package =
    Package { name: "network", manifest: "network/Cargo.toml" };

/// The stem of a path: `waits` for `mistakes/retries/waits.diff`.
pub fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    let rust = name.strip_suffix(".rs");
    rust.or_else(|| name.strip_suffix(".diff")).unwrap_or(name)
}
