//! The preprocessor, for our own builds and for a stock `mdbook build`.

use std::io::{Read, Write};

use mdbook_preprocessor::{
    Preprocessor, PreprocessorContext,
    book::{Book, BookItem},
    errors::Error,
};

use crate::{
    expand::Expander,
    page,
    problem::{BookError, none_of},
    summary,
    workbook::Workbook,
};

/// Expands our directives in every page.
pub struct Pages;

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
        render_all(&Workbook::load(root)?, &source, &mut book)?;
        Ok(book)
    }

    fn supports_renderer(&self, renderer: &str) -> Result<bool, Error> {
        Ok(renderer == "html")
    }
}

fn render_all(
    workbook: &Workbook,
    source: &str,
    book: &mut Book,
) -> Result<(), BookError> {
    let expander = Expander::new(workbook);
    let mut problems = summary::check(workbook, source, &summary::entries(book));
    book.for_each_mut(|item| {
        let BookItem::Chapter(chapter) = item else {
            return;
        };
        let Some(path) = &chapter.source_path else {
            return;
        };
        let path = path.to_string_lossy().replace('\\', "/");
        let about = path.strip_suffix(".md").and_then(|name| workbook.chapter(name));
        let file = format!("book/{source}/{path}");
        match page::render(&chapter.content, &file, about, &expander) {
            Ok(content) => chapter.content = content,
            Err(wrong) => problems.extend(wrong),
        }
    });
    if problems.is_empty() {
        problems = expander.unused_anchors();
    }
    none_of(problems)
}

/// Answers mdBook's protocol: a book on `input`, the expanded book on `output`.
///
/// # Errors
///
/// When the input is not a book or the pages are wrong.
pub fn answer(input: impl Read, output: impl Write) -> Result<(), Error> {
    let (context, book) = mdbook_preprocessor::parse_input(input)?;
    serde_json::to_writer(output, &Pages.run(&context, book)?)?;
    Ok(())
}
