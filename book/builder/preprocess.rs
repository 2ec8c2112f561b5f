//! The preprocessor, for our own builds and for a stock `mdbook build`.

use std::{
    io::{Read, Write},
    sync::{Arc, Mutex, PoisonError},
};

use mdbook_preprocessor::{
    Preprocessor, PreprocessorContext,
    book::{Book, BookItem},
    errors::Error,
};

use crate::{
    problem::{Problem, none_of},
    render::render,
    sources::Sources,
    summary,
};

/// Expands our directives in every page.
#[derive(Debug, Default)]
pub struct Pages {
    tolerated: Option<Tolerated>,
}

/// The problems that did not stop a build.
#[derive(Debug, Clone, Default)]
pub struct Tolerated(Arc<Mutex<Vec<Problem>>>);

impl Tolerated {
    /// Takes the problems out.
    pub fn take(&self) -> Vec<Problem> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Pages {
    /// Puts every problem into `tolerated` instead of stopping the build.
    pub fn tolerant(tolerated: Tolerated) -> Self {
        Self { tolerated: Some(tolerated) }
    }
}

impl Preprocessor for Pages {
    fn name(&self) -> &'static str {
        "workbook"
    }

    fn run(
        &self,
        context: &PreprocessorContext,
        mut book: Book,
    ) -> Result<Book, Error> {
        let root = context.root.canonicalize()?;
        let root = root.parent().unwrap_or(&root);
        let source = context.config.book.src.to_string_lossy().replace('\\', "/");
        let problems = render_all(&Sources::load(root)?, &source, &mut book);
        match &self.tolerated {
            None => none_of(problems)?,
            Some(Tolerated(list)) => {
                list.lock().unwrap_or_else(PoisonError::into_inner).extend(problems);
            }
        }
        Ok(book)
    }

    fn supports_renderer(&self, renderer: &str) -> Result<bool, Error> {
        Ok(renderer == "html")
    }
}

fn render_all(sources: &Sources, folder: &str, book: &mut Book) -> Vec<Problem> {
    let entries = summary::entries(book);
    let mut problems = summary::check(&sources.workbook, folder, &entries);
    book.for_each_mut(|item| {
        let BookItem::Chapter(chapter) = item else {
            return;
        };
        let Some(path) = &chapter.source_path else {
            return;
        };
        let path = path.to_string_lossy().replace('\\', "/");
        let name = path.strip_suffix(".md").unwrap_or_default();
        let about = sources.chapter(name).ok();
        let file = format!("book/{folder}/{path}");
        let (content, wrong) = render(&chapter.content, &file, about, sources);
        chapter.content = content;
        problems.extend(wrong);
    });
    if problems.is_empty() {
        problems = sources.unused_anchors();
        problems.extend(sources.glossary.unused());
    }
    problems
}

/// Answers mdBook's protocol: a book on `input`, the expanded book on `output`.
///
/// # Errors
///
/// When the input is not a book or the pages are wrong.
pub fn answer(input: impl Read, output: impl Write) -> Result<(), Error> {
    let (context, book) = mdbook_preprocessor::parse_input(input)?;
    serde_json::to_writer(output, &Pages::default().run(&context, book)?)?;
    Ok(())
}
