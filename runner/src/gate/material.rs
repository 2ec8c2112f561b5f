//! Everything the gate reads about one chapter, read once.

use crate::{
    Chapter, Error, Workbook, contract,
    header::Headers,
    modules::{self, Module},
    page::{self, Page},
    suite::{self, Suite},
    workbook::stem,
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
    /// The lazy bodies.
    pub lazy: Vec<Source>,
    /// The suite's text.
    pub suite_text: String,
    /// The suite's structure.
    pub suite: Suite,
    /// The page's text.
    pub page_text: String,
    /// The page's structure.
    pub page: Page,
    /// The rules of the stub.
    pub rules: Vec<(usize, String)>,
    /// The modules of `mistakes/NAME/main.rs`.
    pub wrong_modules: Vec<Module>,
    /// The modules of `solutions/answer_key.rs`.
    pub answer_modules: Vec<Module>,
}

/// One file of Rust.
#[derive(Debug)]
pub struct Source {
    /// The file, from the root.
    pub file: String,
    /// Its stem.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its headers.
    pub headers: Headers,
}

/// The file with the `mod` lines of the right answers.
pub const ANSWER_KEY: &str = "solutions/answer_key.rs";

impl Source {
    fn read(workbook: &Workbook, file: String) -> Result<Self, Error> {
        let text = workbook.read(&file)?;
        Ok(Self {
            name: stem(&file).to_owned(),
            headers: Headers::read(&text),
            file,
            text,
        })
    }

    fn all(workbook: &Workbook, files: Vec<String>) -> Result<Vec<Self>, Error> {
        files.into_iter().map(|file| Self::read(workbook, file)).collect()
    }
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
        let stub = Source::read(workbook, chapter.stub())?;
        let mut answers = vec![Source::read(workbook, chapter.solution())?];
        let others = workbook.sources(&format!("solutions/{}", chapter.name));
        answers.extend(Source::all(workbook, others)?);
        let folder = chapter.mistakes();
        let suite_text = workbook.read(&chapter.suite())?;
        let page_text = workbook.read(&chapter.page())?;
        let wrong_main = workbook.read(&format!("{folder}/main.rs"))?;
        Ok(Self {
            workbook,
            chapter,
            rules: contract::rules(&stub.text),
            stub,
            answers,
            mistakes: Source::all(workbook, workbook.wrong_answers(chapter))?,
            lazy: Source::all(
                workbook,
                workbook.sources(&format!("{folder}/lazy")),
            )?,
            suite: suite::read(&suite_text, &chapter.name),
            suite_text,
            page: page::read(&page_text),
            page_text,
            wrong_modules: modules::read(&wrong_main),
            answer_modules: modules::read(&workbook.read(ANSWER_KEY)?),
        })
    }

    /// The module path of a file in the mistakes binary or in the answer key.
    pub fn module(&self, source: &Source) -> Option<&str> {
        let wrong = format!("{}/", self.chapter.mistakes());
        let (modules, file) = match source.file.strip_prefix(&wrong) {
            Some(file) => (&self.wrong_modules, file),
            None => (&self.answer_modules, source.file.strip_prefix("solutions/")?),
        };
        let module = modules.iter().find(|module| module.file == file)?;
        Some(&module.path)
    }
}
