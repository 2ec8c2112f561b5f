//! Everything the gate reads about one chapter, read once.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use runner::{
    Chapter, Error, Workbook, contract,
    header::Headers,
    layout,
    mistake::{self, Mistake},
    page::{self, Page},
    workbook::stem,
};

use crate::{
    rust,
    suite::{self, Suite},
};

/// The texts of one chapter.
#[derive(Debug)]
pub struct Material<'a> {
    /// The workbook.
    pub workbook: &'a Workbook,
    /// The chapter.
    pub chapter: &'a Chapter,
    /// The untouched exercise.
    pub stub: Source,
    /// The reference solution first, then the other right answers.
    pub answers: Vec<Source>,
    /// The wrong answers.
    pub mistakes: Vec<Source>,
    /// The same as they lie in the repository, in the same order.
    pub as_written: Vec<Mistake>,
    /// The lazy bodies.
    pub lazy: Vec<Source>,
    /// The files of the suite with their texts, the one that holds the steps first.
    pub suite_files: Vec<(String, String)>,
    /// The suite's structure.
    pub suite: Suite,
    /// The page's text.
    pub page_text: String,
    /// The page's structure.
    pub page: Page,
    /// The rules of the stub.
    pub rules: Vec<(usize, String)>,
}

/// One answer, right or wrong.
#[derive(Debug)]
pub struct Source {
    /// The file, from the root.
    pub file: String,
    /// Its stem.
    pub name: String,
    /// Its text. That of a difference is the answer it makes; empty when it makes none.
    pub text: String,
    /// Its headers.
    pub headers: Headers,
    /// Its module in the binary it is compiled into.
    pub module: String,
}

impl Source {
    fn read(
        workbook: &Workbook,
        file: String,
        module: String,
    ) -> Result<Self, Error> {
        let text = workbook.read(&file)?;
        Ok(Self {
            name: stem(&file).to_owned(),
            headers: Headers::read(&text),
            file,
            text,
            module,
        })
    }

    /// A wrong answer, with what it says of itself beside it.
    fn of(mistake: &Mistake) -> Self {
        Self {
            file: mistake.file.clone(),
            name: mistake.name.clone(),
            text: mistake.answer.clone().unwrap_or_default(),
            headers: mistake.headers.clone(),
            module: mistake.name.clone(),
        }
    }

    /// Its tokens; none when it is no Rust, which its compiler says better.
    pub fn tokens(&self) -> TokenStream {
        rust::tokens(&self.file, &self.text).unwrap_or_default()
    }
}

/// The right answers of a chapter, the reference first: the file of each, and its module in the answer key.
pub fn right_answers(
    workbook: &Workbook,
    chapter: &Chapter,
) -> Vec<(String, String)> {
    let files = [chapter.solution()].into_iter();
    let files = files.chain(workbook.other_answers(chapter));
    files.map(|file| (file.clone(), stem(&file).to_owned())).collect()
}

/// The lazy bodies of a chapter: the file of each, and its module.
pub fn lazy_bodies(workbook: &Workbook, chapter: &Chapter) -> Vec<(String, String)> {
    let files = workbook.sources(&format!("{}/lazy", chapter.mistakes()));
    let module = |file: &String| format!("lazy::{}", stem(file));
    files.into_iter().map(|file| (file.clone(), module(&file))).collect()
}

impl<'a> Material<'a> {
    /// Reads the files of a chapter.
    ///
    /// # Errors
    ///
    /// One of them cannot be read.
    pub fn read(
        workbook: &'a Workbook,
        chapter: &'a Chapter,
    ) -> Result<Self, Error> {
        let all = |files: Vec<(String, String)>| -> Result<Vec<Source>, Error> {
            let read = |(file, module)| Source::read(workbook, file, module);
            files.into_iter().map(read).collect()
        };
        let stub = Source::read(workbook, chapter.stub(), "stub".to_owned())?;
        let suite_files = suite_files(workbook, chapter)?;
        let texts = suite_files.iter().map(|(file, text)| (&**file, &**text));
        let suite = suite::read(texts, &chapter.name)?;
        let page_text = workbook.read(&chapter.page())?;
        let as_written = mistake::all(workbook, chapter)?;
        Ok(Self {
            workbook,
            chapter,
            rules: contract::rules(&stub.text),
            stub,
            answers: all(right_answers(workbook, chapter))?,
            mistakes: as_written.iter().map(Source::of).collect(),
            as_written,
            lazy: all(lazy_bodies(workbook, chapter))?,
            suite_files,
            suite,
            page: page::read(&page_text),
            page_text,
        })
    }

    /// Every answer of the chapter, right and wrong, and the stub.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        let all = self.answers.iter().chain(&self.mistakes);
        all.chain(&self.lazy).chain([&self.stub])
    }

    /// Every name that the right answers use.
    pub fn words_of_answers(&self) -> BTreeSet<String> {
        let answers = self.answers.iter();
        answers.flat_map(|answer| rust::words(answer.tokens())).collect()
    }
}

fn suite_files(
    workbook: &Workbook,
    chapter: &Chapter,
) -> Result<Vec<(String, String)>, Error> {
    let what = format!("cannot read the suite of {}", chapter.name);
    let files =
        layout::suite(&workbook.root, &chapter.name).map_err(Error::io(what))?;
    let read = |file: String| Ok((file.clone(), workbook.read(&file)?));
    files.into_iter().map(read).collect()
}
